using System.Collections.Immutable;

namespace Federation.Domain.Estimation;

/// <summary>Which migrations are left without room: of those that have it the one that leaves the least traffic cut is made, until none has.</summary>
/// <remarks>O((moves + their pairs) x log moves) where room is not scarce. For one use.</remarks>
internal sealed class StuckMoves
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

    /// <summary>Prepares to make the migrations of <paramref name="moving"/> to their seats in <paramref name="assignment"/>.</summary>
    public StuckMoves(PlacementProblem problem, int[] assignment, List<int> moving)
    {
        (this.problem, target, this.moving) = (problem, assignment, moving);
        now = [.. problem.CurrentSeats.Select((seat, vm) => seat == PlacementProblem.Nowhere ? assignment[vm] : seat)];
        cut = new double[assignment.Length];
        waits = new bool[assignment.Length];
        ledger = SeatLedger.OfRunning(problem);
        waitingFor = [.. problem.Sites.Select(_ => new List<int>())];
    }

    /// <summary>The VMs that are left, ascending; in another order of the moves they might be others.</summary>
    public ImmutableArray<int> Find()
    {
        foreach (var vm in moving)
        {
            waits[vm] = true;
            cut[vm] = CutAfter(vm);
            ready.Add((cut[vm], vm));
        }

        while (ready.Count > 0)
        {
            var (_, vm) = ready.Min;
            ready.Remove(ready.Min);
            if (ledger.HasRoom(target[vm]))
            {
                Move(vm);
            }
            else
            {
                waitingFor[SiteOf(target[vm])].Add(vm);
            }
        }

        return [.. moving.Where(vm => waits[vm])];
    }

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

    private double CutAfter(int vm) => MoveGroups.CutAfter(problem, now, vm, target[vm]);

    private int SiteOf(int seat) => problem.Seats[seat].SiteIndex;
}
