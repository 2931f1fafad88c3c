using Federation.Domain.Estimation;
using Federation.Domain.Identity;

namespace Federation.Planning.Tests.Oracle;

/// <summary>Placements by name, as a problem numbers them.</summary>
public static class Seats
{
    public static int[] Of(PlacementProblem problem, IEnumerable<Location> placement) =>
        [.. placement.Select(location => problem.Seats.Single(seat => seat.Location == location).Index)];
}
