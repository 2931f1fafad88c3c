using Federation.Domain.Estimation;

namespace Federation.Domain.Plans;

/// <summary>Tries every assignment where there are few, which proves what it finds, and leaves all else to another solver.</summary>
/// <remarks>A wanted move leaves one VM its offers and the others what they have: a search would look for more until its time is over, and prove nothing.</remarks>
internal sealed class FewChoices(IPlacementSolver other) : IPlacementSolver
{
    private const double Most = 256;

    /// <inheritdoc/>
    public SolverAnswer Solve(PlacementProblem problem, SolverOptions options, CancellationToken cancel)
    {
        if (problem.Candidates.Aggregate(1.0, (choices, seats) => choices * seats.Length) > Most)
        {
            return other.Solve(problem, options, cancel);
        }

        Evaluated? best = null;
        foreach (var assignment in Assignments(problem))
        {
            cancel.ThrowIfCancellationRequested();
            var placed = Evaluated.Of(problem, assignment);
            best = placed.Verdict.IsFeasible && (best is null || placed.Value.IsBetterThan(best.Value)) ? placed : best;
        }

        return best is null
            ? new(PlanStatus.Infeasible, [], null, "all tried")
            : new(PlanStatus.Optimal, [.. best.Assignment], best.Value.Primary, "all tried");
    }

    // Counts through the candidates of all VMs as through the digits of a number.
    private static IEnumerable<int[]> Assignments(PlacementProblem problem)
    {
        var digits = new int[problem.VmCount];
        do
        {
            yield return [.. digits.Select((digit, vm) => problem.Candidates[vm][digit])];
        }
        while (CountOn(problem, digits));
    }

    private static bool CountOn(PlacementProblem problem, int[] digits)
    {
        for (var vm = 0; vm < digits.Length; vm++)
        {
            if (++digits[vm] < problem.Candidates[vm].Length)
            {
                return true;
            }

            digits[vm] = 0;
        }

        return false;
    }
}
