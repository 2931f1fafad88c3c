using System.Collections.Immutable;

namespace Federation.Domain.Estimation;

/// <summary>The order of many migrations: of those that have room the one that leaves the least traffic cut, until none has room.</summary>
/// <remarks>O((moves + their pairs) x log moves) where room is not scarce. For one use.</remarks>
internal sealed class LongMoveOrder
{
    private readonly PlacementProblem problem;
    private readonly int[] target;
    private readonly List<int> moving;
    private readonly int[] now;
    private readonly double[] cut;
    private readonly bool[] waits;
    private readonly SeatLedger ledger;
    private readonly SortedSet<(double Cut, int Vm)> ready = [];
    private readonly List<int>[] waitingFor;

    /// <summary>Prepares to order the migrations of <paramref name="moving"/> to their seats in <paramref name="assignment"/>.</summary>
    public LongMoveOrder(PlacementProblem problem, int[] assignment, List<int> moving)
    {
        (this.problem, target, this.moving) = (problem, assignment, moving);
        now = [.. assignment];
        cut = new double[assignment.Length];
        waits = new bool[assignment.Length];
        ledger = new(problem);
        waitingFor = [.. problem.Sites.Select(_ => new List<int>())];
        for (var vm = 0; vm < now.Length; vm++)
        {
            if (problem.CurrentSeats[vm] is var current and not PlacementProblem.Nowhere)
            {
                now[vm] = current;
                ledger.Take(current);
            }
        }
    }

    /// <summary>The order; null if it comes to a dead end, which does not prove that there is none.</summary>
    public ImmutableArray<int>? Find()
    {
        foreach (var vm in moving)
        {
            waits[vm] = true;
            cut[vm] = CutAfter(vm);
            ready.Add((cut[vm], vm));
        }

        var order = ImmutableArray.CreateBuilder<int>(moving.Count);
        while (ready.Count > 0)
        {
            var (_, vm) = ready.Min;
            ready.Remove(ready.Min);
            if (ledger.HasRoom(target[vm]))
            {
                order.Add(vm);
                Move(vm);
            }
            else
            {
                waitingFor[SiteOf(target[vm])].Add(vm);
            }
        }

        return order.Count == moving.Count ? order.MoveToImmutable() : null;
    }

    /// <summary>Whether a VM was left without room, once the order was looked for.</summary>
    public bool Waits(int vm) => waits[vm];

    private void Move(int vm)
    {
        var left = SiteOf(now[vm]);
        ledger.Free(now[vm]);
        ledger.Take(target[vm]);
        (now[vm], waits[vm]) = (target[vm], false);
        foreach (var flow in problem.Inflows[vm].Concat(problem.Outflows[vm]).Where(flow => waits[flow.Source]))
        {
            Reorder(flow.Source);
        }

        // What waited for room there may have it now.
        foreach (var waiting in waitingFor[left])
        {
            ready.Add((cut[waiting], waiting));
        }

        waitingFor[left].Clear();
    }

    private void Reorder(int vm)
    {
        var isReady = ready.Remove((cut[vm], vm));
        cut[vm] = CutAfter(vm);
        if (isReady)
        {
            ready.Add((cut[vm], vm));
        }
    }

    // Bytes per second that cross sites at this VM once it has moved, less those that cross there now.
    private double CutAfter(int vm) => Cut(vm, target[vm]) - Cut(vm, now[vm]);

    private double Cut(int vm, int seat)
    {
        double crossing = 0;
        foreach (var flow in problem.Inflows[vm].Concat(problem.Outflows[vm]))
        {
            crossing += SiteOf(now[flow.Source]) != SiteOf(seat) ? flow.BytesPerSecond : 0;
        }

        return crossing;
    }

    private int SiteOf(int seat) => problem.Seats[seat].SiteIndex;
}
