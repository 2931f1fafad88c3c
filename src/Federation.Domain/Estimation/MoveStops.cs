using System.Collections.Immutable;

namespace Federation.Domain.Estimation;

/// <summary>Orders moves that wait for each other in a circle, by letting VMs stop at a third site on their way.</summary>
/// <remarks>
/// Greedy: moves what has room; where nothing has, the stop that costs least of those that let another VM move. It is asked only where
/// <see cref="MoveOrder"/> finds no order without a stop. O(moves x (moves + seats)) for each stop.
/// </remarks>
internal sealed class MoveStops
{
    private readonly PlacementProblem problem;
    private readonly int[] target;
    private readonly int[] now;
    private readonly SeatLedger ledger;
    private readonly List<int> left;
    private readonly List<Leg> legs = [];

    private MoveStops(PlacementProblem problem, int[] assignment)
    {
        (this.problem, target) = (problem, assignment);
        ledger = SeatLedger.OfRunning(problem);
        now = [.. problem.CurrentSeats];
        left = [.. Enumerable.Range(0, now.Length).Where(vm => problem.Moves(vm, problem.Seats[assignment[vm]]))];
    }

    /// <summary>The legs in order, those of a VM with a stop being two; null if no such order was found.</summary>
    public static ImmutableArray<Leg>? Find(PlacementProblem problem, int[] assignment) => new MoveStops(problem, assignment).Run();

    private ImmutableArray<Leg>? Run()
    {
        while (left.Count > 0)
        {
            var next = left.FindIndex(vm => ledger.HasRoom(target[vm]));
            if (next >= 0)
            {
                Move(left[next], target[left[next]]);
                left.RemoveAt(next);
            }
            else if (CheapestStop() is { } stop)
            {
                Move(stop.Vm, stop.To);
            }
            else
            {
                return null;
            }
        }

        return [.. legs];
    }

    private Leg? CheapestStop()
    {
        Leg? best = null;
        var least = double.PositiveInfinity;
        foreach (var vm in left.Where(vm => now[vm] == problem.CurrentSeats[vm]))
        {
            foreach (var seat in problem.Candidates[vm].Where(seat => ledger.HasRoom(seat)))
            {
                if (Price(vm, seat) is { } price && price < least && LetsAnotherMove(vm, seat))
                {
                    (best, least) = (new(vm, now[vm], seat), price);
                }
            }
        }

        return best;
    }

    // Egress of both legs, and the stop's hosting while the second lasts; null if it cannot be.
    private double? Price(int vm, int stop)
    {
        var (from, by, to) = (problem.Seats[now[vm]], problem.Seats[stop], problem.Seats[target[vm]]);
        if (by.SiteIndex == from.SiteIndex || by.SiteIndex == to.SiteIndex || from.SiteIndex == to.SiteIndex || by.Site.Policy.MigrationsOut == 0
            || !by.Site.Policy.AcceptsDepartureAt(problem.View.Now)
            || problem.MigrationBetween(vm, from.SiteIndex, by.SiteIndex) is not { } first
            || problem.MigrationBetween(vm, by.SiteIndex, to.SiteIndex) is not { } second)
        {
            return null;
        }

        return (first.Bytes * Egress(from, by)) + (second.Bytes * Egress(by, to))
            + by.Offer.Price.Over(problem.View.Now, first.DurationSeconds + second.DurationSeconds);
    }

    private double Egress(Seat from, Seat to) => (double)problem.LinkBetween(from.SiteIndex, to.SiteIndex)!.Value.EgressPerGB / 1e9;

    private bool LetsAnotherMove(int vm, int stop)
    {
        ledger.Free(now[vm]);
        ledger.Take(stop);
        var lets = left.Exists(other => other != vm && ledger.HasRoom(target[other]));
        ledger.Free(stop);
        ledger.Take(now[vm]);
        return lets;
    }

    private void Move(int vm, int seat)
    {
        legs.Add(new(vm, now[vm], seat));
        ledger.Free(now[vm]);
        ledger.Take(seat);
        now[vm] = seat;
    }
}
