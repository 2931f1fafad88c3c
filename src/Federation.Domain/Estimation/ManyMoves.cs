using System.Collections.Immutable;

namespace Federation.Domain.Estimation;

/// <summary>An order for more moves than can be searched one by one.</summary>
/// <remarks>
/// Moves to sites that have room for all who come, whoever leaves, stand in nobody's way: they go first, in O(pairs log moves). The others
/// are searched by how many of each kind (from one seat to another) are done, with a memory for dead ends, up to a bound: complete where it
/// is not reached.
/// </remarks>
internal sealed class ManyMoves
{
    private const int MostNodes = 50_000;

    private readonly PlacementProblem problem;
    private readonly int[] target;
    private readonly int[] now;
    private readonly SeatLedger ledger;
    private readonly List<int> moving;
    private readonly List<int> order = [];

    /// <summary>Prepares to order the moves of some VMs to their seats in an assignment.</summary>
    public ManyMoves(PlacementProblem problem, int[] assignment, List<int> moving)
    {
        (this.problem, target, this.moving) = (problem, assignment, moving);
        ledger = SeatLedger.OfRunning(problem);
        now = [.. problem.CurrentSeats.Select((seat, vm) => seat == PlacementProblem.Nowhere ? assignment[vm] : seat)];
    }

    /// <summary>The order; null if none was found.</summary>
    public ImmutableArray<int>? Find()
    {
        var contended = moving.GroupBy(vm => problem.Seats[target[vm]].SiteIndex)
            .Where(coming => !ledger.HasRoomFor([.. coming.Select(vm => target[vm])]))
            .SelectMany(coming => coming).ToHashSet();
        TakeFree([.. moving.Where(vm => !contended.Contains(vm))]);
        return new Search(this, [.. moving.Where(contended.Contains)]).Run() ? [.. order] : null;
    }

    // Lazily: a VM whose figures have changed is in the queue more than once, and what is out of date is dropped when it comes up.
    private void TakeFree(List<int> free)
    {
        var groups = new MoveGroups(problem, free);
        var version = new int[problem.VmCount];
        var left = free.ToHashSet();
        var queue = new PriorityQueue<(int Vm, int Version), (bool Waits, double Cut, int Vm)>();
        free.ForEach(Enqueue);
        while (queue.TryDequeue(out var next, out _))
        {
            if (next.Version != version[next.Vm] || !left.Remove(next.Vm))
            {
                continue;
            }

            Move(next.Vm);
            var touched = problem.Inflows[next.Vm].Concat(problem.Outflows[next.Vm]).Select(flow => flow.Source)
                .Concat(groups.Add(next.Vm, 1) ? groups.MembersOf(next.Vm) : []);
            foreach (var vm in touched.Where(left.Contains))
            {
                Enqueue(vm);
            }
        }

        void Enqueue(int vm) => queue.Enqueue(
            (vm, ++version[vm]), (!groups.HasBegun(vm), MoveGroups.CutAfter(problem, now, vm, target[vm]), vm));
    }

    private void Move(int vm)
    {
        ledger.Free(now[vm]);
        ledger.Take(target[vm]);
        now[vm] = target[vm];
        order.Add(vm);
    }

    private void Back(int vm)
    {
        ledger.Free(now[vm]);
        now[vm] = problem.CurrentSeats[vm];
        ledger.Take(now[vm]);
        order.RemoveAt(order.Count - 1);
    }

    /// <summary>Depth first over how many of each kind of move are done; its own stack, as there may be thousands.</summary>
    private sealed class Search
    {
        private readonly ManyMoves moves;
        private readonly (int From, int To, int[] Vms)[] kinds;
        private readonly int[] done;
        private readonly int count;
        private readonly HashSet<UInt128> deadEnds = [];
        private readonly UInt128[] weights;
        private readonly HashSet<int> awaitedSites;

        public Search(ManyMoves moves, List<int> contended)
        {
            this.moves = moves;
            count = contended.Count;
            kinds = [.. contended.GroupBy(vm => (From: moves.now[vm], To: moves.target[vm])).OrderBy(kind => kind.Key)
                .Select(kind => (kind.Key.From, kind.Key.To, kind.ToArray()))];
            done = new int[kinds.Length];
            awaitedSites = [.. contended.Select(vm => moves.problem.Seats[moves.target[vm]].SiteIndex)];
            // Sums of random numbers tell states apart; two that did agree by chance would only hide an order.
            var random = new Random(1);
            weights = [.. kinds.Select(_ => new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64()))];
        }

        public bool Run()
        {
            var stack = new Stack<Queue<int>>();
            var taken = new Stack<int>();
            stack.Push(Choices());
            for (var nodes = 0; taken.Count < count && nodes < MostNodes;)
            {
                if (stack.Peek().TryDequeue(out var kind))
                {
                    nodes++;
                    Take(kind);
                    taken.Push(kind);
                    stack.Push(deadEnds.Contains(State()) ? new() : Choices());
                    continue;
                }

                deadEnds.Add(State());
                stack.Pop();
                if (taken.Count == 0)
                {
                    return false;
                }

                var last = taken.Pop();
                moves.Back(kinds[last].Vms[--done[last]]);
            }

            return taken.Count == count;
        }

        // Those that make way for others first, then what cuts the least traffic.
        private Queue<int> Choices() => new(Enumerable.Range(0, kinds.Length)
            .Where(kind => done[kind] < kinds[kind].Vms.Length && moves.ledger.HasRoom(kinds[kind].To))
            .OrderByDescending(kind => awaitedSites.Contains(moves.problem.Seats[kinds[kind].From].SiteIndex))
            .ThenBy(kind => MoveGroups.CutAfter(moves.problem, moves.now, kinds[kind].Vms[done[kind]], kinds[kind].To)).ThenBy(kind => kind));

        private void Take(int kind) => moves.Move(kinds[kind].Vms[done[kind]++]);

        private UInt128 State()
        {
            UInt128 state = 0;
            for (var kind = 0; kind < kinds.Length; kind++)
            {
                state += weights[kind] * (UInt128)(uint)done[kind];
            }

            return state;
        }
    }
}
