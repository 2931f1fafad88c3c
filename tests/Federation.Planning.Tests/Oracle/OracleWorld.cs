using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Sites;

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

    public static bool Moves(VmSpec vm, Location to) => vm.At is not null && Arrives(vm, to);

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

    public Rational PacketsPerSecond(VmSpec source, VmSpec destination) =>
        (Rational)view.Traffic[source.Id, destination.Id].Packets / view.Traffic.Period;

    public Rational BytesPerSecond(VmSpec source, VmSpec destination) =>
        (Rational)view.Traffic[source.Id, destination.Id].Bytes / view.Traffic.Period;

    public Rational BytesPerSecondOutside(VmSpec source) =>
        view.Traffic.SentOutside.TryGetValue(source.Id, out var flow) ? (Rational)flow.Bytes / view.Traffic.Period : 0;

    /// <summary>Null: there is no link, or neither a live nor a cold move can be made over it.</summary>
    public OracleMigration? Migration(VmSpec vm, Location to) =>
        Network(vm.At!.Value.Site, to.Site) is { } network
            ? OracleMigration.Of(vm, view.Application, SiteNamed(vm.At.Value.Site), SiteNamed(to.Site), network.Bandwidth, view.PreCopy)
            : null;
}
