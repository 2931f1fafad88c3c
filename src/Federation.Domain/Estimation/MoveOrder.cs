using System.Collections.Immutable;

namespace Federation.Domain.Estimation;

/// <summary>An order of migrations in which every site has room at every step: a VM takes its new seat before it frees its old one.</summary>
/// <remarks>VMs that are nowhere yet start when all moves are done, so that VMs can make way for them.</remarks>
public static class MoveOrder
{
    // Which moves are done fits in a word up to here; beyond, the first dead end is taken as the answer.
    private const int MostForFullSearch = 20;

    /// <summary>
    /// The VMs that migrate, in order; empty if none does, null if no order keeps capacity and quotas. Of the moves that have room, the one
    /// that leaves the least traffic cut goes first. Complete up to 20 moves; beyond, a dead end is not searched around.
    /// </summary>
    public static ImmutableArray<int>? Find(PlacementProblem problem, int[] assignment)
    {
        var moving = Enumerable.Range(0, assignment.Length)
            .Where(vm => problem.Moves(vm, problem.Seats[assignment[vm]])).ToList();
        if (moving.Count == 0)
        {
            return [];
        }

        var search = new Search(problem, assignment, moving);
        return search.Run() ? [.. search.Order] : null;
    }

    private sealed class Search
    {
        private readonly PlacementProblem problem;
        private readonly int[] target;
        private readonly int[] now;
        private readonly SeatLedger ledger;
        private readonly List<int> left;
        private readonly HashSet<long> deadEnds = [];

        public Search(PlacementProblem problem, int[] assignment, List<int> moving)
        {
            (this.problem, target, left) = (problem, assignment, moving);
            ledger = new(problem);
            now = new int[assignment.Length];
            for (var vm = 0; vm < now.Length; vm++)
            {
                // A VM that is nowhere yet starts after the moves: until then it takes no room, and its traffic goes where it will be.
                var runs = problem.CurrentSeats[vm] != PlacementProblem.Nowhere;
                now[vm] = runs ? problem.CurrentSeats[vm] : assignment[vm];
                if (runs)
                {
                    ledger.Take(now[vm]);
                }
            }
        }

        public List<int> Order { get; } = [];

        public bool Run()
        {
            if (left.Count == Order.Count)
            {
                return true;
            }

            var searchable = left.Count <= MostForFullSearch;
            if (searchable && deadEnds.Contains(Done()))
            {
                return false;
            }

            foreach (var vm in left.Where(vm => now[vm] != target[vm]).OrderBy(CutAfter).ThenBy(vm => vm).ToList())
            {
                if (!ledger.HasRoom(target[vm]))
                {
                    continue;
                }

                Move(vm, target[vm]);
                Order.Add(vm);
                if (Run())
                {
                    return true;
                }

                if (!searchable)
                {
                    return false;
                }

                Order.RemoveAt(Order.Count - 1);
                Move(vm, problem.CurrentSeats[vm]);
            }

            if (searchable)
            {
                deadEnds.Add(Done());
            }

            return false;
        }

        private long Done() => Order.Sum(vm => 1L << left.IndexOf(vm));

        private void Move(int vm, int seat)
        {
            ledger.Free(now[vm]);
            ledger.Take(seat);
            now[vm] = seat;
        }

        // Bytes per second that cross sites at this VM once it has moved, less those that cross there now.
        private double CutAfter(int vm) => Cut(vm, target[vm]) - Cut(vm, now[vm]);

        private double Cut(int vm, int seat) =>
            problem.Inflows[vm].Concat(problem.Outflows[vm])
                .Where(flow => problem.Seats[now[flow.Source]].SiteIndex != problem.Seats[seat].SiteIndex)
                .Sum(flow => flow.BytesPerSecond);
    }
}
