using System.Collections.Immutable;
using Federation.Domain.Estimation;
using Federation.Domain.Refusals;

namespace Federation.Domain.Plans;

/// <summary>VMs that are nowhere come to an application that runs: what its running VMs would gain by moving is held against the best placement in which they stay.</summary>
/// <param name="Vms">The VMs that are nowhere.</param>
/// <param name="Rest">The best course in which those that run stay; null: none is known.</param>
internal sealed record Arrival(NameList Vms, Course? Rest)
{
    // VMs and pairs that are gone through, over all moves that are taken back.
    private const long MostWork = 2_000_000;

    // The rest of the time is for the search in which all may move.
    private const double TimeShare = 0.4;

    /// <summary>The arrival in a view; null: all VMs run, or none does.</summary>
    public static Arrival? Of(PlacementView view, IPlacementSolver solver, SolverOptions options, CancellationToken cancel)
    {
        var vms = view.Application.Vms;
        if (vms.All(vm => vm.At is null) || vms.All(vm => vm.At is not null))
        {
            return null;
        }

        var still = new PlacementProblem(view with { CoolingDown = vms.Where(vm => vm.At is not null).ToImmutableSortedDictionary(vm => vm.Id, _ => DateTimeOffset.MaxValue) });
        var rest = new CourseSearch(still, solver, options with { TimeLimit = options.TimeLimit * TimeShare }, cancel).Run().Best;
        return new(NameList.Of(vms.Where(vm => vm.At is null).Select(vm => vm.Id)), rest);
    }

    /// <summary>Whether some that run have to make room.</summary>
    public bool MakesRoom { get; private init; }

    /// <summary>What is left of the time.</summary>
    public static SolverOptions Left(SolverOptions options) => options with { TimeLimit = options.TimeLimit * (1 - TimeShare) };

    /// <summary>The arrival after the search in which all may move.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="best">The best course found.</param>
    public Arrival After(PlacementProblem problem, Course best) => Rest is null ? this with { Rest = LeastMoves(problem, best), MakesRoom = true }
        : best.Outcome.Value.IsBetterThan(Rest.Outcome.Value) && Movers(problem, best.Outcome.Assignment).Count == 0 ? this with { Rest = best }
        : this;

    /// <summary>The reasons of the course that was chosen, the decisive one first.</summary>
    public ImmutableArray<PlanReason> Why(PlacementProblem problem, Course chosen, MigrationDecision decision) =>
    [
        new PlanReason.FirstPlacement(PlanTerms.Of(problem, chosen.Outcome.Estimate!.Value)),
        .. MakesRoom ? [new PlanReason.MakesRoom(Vms)] : Array.Empty<PlanReason>(),
        .. decision.Why.Where(reason => reason is not (PlanReason.NothingBetter or PlanReason.FirstPlacement)),
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
