using Federation.Domain.Estimation;
using Federation.Domain.Plans;

namespace Federation.Benchmarks.Rivals;

/// <summary>Looks at every assignment of a small problem, one after another.</summary>
public static class EveryPlacement
{
    /// <summary>The feasible assignment with the smallest figure; null if none is feasible. Ties: the first.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="figure">What is minimised; null: the assignment is out of the question.</param>
    public static Evaluated? Best(PlacementProblem problem, Func<int[], double?> figure)
    {
        Evaluated? best = null;
        var smallest = double.PositiveInfinity;
        var at = new int[problem.VmCount];
        int[] assignment = [.. problem.Candidates.Select(seats => seats[0])];
        do
        {
            // Rules are looked at only where the figure is better: most assignments never get so far.
            if (figure(assignment) is { } found && found < smallest * (1 - 1e-12)
                && Evaluated.Of(problem, [.. assignment]) is { Verdict.IsFeasible: true } evaluated)
            {
                (best, smallest) = (evaluated, found);
            }
        }
        while (Advance(problem, at, assignment));

        return best;
    }

    /// <summary>The objective's primary value, as the domain estimates it.</summary>
    public static Func<int[], double?> TrueValue(PlacementProblem problem) => assignment =>
        PlacementEstimator.Estimate(problem, assignment) is { } estimate
            ? ObjectiveValue.Of(problem.View.Application.Objective, estimate).Primary
            : null;

    private static bool Advance(PlacementProblem problem, int[] at, int[] assignment)
    {
        for (var vm = 0; vm < at.Length; vm++)
        {
            at[vm] = (at[vm] + 1) % problem.Candidates[vm].Length;
            assignment[vm] = problem.Candidates[vm][at[vm]];
            if (at[vm] > 0)
            {
                return true;
            }
        }

        return false;
    }
}
