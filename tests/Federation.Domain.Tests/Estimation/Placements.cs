using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Plans;

namespace Federation.Domain.Tests.Estimation;

/// <summary>Placements by name.</summary>
internal static class Placements
{
    public static int[] Seats(this PlacementProblem problem, IEnumerable<Location> placement) =>
        [.. placement.Select(location => problem.Seats.Single(seat => seat.Location == location).Index)];

    public static Evaluated Evaluate(this PlacementView view, params Location[] placement)
    {
        var problem = new PlacementProblem(view);
        return Evaluated.Of(problem, problem.Seats(placement));
    }

    /// <summary>The first constraint that a placement violates, its name alone; null if there is none.</summary>
    public static string? BrokenRule(this PlacementView view, params Location[] placement) =>
        view.Evaluate(placement).Verdict.Refusal?.ToString() is { } reason ? reason[..reason.IndexOf(':', StringComparison.Ordinal)] : null;
}
