using System.Collections.Immutable;
using Federation.Domain.Refusals;
using Federation.Domain.Traffic;

namespace Federation.Domain.Estimation;

/// <summary>What a VM exchanges with the endpoints at one site, as rates.</summary>
/// <param name="Site">The site's number.</param>
/// <param name="Received">What the VM receives from there; its source is none.</param>
/// <param name="Sent">What it sends there; its source is none.</param>
public readonly record struct EndpointFlow(int Site, Inflow Received, Inflow Sent)
{
    /// <summary>Whether the VM receives anything from there.</summary>
    public bool Receives => Received is { WaitsPerSecond: > 0 } or { BytesPerSecond: > 0 };

    /// <summary>Whether the VM sends anything there.</summary>
    public bool Sends => Sent is { WaitsPerSecond: > 0 } or { BytesPerSecond: > 0 };
}

/// <summary>What each VM exchanges with endpoints: time and money that depend on the VM's own site alone. Immutable.</summary>
/// <remarks>
/// An endpoint whose site is none of the federation is somewhere on the internet: what is sent to it counts as sent outside. An endpoint waits for nothing: only
/// what a VM receives makes it run longer; both ways fill the link and are billed as the link's egress.
/// </remarks>
public sealed class EndpointTraffic
{
    private readonly PlacementProblem problem;

    internal EndpointTraffic(PlacementProblem problem)
    {
        this.problem = problem;
        var view = problem.View;
        var (seconds, places) = (view.Traffic.Period.TotalSeconds, problem.Sites.Select((site, index) => (site.Id, index)).ToDictionary(entry => entry.Id, entry => entry.index));
        var siteOf = view.Application.Endpoints.Where(endpoint => places.ContainsKey(endpoint.Site)).ToDictionary(endpoint => endpoint.Name, endpoint => places[endpoint.Site]);
        var (toEndpoints, fromEndpoints) = (view.Traffic.SentToEndpoints, view.Traffic.ReceivedFromEndpoints);
        var (sent, received) = (toEndpoints.ToLookup(flow => flow.Key.Vm), fromEndpoints.ToLookup(flow => flow.Key.Vm));
        Of = [.. view.Application.Vms.Select(vm => siteOf.Count == 0 ? [] : FlowsOf(sent[vm.Id], received[vm.Id]))];
        BytesPerSecondElsewhere = [.. view.Application.Vms.Select(vm => sent[vm.Id].Where(flow => !siteOf.ContainsKey(flow.Key.Endpoint)).Sum(flow => flow.Value.Bytes) / seconds)];

        ImmutableArray<EndpointFlow> FlowsOf(IEnumerable<KeyValuePair<EndpointPair, Flow>> sends, IEnumerable<KeyValuePair<EndpointPair, Flow>> receives) =>
        [
            .. sends.Select(flow => (flow.Key.Endpoint, Rate: Rate(flow.Value, fromEndpoints.GetValueOrDefault(flow.Key)), IsSent: true))
                .Concat(receives.Select(flow => (flow.Key.Endpoint, Rate: Rate(flow.Value, toEndpoints.GetValueOrDefault(flow.Key)), IsSent: false)))
                .Where(flow => siteOf.ContainsKey(flow.Endpoint) && flow.Rate.BytesPerSecond + flow.Rate.WaitsPerSecond > 0).GroupBy(flow => siteOf[flow.Endpoint]).OrderBy(at => at.Key)
                .Select(at => new EndpointFlow(at.Key, Sum(at.Where(flow => !flow.IsSent).Select(flow => flow.Rate)), Sum(at.Where(flow => flow.IsSent).Select(flow => flow.Rate)))),
        ];

        Inflow Rate(Flow flow, Flow back) => new(PlacementProblem.Nowhere, Waits.Of(flow, back, view.Application.PacketsPerExchange) / seconds, flow.Bytes / seconds);

        static Inflow Sum(IEnumerable<Inflow> rates) => rates.Aggregate(
            new Inflow(PlacementProblem.Nowhere, 0, 0), (sum, rate) => new(sum.Source, sum.WaitsPerSecond + rate.WaitsPerSecond, sum.BytesPerSecond + rate.BytesPerSecond));
    }

    /// <summary>Each VM's exchanges, in the application's order, by site.</summary>
    public ImmutableArray<ImmutableArray<EndpointFlow>> Of { get; }

    /// <summary>What each VM sends to endpoints whose site nobody knows.</summary>
    public ImmutableArray<double> BytesPerSecondElsewhere { get; }

    /// <summary>The time that a VM at a site spends on what it receives from endpoints, over the whole remaining time; what has no link takes none.</summary>
    public double ReceiveSeconds(int vm, int site)
    {
        double seconds = 0;
        foreach (var flow in Of[vm])
        {
            seconds += ReceiveSeconds(flow, site);
        }

        return seconds;
    }

    /// <summary>What the links bill for a VM at a site, both ways, in currency per 10^9 seconds; what has no link costs nothing.</summary>
    public double MoneyPerGigasecond(int vm, int site)
    {
        double money = 0;
        foreach (var flow in Of[vm])
        {
            money += MoneyPerGigasecond(flow, site);
        }

        return money;
    }

    /// <summary>The same of one flow.</summary>
    public double ReceiveSeconds(EndpointFlow flow, int site) => flow.Receives && problem.LinkBetween(flow.Site, site) is { } link ? problem.ReceiveSeconds(flow.Received, link) : 0;

    /// <summary>The same of one flow.</summary>
    public double MoneyPerGigasecond(EndpointFlow flow, int site) => (Egress(site, flow.Site) * flow.Sent.BytesPerSecond) + (Egress(flow.Site, site) * flow.Received.BytesPerSecond);

    /// <summary>Why a VM cannot be at a site: a link is missing to or from an endpoint that it exchanges with; null: none is.</summary>
    public Refusal? Against(int vm, int site)
    {
        foreach (var flow in Of[vm])
        {
            var (isCut, back) = (flow.Sends && problem.LinkBetween(site, flow.Site) is null, flow.Receives && problem.LinkBetween(flow.Site, site) is null);
            if (isCut || back)
            {
                var (from, to) = isCut ? (site, flow.Site) : (flow.Site, site);
                var names = problem.View.Application.Endpoints.Where(endpoint => endpoint.Site == problem.Sites[flow.Site].Id).Select(endpoint => endpoint.Name);
                return Refusal.LinkForEndpoint(problem.Sites[from].Id, problem.Sites[to].Id, problem.View.Application.Vms[vm].Id, names);
            }
        }

        return null;
    }

    private double Egress(int from, int to) => problem.LinkBetween(from, to) is { } link ? (double)link.EgressPerGB : 0;
}
