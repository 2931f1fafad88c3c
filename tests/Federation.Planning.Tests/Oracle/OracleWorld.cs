using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Domain.Traffic;

namespace Federation.Planning.Tests.Oracle;

/// <summary>A view read the slow way: names looked up each time, nothing prepared.</summary>
public sealed class OracleWorld(PlacementView view)
{
    public PlacementView View => view;

    public Application Application => view.Application;

    /// <summary>T0.</summary>
    public Rational Remaining => view.Application.Remaining;

    public Site SiteNamed(SiteId id) => view.Sites.Single(site => site.Id == id);

    public Offer OfferAt(Location location) => SiteNamed(location.Site).Offers.Single(offer => offer.Name == location.Offer);

    public static bool Arrives(VmSpec vm, Location to) => vm.At?.Site != to.Site;

    /// <summary>To another site, or to another offer of its own: then it restarts.</summary>
    public static bool Moves(VmSpec vm, Location to) => vm.At is { } at && at != to;

    /// <summary>Latency and bandwidth from one site to another or within one; null without a link.</summary>
    public (Rational Latency, Rational Bandwidth)? Network(SiteId from, SiteId to)
    {
        if (from == to)
        {
            var network = SiteNamed(from).Network;
            return (network.LatencySeconds, network.BytesPerSecond);
        }

        return SiteNamed(from).Links.TryGetValue(to, out var link) ? (link.LatencySeconds, link.BytesPerSecond) : null;
    }

    /// <summary>How often a second a VM waits for another.</summary>
    public Rational WaitsPerSecond(VmSpec source, VmSpec destination) => WaitsPerSecond(view.Traffic[source.Id, destination.Id], view.Traffic[destination.Id, source.Id]);

    private Rational WaitsPerSecond(Flow flow, Flow back)
    {
        if (view.Application.PacketsPerExchange is { } packets)
        {
            return (Rational)flow.Packets / packets / view.Traffic.Period;
        }

        var (streamed, wholeFrames, acknowledged) = ((Rational)flow.Bytes / 20_000, (Rational)flow.Bytes / 1514, (Rational)back.Bytes / (2 * 1514));
        return (streamed + Rational.Max(flow.Packets - wholeFrames - acknowledged, 0)) / view.Traffic.Period;
    }

    public Rational BytesPerSecond(VmSpec source, VmSpec destination) =>
        (Rational)view.Traffic[source.Id, destination.Id].Bytes / view.Traffic.Period;

    public Rational BytesPerSecondOutside(VmSpec source) =>
        (view.Traffic.SentOutside.TryGetValue(source.Id, out var flow) ? (Rational)flow.Bytes / view.Traffic.Period : 0)
        + view.Traffic.SentToEndpoints.Where(sent => sent.Key.Vm == source.Id && SiteOfEndpoint(sent.Key.Endpoint) is null)
            .Select(sent => (Rational)sent.Value.Bytes / view.Traffic.Period).Sum();

    /// <summary>Each endpoint that a VM exchanges with and whose site is known: the site, and waits and bytes per second from it, and bytes to it.</summary>
    public IEnumerable<(SiteId Site, Rational Waits, Rational Bytes, Rational Sent)> Endpoints(VmSpec vm) =>
        from endpoint in view.Application.Endpoints
        where SiteOfEndpoint(endpoint.Name) is not null
        let pair = new EndpointPair(vm.Id, endpoint.Name)
        let received = view.Traffic.ReceivedFromEndpoints.GetValueOrDefault(pair)
        let sent = view.Traffic.SentToEndpoints.GetValueOrDefault(pair)
        select (endpoint.Site, WaitsPerSecond(received, sent), (Rational)received.Bytes / view.Traffic.Period, (Rational)sent.Bytes / view.Traffic.Period);

    /// <summary>Whether a link is missing between a site and an endpoint that a VM exchanges with.</summary>
    public bool LacksEndpointLink(VmSpec vm, SiteId at) => view.Application.Endpoints.Any(endpoint =>
    {
        var pair = new EndpointPair(vm.Id, endpoint.Name);
        return SiteOfEndpoint(endpoint.Name) is not null
            && ((!view.Traffic.SentToEndpoints.GetValueOrDefault(pair).IsNone && Network(at, endpoint.Site) is null)
                || (!view.Traffic.ReceivedFromEndpoints.GetValueOrDefault(pair).IsNone && Network(endpoint.Site, at) is null));
    });

    private SiteId? SiteOfEndpoint(string name) =>
        view.Application.Endpoints.Single(endpoint => endpoint.Name == name).Site is var site && view.Sites.Any(known => known.Id == site) ? site : null;

    /// <summary>Null: there is no link, or neither a live nor a cold move can be made over it, or no restart may be.</summary>
    public OracleMigration? Migration(VmSpec vm, Location to) =>
        !Arrives(vm, to) ? Application.Restarts is { } restarts ? new(0, restarts.Boot, restarts.Boot, restarts.LostWork, IsCold: true) : null
        : Network(vm.At!.Value.Site, to.Site) is { } network
            ? OracleMigration.Of(vm, view.Application, SiteNamed(vm.At.Value.Site), SiteNamed(to.Site), network.Bandwidth, view.PreCopy)
            : null;
}
