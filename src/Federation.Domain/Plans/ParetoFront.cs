using System.Collections.Immutable;
using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;

namespace Federation.Domain.Plans;

/// <summary>A handful of placements between the cheapest and the quickest. Holds a collection: compared by reference.</summary>
/// <remarks>
/// Epsilon-constraint: the cheapest and the quickest first, then the cheapest under deadlines evenly between the two. Every point holds all
/// constraints of the application, its own deadline and budget included; what moving costs is in its cost. Margins are no part of it: whether a
/// placement is worth its moves is for who looks at the front. Nor are stops and leaving later: every point is reached directly and kept to the end.
/// </remarks>
/// <param name="Application">Whose placements.</param>
/// <param name="MadeAt">The moment that it was made for.</param>
/// <param name="Vms">The VMs, in the application's order.</param>
/// <param name="Staying">The terms of staying; null if a VM is nowhere yet, or staying breaks a constraint.</param>
/// <param name="Points">The cheapest first, none better in both than another; empty if no placement was found.</param>
public sealed record ParetoFront(
    AppId Application, DateTimeOffset MadeAt, ImmutableArray<VmId> Vms, PlacementEstimate? Staying, ImmutableArray<ParetoPoint> Points)
{
    /// <summary>How many points are looked for where nobody says.</summary>
    public const int DefaultPoints = 5;

    /// <summary>The fewest that may be asked for: the cheapest and the quickest.</summary>
    public const int FewestPoints = 2;

    /// <summary>The most that may be asked for.</summary>
    public const int MostPoints = 20;

    /// <summary>Looks for the front.</summary>
    /// <param name="view">The world at one moment; its application's objective does not matter.</param>
    /// <param name="solver">Who looks for each point.</param>
    /// <param name="options">How it looks; the time limit is for all points together.</param>
    /// <param name="points">How many points at most, <see cref="FewestPoints"/> to <see cref="MostPoints"/>.</param>
    /// <param name="cancel">Ends the search with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer points, or more.</exception>
    public static ParetoFront Of(
        PlacementView view, IPlacementSolver solver, SolverOptions options, int points, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, FewestPoints);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(points, MostPoints);
        var each = options with { TimeLimit = TimeSpan.FromTicks(Math.Max(1, options.TimeLimit.Ticks / points)) };
        ParetoPoint? Solve(Objective objective, double? deadline) => PointOf(view, objective, deadline, solver, each, cancel);

        var cheapest = Solve(Objective.Cost, null);
        var quickest = Solve(Objective.Time, null);
        var found = new List<ParetoPoint?> { cheapest, quickest };
        if (cheapest is not null && quickest is not null && quickest.Terms.TimeSeconds < cheapest.Terms.TimeSeconds)
        {
            var step = (cheapest.Terms.TimeSeconds - quickest.Terms.TimeSeconds) / (points - 1);
            found.AddRange(Enumerable.Range(1, points - 2)
                .Select(i => Solve(Objective.Cost, quickest.Terms.TimeSeconds + (i * step))));
        }

        var stay = Evaluated.Staying(new(view));
        return new(
            view.Application.Id, view.Now, [.. view.Application.Vms.Select(vm => vm.Id)],
            stay is { Verdict.IsFeasible: true } ? stay.Estimate : null, Undominated([.. found.OfType<ParetoPoint>()]));
    }

    private static ParetoPoint? PointOf(
        PlacementView view, Objective objective, double? deadline, IPlacementSolver solver, SolverOptions options, CancellationToken cancel)
    {
        var problem = new PlacementProblem(view with { Application = Asking(view.Application, objective, deadline) });
        if (problem.Candidates.Any(seats => seats.IsEmpty))
        {
            return null;
        }

        var answer = solver.Solve(problem, options, cancel);
        return answer.Assignment.IsEmpty || PlacementEstimator.Estimate(problem, answer.Assignment.AsSpan()) is not { } terms
            ? null
            : new(
                terms, answer.Status, answer.Assignment.Index().Count(seat => problem.Moves(seat.Index, problem.Seats[seat.Item])),
                problem.Locations(answer.Assignment));
    }

    private static Application Asking(Application application, Objective objective, double? seconds)
    {
        var deadline = seconds is { } limit ? TimeSpan.FromTicks((long)Math.Ceiling(limit * TimeSpan.TicksPerSecond)) : TimeSpan.MaxValue;
        return application with
        {
            Objective = objective,
            Prefer = [],
            Deadline = seconds is null || application.Deadline < deadline ? application.Deadline : deadline,
        };
    }

    private static ImmutableArray<ParetoPoint> Undominated(ParetoPoint[] found)
    {
        var front = ImmutableArray.CreateBuilder<ParetoPoint>();
        foreach (var point in found.OrderBy(point => point.Terms.Cost).ThenBy(point => point.Terms.TimeSeconds))
        {
            if (front.Count == 0 || point.Terms.TimeSeconds < front[^1].Terms.TimeSeconds)
            {
                front.Add(point);
            }
        }

        return front.ToImmutable();
    }
}
