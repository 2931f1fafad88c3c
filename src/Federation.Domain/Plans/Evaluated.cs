using Federation.Domain.Estimation;

namespace Federation.Domain.Plans;

/// <summary>An assignment with its estimate and its verdict.</summary>
/// <param name="Assignment">Each VM's seat.</param>
/// <param name="Estimate">Its terms; null if it cannot be estimated.</param>
/// <param name="Verdict">Whether it holds every constraint.</param>
/// <param name="Value">How good it is; meaningless without an estimate.</param>
public sealed record Evaluated(int[] Assignment, PlacementEstimate? Estimate, Verdict Verdict, ObjectiveValue Value)
{
    /// <summary>Evaluates an assignment in full.</summary>
    public static Evaluated Of(PlacementProblem problem, int[] assignment)
    {
        var estimate = PlacementEstimator.Estimate(problem, assignment);
        return new(
            assignment,
            estimate,
            PlacementRules.Check(problem, assignment, estimate),
            estimate is { } terms ? ObjectiveValue.Of(problem.View.Application.Objective, terms) : default);
    }

    /// <summary>Evaluates leaving every VM where it is; null if one is nowhere yet.</summary>
    public static Evaluated? Staying(PlacementProblem problem) =>
        problem.IsPlaced ? Of(problem, [.. problem.CurrentSeats]) : null;
}
