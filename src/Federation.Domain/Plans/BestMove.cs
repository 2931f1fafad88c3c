using Federation.Domain.Estimation;

namespace Federation.Domain.Plans;

/// <summary>The best placement other than staying, for an application that is best off where it is.</summary>
/// <remarks>
/// Every other placement has some VM at another site, or on another offer of its own. So one problem is solved for each VM, in which that one may not
/// stay: with a solver that proves what it says, the best of their answers is the best of all.
/// </remarks>
internal static class BestMove
{
    /// <summary>With more VMs it is not looked for: as many problems, each of that size, take too long for what they tell.</summary>
    public const int MostVms = 12;

    // Of the time limit, for all of them together.
    private const double TimeShare = 0.2;

    /// <summary>Looks for it; null if there are too many VMs, or no other placement was found that holds every constraint.</summary>
    public static Evaluated? Of(PlacementProblem problem, IPlacementSolver solver, SolverOptions options, CancellationToken cancel)
    {
        if (problem.VmCount > MostVms)
        {
            return null;
        }

        var quick = options with { TimeLimit = options.TimeLimit * (TimeShare / problem.VmCount) };
        Evaluated? best = null;
        for (var vm = 0; vm < problem.VmCount; vm++)
        {
            var moved = Without(problem, vm);
            var answer = moved.Candidates.Any(seats => seats.IsEmpty) ? null : solver.Solve(moved, quick, cancel);
            if (answer is { Assignment.IsEmpty: false } && Evaluated.Of(problem, [.. answer.Assignment]) is { Verdict.IsFeasible: true } found
                && (best is null || found.Value.IsBetterThan(best.Value)))
            {
                best = found;
            }
        }

        return best;
    }

    // The same problem, where one VM may not stay as it is; its seats have the same numbers.
    private static PlacementProblem Without(PlacementProblem problem, int vm) => new(problem.View with { Elsewhere = problem.View.Application.Vms[vm].Id });
}
