using System.Collections.Immutable;
using Federation.Domain.Estimation;
using Federation.Domain.Refusals;

namespace Federation.Domain.Plans;

/// <summary>The VMs that cannot stay as they are: they are nowhere, or a constraint forbids them their place. All others can, and move for gain alone.</summary>
internal static class Unsettled
{
    /// <summary>Their numbers; empty: all can stay; all: what forbids it is the whole application's (its deadline, its budget, a link that its traffic needs).</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="closes">Whether those are counted that have to leave later, because their site closes before the run ends.</param>
    public static ImmutableSortedSet<int> Of(PlacementProblem problem, bool closes)
    {
        var vms = Enumerable.Range(0, problem.VmCount).ToList();
        var loose = vms.Where(vm => problem.CurrentSeats[vm] is var seat && (seat == PlacementProblem.Nowhere || !problem.Candidates[vm].Contains(seat)
            || (closes && PlacementRules.SecondsAvailable(problem, problem.Seats[seat].Site) < problem.RemainingSeconds))).ToImmutableSortedSet();
        return !loose.IsEmpty || !problem.IsPlaced || Evaluated.Staying(problem)!.Verdict.Refusal is not { } refusal ? loose : OfTogether(problem, refusal, vms, closes);
    }

    // Each may be where it is by itself: what they break together.
    private static ImmutableSortedSet<int> OfTogether(PlacementProblem problem, Refusal refusal, List<int> vms, bool closes) => refusal.Code switch
    {
        RefusalCode.AvailabilityTooShort => closes ? [.. vms.Where(vm => Site(problem, vm) == refusal.Arguments.Site)] : [],
        RefusalCode.QuotaCoreHours => [.. vms.Where(vm => Site(problem, vm) == refusal.Arguments.Site)],
        RefusalCode.AffinityTogether or RefusalCode.AffinityApart or RefusalCode.AffinityCrowded =>
        [
            .. problem.Together.Where(set => set.Select(vm => Site(problem, vm)).Distinct().Count() > 1).SelectMany(set => set),
            .. problem.Apart.Where(spread => spread.Vms.Select(vm => Site(problem, vm)).Distinct().Count() < spread.Sites).SelectMany(spread => spread.Vms),
            .. problem.Apart.SelectMany(spread => spread.Vms.GroupBy(vm => Site(problem, vm)).Where(here => here.Count() > spread.MostAtOne)).SelectMany(here => here),
        ],
        _ => [.. vms],
    };

    private static Identity.SiteId Site(PlacementProblem problem, int vm) => problem.Seats[problem.CurrentSeats[vm]].Site.Id;
}
