using System.Collections.Immutable;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Sites;

namespace Federation.Domain.Costs;

/// <summary>What a placement costs as time passes, with the prices and the traffic of one view.</summary>
internal sealed class CostRates
{
    private const double BytesPerGB = 1e9;
    private readonly PlacementProblem problem;
    private readonly Dictionary<Location, Offer> offers;
    private readonly Dictionary<SiteId, int> sites;

    public CostRates(PlacementView view)
    {
        offers = view.Sites.SelectMany(site => site.Offers.Concat(site.Withdrawn).Select(offer => (At: new Location(site.Id, offer.Name), offer)))
            .DistinctBy(pair => pair.At).ToDictionary(pair => pair.At, pair => pair.offer);
        // A place that is described no more has no price, and is no reason to know nothing of the others.
        var application = view.Application with { Vms = [.. view.Application.Vms.Select(vm => vm.At is { } at && !offers.ContainsKey(at) ? vm with { At = null } : vm)] };
        problem = new(view with { Application = application });
        sites = problem.Sites.Select((site, index) => (site.Id, index)).ToDictionary(pair => pair.Id, pair => pair.index);
    }

    /// <summary>What the VMs cost from an instant on, by site; whether some of it is not known.</summary>
    /// <param name="placement">Where each VM is, in the application's order; null: nowhere.</param>
    /// <param name="from">The first instant.</param>
    /// <param name="seconds">How long.</param>
    public (ImmutableSortedDictionary<SiteId, SiteCost> Sites, bool IsPartial) Over(IReadOnlyList<Location?> placement, DateTimeOffset from, double seconds)
    {
        var (costs, isPartial) = (ImmutableSortedDictionary<SiteId, SiteCost>.Empty, false);
        for (var vm = 0; vm < placement.Count; vm++)
        {
            if (placement[vm] is not { } at)
            {
                continue;
            }

            var hosting = Hosting(at, from, seconds);
            isPartial |= hosting is null;
            costs = CostSlice.Plus(costs, at.Site, new(hosting ?? 0, sites.TryGetValue(at.Site, out var site) ? Traffic(placement, vm, site) * seconds : 0, 0));
        }

        return (costs, isPartial);
    }

    /// <summary>What an offer costs from an instant on; null: that is not known.</summary>
    public double? Hosting(Location at, DateTimeOffset from, double seconds) => offers.TryGetValue(at, out var offer) ? offer.Price.Over(from, seconds) : null;

    /// <summary>What bytes from a site to another cost; what has no link costs nothing.</summary>
    public double Egress(SiteId from, SiteId to, double bytes) =>
        from != to && sites.TryGetValue(from, out var source) && sites.TryGetValue(to, out var target) && problem.LinkBetween(source, target) is { } link
            ? bytes / BytesPerGB * (double)link.EgressPerGB
            : 0;

    // A second of what a VM sends, and of both ways with endpoints.
    private double Traffic(IReadOnlyList<Location?> placement, int vm, int site)
    {
        var perGigasecond = (problem.BytesPerSecondOutside[vm] * (double)problem.Sites[site].Network.InternetEgressPerGB) + problem.Endpoints.MoneyPerGigasecond(vm, site);
        foreach (var flow in problem.Outflows[vm])
        {
            if (placement[flow.Source] is { } there && sites.TryGetValue(there.Site, out var other) && problem.LinkBetween(site, other) is { } link)
            {
                perGigasecond += flow.BytesPerSecond * (double)link.EgressPerGB;
            }
        }

        return perGigasecond / BytesPerGB;
    }
}
