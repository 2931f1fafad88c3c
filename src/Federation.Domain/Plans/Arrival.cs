using System.Collections.Immutable;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Plans;

/// <summary>
/// Some VMs of an application that runs are nowhere, or cannot stay where they are: what the others would gain by moving is held against the best
/// placement in which they stay.
/// </summary>
/// <param name="Vms">The VMs without a place where they could stay.</param>
/// <param name="Loose">The same by number.</param>
/// <param name="Rest">The best course in which all others stay; null: none is known.</param>
internal sealed record Arrival(NameList Vms, ImmutableSortedSet<int> Loose, Course? Rest)
{
    // VMs and pairs that are gone through, over all moves that are taken back.
    private const long MostWork = 2_000_000;

    // The rest of the time is for the search in which all may move.
    private const double TimeShare = 0.4;

    /// <summary>The arrival in a view; null: every VM can stay, or none can.</summary>
    public static Arrival? Of(PlacementView view, IPlacementSolver solver, SolverOptions options, CancellationToken cancel)
    {
        var vms = view.Application.Vms;
        var loose = Unsettled.Of(new(view), closes: true);
        if (loose.IsEmpty || loose.Count == vms.Length)
        {
            return null;
        }

        var still = new PlacementProblem(view with
        {
            CoolingDown = view.CoolingDown.RemoveRange(loose.Select(vm => vms[vm].Id)),
            Seated = [.. vms.Where((_, i) => !loose.Contains(i)).Select(vm => vm.Id)],
            Application = view.Application with { Vms = [.. vms.Select((vm, i) => loose.Contains(i) ? vm : vm with { Sites = [vm.At!.Value.Site] })] },
        });
        var rest = Futures.Find(still, solver, options with { TimeLimit = options.TimeLimit * TimeShare }, cancel).Best;
        return new(NameList.Of(loose.Select(vm => vms[vm].Id)), loose, rest);
    }

    /// <summary>Which VMs still cool down: with a course in which the others stay, only those that need not move; without one, none.</summary>
    public ImmutableSortedDictionary<VmId, DateTimeOffset> CoolingDown(PlacementView view) =>
        Rest is null ? view.CoolingDown.Clear() : view.CoolingDown.RemoveRange(Loose.Select(vm => view.Application.Vms[vm].Id));

    /// <summary>Whether some that run have to make room.</summary>
    public bool MakesRoom { get; private init; }

    /// <summary>What is left of the time.</summary>
    public static SolverOptions Left(SolverOptions options) => options with { TimeLimit = options.TimeLimit * (1 - TimeShare) };

    /// <summary>The arrival after the search in which all may move.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="best">The best course found.</param>
    public Arrival After(PlacementProblem problem, Course best) => Rest is null ? this with { Rest = LeastMoves(problem, best), MakesRoom = true }
        : best.Outcome.Value.IsBetterThan(Rest.Outcome.Value) && Movers(problem, best.Outcome.Assignment).TrueForAll(Loose.Contains) ? this with { Rest = best }
        : this;

    /// <summary>The reasons of the course that was chosen, the decisive one first.</summary>
    public ImmutableArray<PlanReason> Why(PlacementProblem problem, Course chosen, MigrationDecision decision) =>
    [
        .. problem.IsPlaced
            ? MigrationDecision.Between(problem, Evaluated.Staying(problem), chosen.Outcome, chosen.LaterMoves).Why
            : [new PlanReason.FirstPlacement(PlanTerms.Of(problem, chosen.Outcome.Estimate!.Value))],
        .. MakesRoom ? [new PlanReason.MakesRoom(Vms)] : Array.Empty<PlanReason>(),
        .. decision.Why.Where(reason => reason is not (PlanReason.NothingBetter or PlanReason.FirstPlacement or PlanReason.StayingImpossible) && (!problem.IsPlaced || reason is PlanReason.Gain)),
    ];

    // A course with as many of its moves taken back as can be, many at once and then one by one; null: it goes by stops, or leaves again.
    private static Course? LeastMoves(PlacementProblem problem, Course best)
    {
        var kept = best.Outcome;
        if (best.Departure is not null || !Evaluated.Of(problem, kept.Assignment).Verdict.IsFeasible)
        {
            return null;
        }

        var left = MostWork / (problem.VmCount + problem.Inflows.Sum(flows => flows.Length));
        for (var size = Math.Max(1, Movers(problem, kept.Assignment).Count / 2); size > 0 && left > 0; size /= 2)
        {
            foreach (var part in Movers(problem, kept.Assignment).Chunk(size))
            {
                if (left-- > 0 && Evaluated.Of(problem, Back(problem, kept.Assignment, part)) is { Verdict.IsFeasible: true } fewer)
                {
                    kept = fewer;
                }
            }
        }

        return Course.To(problem, kept);
    }

    private static int[] Back(PlacementProblem problem, int[] assignment, int[] vms)
    {
        int[] back = [.. assignment];
        foreach (var vm in vms)
        {
            back[vm] = problem.CurrentSeats[vm];
        }

        return back;
    }

    private static List<int> Movers(PlacementProblem problem, int[] assignment) =>
        [.. Enumerable.Range(0, problem.VmCount).Where(vm => problem.CurrentSeats[vm] is not PlacementProblem.Nowhere and var now && now != assignment[vm])];
}
