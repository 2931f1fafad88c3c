using Federation.Domain.Estimation;
using Federation.Planning.Model;

namespace Federation.Planning.Live;

/// <summary>Counts the migrations of a placement that find no room, made one after another as long as any does.</summary>
/// <remarks>
/// Moves are tried by number and, where some are stuck, by number from the last on: more than it says are never stuck, fewer may be in an order
/// that neither way comes by. O(VMs + moves^2), in practice O(VMs). Mutable, for one search at a time.
/// </remarks>
internal sealed class StuckMoves
{
    private const int MostVms = 64;

    private readonly CostModel model;
    private readonly SeatLedger ledger;
    private readonly int[] from;
    private readonly List<(int Vm, int Seat)> wanted = [];
    private readonly List<(int Vm, int Seat)> left = [];
    private readonly List<(int Vm, int Seat)> made = [];

    /// <summary>Begins where the VMs run.</summary>
    /// <param name="model">The problem.</param>
    /// <param name="isScarce">Whether any room could run out.</param>
    public StuckMoves(CostModel model, bool isScarce)
    {
        this.model = model;
        from = [.. model.Problem.CurrentSeats];
        ledger = SeatLedger.OfRunning(model.Problem);
        Counts = isScarce && !model.Problem.IsRelaxed && model.VmCount <= MostVms && from.Any(seat => seat != PlacementProblem.Nowhere);
    }

    /// <summary>Whether it counts: moves could be stuck, and are few enough to look at them at every step.</summary>
    public bool Counts { get; }

    /// <summary>How many are stuck if one VM took another seat.</summary>
    /// <param name="seats">Each VM's seat; as many as there are seats: nowhere.</param>
    /// <param name="vm">The VM.</param>
    /// <param name="seat">The seat that it would have.</param>
    public int After(ReadOnlySpan<int> seats, int vm, int seat)
    {
        if (!Counts)
        {
            return 0;
        }

        wanted.Clear();
        for (var other = 0; other < seats.Length; other++)
        {
            var target = other == vm ? seat : seats[other];
            if (from[other] != PlacementProblem.Nowhere && target < model.SeatCount && target != from[other])
            {
                wanted.Add((other, target));
            }
        }

        var stuck = Make();
        if (stuck > 0)
        {
            wanted.Reverse();
            stuck = Math.Min(stuck, Make());
        }

        return stuck;
    }

    private int Make()
    {
        left.Clear();
        left.AddRange(wanted);
        made.Clear();
        for (var before = -1; left.Count > 0 && made.Count != before;)
        {
            before = made.Count;
            left.RemoveAll(MakeIfRoom);
        }

        foreach (var (vm, seat) in made)
        {
            ledger.Free(seat);
            ledger.Take(from[vm]);
        }

        return left.Count;
    }

    private bool MakeIfRoom((int Vm, int Seat) move)
    {
        if (!ledger.HasRoom(move.Seat))
        {
            return false;
        }

        ledger.Free(from[move.Vm]);
        ledger.Take(move.Seat);
        made.Add(move);
        return true;
    }
}
