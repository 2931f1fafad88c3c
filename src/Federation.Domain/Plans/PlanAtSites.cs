using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Sites;

namespace Federation.Domain.Plans;

/// <summary>What a plan does at each site that it touches: what the site's administrators approve.</summary>
public static class PlanAtSites
{
    /// <summary>By site. Moves that come later are a plan of their own when their time has come.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="nowhere">The VMs that it starts.</param>
    public static ImmutableSortedDictionary<SiteId, PlanAtSite> Of(Plan plan, IReadOnlySet<VmId> nowhere)
    {
        // From host to host of one site nothing arrives, and nothing departs.
        var moves = plan.Steps.RemoveAll(step => step.IsWithinSite);
        var arrivals = plan.Placement.Where(vm => nowhere.Contains(vm.Vm)).Select(vm => (vm.Vm, At: vm.Location))
            .Concat(moves.Select(step => (step.Vm, At: step.To))).Distinct().ToLookup(vm => vm.At.Site);
        var departures = moves.Select(step => (step.Vm, step.From.Site)).Distinct().ToLookup(vm => vm.Site, vm => vm.Vm);
        return arrivals.Select(site => site.Key).Concat(departures.Select(site => site.Key)).Distinct().ToImmutableSortedDictionary(
            site => site,
            site => new PlanAtSite(
                [.. arrivals[site].Select(vm => new ArrivingVm(vm.Vm, vm.At.Offer)).OrderBy(vm => vm.Vm)],
                [.. departures[site].Order()],
                PlanReasonText.Of(plan.Why[0])));
    }
}
