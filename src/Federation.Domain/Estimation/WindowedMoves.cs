using System.Collections.Immutable;
using Federation.Domain.Clocks;
using Federation.Domain.Refusals;

namespace Federation.Domain.Estimation;

/// <summary>The migrations to a placement with their times, where every one begins while both of its sites and its application let it: windows are looked at at each step's own instant.</summary>
/// <remarks>
/// The order of <see cref="MoveOrder"/> first. Where a later step would begin after a window has closed, other orders are tried: all of them up to
/// <see cref="MostForAllOrders"/> moves, beyond that the one in which what has to leave soonest goes first.
/// </remarks>
public static class WindowedMoves
{
    /// <summary>Up to how many moves every order is tried.</summary>
    public const int MostForAllOrders = 6;

    private const int QuartersOfDay = 96;

    /// <summary>The migrations of an assignment that has an order of moves; null if there is none, or none that keeps the windows.</summary>
    public static ImmutableArray<ScheduledMove>? Find(PlacementProblem problem, int[] assignment)
    {
        if (MoveOrder.Find(problem, assignment) is not { } order)
        {
            return null;
        }

        var moves = Scheduled(problem, assignment, order);
        return !problem.HasWindows || moves.IsEmpty || Against(problem, moves) is null ? moves
            : order.Length <= MostForAllOrders ? OfAllOrders(problem, assignment, [.. order])
            : ByHaste(problem, assignment, order);
    }

    /// <summary>What stands against the first move that would begin while a site, or the application's quiet hours, do not let it; null: nothing does.</summary>
    public static Refusal? Against(PlacementProblem problem, IEnumerable<ScheduledMove> moves)
    {
        foreach (var move in moves)
        {
            var (from, to, at) = (problem.Seats[move.Leg.From].Site, problem.Seats[move.Leg.To].Site, problem.View.Now.After(move.StartSeconds));
            if (problem.View.IsQuiet(problem.View.Application.Vms[move.Leg.Vm].Id, at))
            {
                return Refusal.QuietHours(problem.View.Application.Vms[move.Leg.Vm].Id, at);
            }

            if (from.Id == to.Id)
            {
                continue;
            }

            if (!from.Policy.AcceptsDepartureAt(at))
            {
                return Refusal.DepartureWindowClosed(from.Id, at);
            }

            if (!to.Policy.AcceptsArrivalAt(at))
            {
                return Refusal.ArrivalWindowClosed(to.Id, at);
            }
        }

        return null;
    }

    private static ImmutableArray<ScheduledMove> Scheduled(PlacementProblem problem, int[] assignment, IEnumerable<int> order) =>
        MoveSchedule.Of(problem, [.. order.Select(vm => new Leg(vm, problem.CurrentSeats[vm], assignment[vm]))]);

    private static ImmutableArray<ScheduledMove>? OfAllOrders(PlacementProblem problem, int[] assignment, List<int> left)
    {
        var (ledger, order) = (SeatLedger.OfRunning(problem), new List<int>());
        return Try();

        ImmutableArray<ScheduledMove>? Try()
        {
            if (left.Count == 0)
            {
                return Scheduled(problem, assignment, order);
            }

            foreach (var vm in left.Where(vm => ledger.HasRoom(assignment[vm])).ToList())
            {
                Move(vm);
                // What was late stays late, whatever comes after it.
                var found = Against(problem, Scheduled(problem, assignment, order)) is null ? Try() : null;
                if (found is not null)
                {
                    return found;
                }

                Back(vm);
            }

            return null;
        }

        void Move(int vm)
        {
            left.Remove(vm);
            order.Add(vm);
            ledger.Free(problem.CurrentSeats[vm]);
            ledger.Take(assignment[vm]);
        }

        void Back(int vm)
        {
            ledger.Free(assignment[vm]);
            ledger.Take(problem.CurrentSeats[vm]);
            order.RemoveAt(order.Count - 1);
            left.Add(vm);
        }
    }

    private static ImmutableArray<ScheduledMove>? ByHaste(PlacementProblem problem, int[] assignment, ImmutableArray<int> order)
    {
        var ledger = SeatLedger.OfRunning(problem);
        var hasty = order.OrderBy(vm => OpenFor(problem, problem.CurrentSeats[vm], assignment[vm])).ToList();
        foreach (var vm in hasty)
        {
            if (!ledger.HasRoom(assignment[vm]))
            {
                return null;
            }

            ledger.Free(problem.CurrentSeats[vm]);
            ledger.Take(assignment[vm]);
        }

        var moves = Scheduled(problem, assignment, hasty);
        return Against(problem, moves) is null ? moves : null;
    }

    // Until when both sites let a move begin, to the quarter of an hour and within a day: only who goes first depends on it.
    private static int OpenFor(PlacementProblem problem, int from, int to)
    {
        // No window holds who restarts.
        if (problem.Seats[from].SiteIndex == problem.Seats[to].SiteIndex)
        {
            return QuartersOfDay;
        }

        var (here, there) = (problem.Seats[from].Site.Policy, problem.Seats[to].Site.Policy);
        var quarter = 0;
        while (quarter < QuartersOfDay && problem.View.Now.AddMinutes(15 * quarter) is var at && here.AcceptsDepartureAt(at) && there.AcceptsArrivalAt(at))
        {
            quarter++;
        }

        return quarter;
    }
}
