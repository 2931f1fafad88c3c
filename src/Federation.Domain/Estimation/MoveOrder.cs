using System.Collections.Immutable;

namespace Federation.Domain.Estimation;

/// <summary>An order of migrations in which every site has room at every step: a VM takes its new seat before it frees its old one.</summary>
/// <remarks>VMs that are nowhere yet start after the last move, when those that have to make way for them have gone.</remarks>
public static class MoveOrder
{
    // Which moves are done fits in a word up to here.
    private const int MostForFullSearch = 20;

    /// <summary>
    /// The VMs that migrate, in order; empty if none does, null if no order keeps capacity and quotas. Of the moves that have room, those of a
    /// group that has begun to move go first, then the one that leaves the least traffic cut. Complete up to 20 moves; beyond, as far as
    /// <see cref="ManyMoves"/> looks.
    /// </summary>
    public static ImmutableArray<int>? Find(PlacementProblem problem, int[] assignment)
    {
        var moving = Moving(problem, assignment);
        if (moving.Count == 0)
        {
            return [];
        }

        if (moving.Count > MostForFullSearch)
        {
            return new ManyMoves(problem, assignment, moving).Find();
        }

        var search = new Search(problem, assignment, moving);
        return search.Run() ? [.. search.Order] : null;
    }

    /// <summary>The VMs whose migration has no room once all that have room were made, one after another; those moves may be taken back.</summary>
    public static ImmutableArray<int> Stuck(PlacementProblem problem, int[] assignment) =>
        new StuckMoves(problem, assignment, Moving(problem, assignment)).Find();

    private static List<int> Moving(PlacementProblem problem, int[] assignment) =>
        [.. Enumerable.Range(0, assignment.Length).Where(vm => problem.Moves(vm, problem.Seats[assignment[vm]]))];

    private sealed class Search
    {
        private readonly PlacementProblem problem;
        private readonly int[] target;
        private readonly int[] now;
        private readonly SeatLedger ledger;
        private readonly List<int> left;
        private readonly HashSet<long> deadEnds = [];
        private readonly MoveGroups groups;

        public Search(PlacementProblem problem, int[] assignment, List<int> moving)
        {
            (this.problem, target, left) = (problem, assignment, moving);
            groups = new(problem, moving);
            ledger = SeatLedger.OfRunning(problem);
            now = [.. problem.CurrentSeats.Select((seat, vm) => seat == PlacementProblem.Nowhere ? assignment[vm] : seat)];
        }

        public List<int> Order { get; } = [];

        public bool Run()
        {
            if (left.Count == Order.Count)
            {
                return true;
            }

            if (deadEnds.Contains(Done()))
            {
                return false;
            }

            foreach (var vm in left.Where(vm => now[vm] != target[vm])
                .OrderByDescending(groups.HasBegun).ThenBy(CutAfter).ThenBy(vm => vm).ToList())
            {
                if (!ledger.HasRoom(target[vm]))
                {
                    continue;
                }

                Move(vm, target[vm]);
                Order.Add(vm);
                groups.Add(vm, 1);
                if (Run())
                {
                    return true;
                }

                groups.Add(vm, -1);
                Order.RemoveAt(Order.Count - 1);
                Move(vm, problem.CurrentSeats[vm]);
            }

            deadEnds.Add(Done());
            return false;
        }

        private long Done() => Order.Sum(vm => 1L << left.IndexOf(vm));

        private void Move(int vm, int seat)
        {
            ledger.Free(now[vm]);
            ledger.Take(seat);
            now[vm] = seat;
        }

        private double CutAfter(int vm) => MoveGroups.CutAfter(problem, now, vm, target[vm]);
    }
}
