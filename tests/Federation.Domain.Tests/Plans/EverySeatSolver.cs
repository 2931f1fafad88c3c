using Federation.Domain.Estimation;
using Federation.Domain.Plans;

namespace Federation.Domain.Tests.Plans;

/// <summary>Tries every assignment and takes the best; for a handful of VMs.</summary>
internal sealed class EverySeatSolver : IPlacementSolver
{
    public SolverAnswer Solve(PlacementProblem problem, SolverOptions options, CancellationToken cancel)
    {
        Evaluated? best = null;
        foreach (var assignment in Assignments(problem))
        {
            var candidate = Evaluated.Of(problem, assignment);
            if (candidate.Verdict.IsFeasible && (best is null || candidate.Value.IsBetterThan(best.Value)))
            {
                best = candidate;
            }
        }

        return best is null
            ? new(PlanStatus.Infeasible, [], null, "every seat")
            : new(PlanStatus.Optimal, [.. best.Assignment], best.Value.Primary, "every seat");
    }

    /// <summary>Every way to give each VM a seat.</summary>
    public static IEnumerable<int[]> Assignments(PlacementProblem problem) => Assignments(problem, 0, []);

    private static IEnumerable<int[]> Assignments(PlacementProblem problem, int vm, int[] taken) => vm == problem.VmCount
        ? [taken]
        : problem.Candidates[vm].SelectMany(seat => Assignments(problem, vm + 1, [.. taken, seat]));
}

/// <summary>Gives the answer that it was told.</summary>
internal sealed class FixedSolver(SolverAnswer answer) : IPlacementSolver
{
    public SolverAnswer Solve(PlacementProblem problem, SolverOptions options, CancellationToken cancel) => answer;
}
