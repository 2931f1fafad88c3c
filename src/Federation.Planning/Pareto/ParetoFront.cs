using System.Collections.Immutable;
using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Plans;

namespace Federation.Planning.Pareto;

/// <summary>A handful of placements between the cheapest and the quickest.</summary>
/// <remarks>
/// Epsilon-constraint: the cheapest and the quickest first, then the cheapest under deadlines evenly between the two. Every point holds all
/// constraints of the application, its own deadline and budget included; what moving costs is in its cost. Margins are no part of it: whether a
/// placement is worth its moves is for who looks at the front.
/// </remarks>
public static class ParetoFront
{
    /// <summary>The front, the cheapest first, at most so many points, none better in both than another; empty if no placement was found.</summary>
    /// <param name="view">The world at one moment; its application's objective does not matter.</param>
    /// <param name="solver">Who looks for each point.</param>
    /// <param name="options">How it looks; the time limit is for all points together.</param>
    /// <param name="points">How many, at least 2.</param>
    /// <param name="cancel">Ends the search with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 2 points.</exception>
    public static ImmutableArray<ParetoPoint> Of(
        PlacementView view, IPlacementSolver solver, SolverOptions options, int points, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 2);
        var each = options with { TimeLimit = TimeSpan.FromTicks(Math.Max(1, options.TimeLimit.Ticks / points)) };
        var cheapest = Solve(view, Objective.Cost, null, solver, each, cancel);
        var quickest = Solve(view, Objective.Time, null, solver, each, cancel);
        var found = new List<ParetoPoint?> { cheapest, quickest };
        if (cheapest is not null && quickest is not null && quickest.TimeSeconds < cheapest.TimeSeconds)
        {
            var step = (cheapest.TimeSeconds - quickest.TimeSeconds) / (points - 1);
            found.AddRange(Enumerable.Range(1, points - 2).Select(i =>
                Solve(view, Objective.Cost, quickest.TimeSeconds + (i * step), solver, each, cancel)));
        }

        return Undominated([.. found.OfType<ParetoPoint>()]);
    }

    private static ParetoPoint? Solve(
        PlacementView view, Objective objective, double? deadline, IPlacementSolver solver, SolverOptions options, CancellationToken cancel)
    {
        var problem = new PlacementProblem(view with { Application = Asking(view.Application, objective, deadline) });
        if (problem.Candidates.Any(seats => seats.IsEmpty))
        {
            return null;
        }

        var answer = solver.Solve(problem, options, cancel);
        if (answer.Assignment.IsEmpty || PlacementEstimator.Estimate(problem, answer.Assignment.AsSpan()) is not { } terms)
        {
            return null;
        }

        return new(terms.Cost, terms.TimeSeconds, answer.Status, problem.Locations(answer.Assignment));
    }

    private static Application Asking(Application application, Objective objective, double? seconds)
    {
        var deadline = seconds is { } limit ? TimeSpan.FromTicks((long)Math.Ceiling(limit * TimeSpan.TicksPerSecond)) : TimeSpan.MaxValue;
        return application with
        {
            Objective = objective,
            Deadline = seconds is null || application.Deadline < deadline ? application.Deadline : deadline,
        };
    }

    private static ImmutableArray<ParetoPoint> Undominated(ParetoPoint[] found)
    {
        var front = ImmutableArray.CreateBuilder<ParetoPoint>();
        foreach (var point in found.OrderBy(point => point.Cost).ThenBy(point => point.TimeSeconds))
        {
            if (front.Count == 0 || point.TimeSeconds < front[^1].TimeSeconds)
            {
                front.Add(point);
            }
        }

        return front.ToImmutable();
    }
}
