using Federation.Planning.Live;
using Federation.Planning.Model;

namespace Federation.Planning.Search;

/// <summary>One search's position: a live placement, its energy, and what it may still spend. Mutable, for one thread.</summary>
internal sealed class Walk
{
    private const int MovesBetweenRefreshes = 50_000;
    private const int WorkOfMove = 12;

    private readonly List<(int Vm, int Seat)> journal = [];
    private int moves;
    private double? now;
    private double? before;

    /// <summary>Begins where the live placement is.</summary>
    public Walk(CostModel model, LivePlacement live, Energy energy, WorkBudget budget, Dice dice, Best best)
    {
        (Model, Live, Energy, Budget, Dice, Best) = (model, live, energy, budget, dice, best);
    }

    /// <summary>The problem.</summary>
    public CostModel Model { get; }

    /// <summary>The placement.</summary>
    public LivePlacement Live { get; }

    /// <summary>What it is measured by.</summary>
    public Energy Energy { get; }

    /// <summary>What may still be spent.</summary>
    public WorkBudget Budget { get; }

    /// <summary>The source of chance.</summary>
    public Dice Dice { get; }

    /// <summary>The best placement come by.</summary>
    public Best Best { get; }

    /// <summary>The energy of the placement.</summary>
    public double Now => now ??= Measure();

    /// <summary>The energy if a VM took another seat.</summary>
    /// <param name="vm">The VM.</param>
    /// <param name="seat">The seat.</param>
    /// <param name="most">Up to where it is of interest: of a higher energy it says only that it is higher, which spares putting moves in order.</param>
    public double Try(int vm, int seat, double most = double.PositiveInfinity)
    {
        Budget.Spend(Model.Graph.Degree(vm) + WorkOfMove);
        var standing = Live.Try(vm, seat);
        var energy = Energy.Of(standing);
        if (Live.VmsToOrder == 0 || energy > most)
        {
            return energy;
        }

        Budget.Spend(Live.VmsToOrder);
        return Energy.Of(standing with { Stuck = Live.StuckIf(vm, seat) });
    }

    /// <summary>Gives a VM another seat; <see cref="Undo"/> can take it back.</summary>
    public void Move(int vm, int seat)
    {
        Budget.Spend((Model.Graph.Degree(vm) * 3) + WorkOfMove);
        before = journal.Count == 0 ? now : before;
        journal.Add((vm, Live.Seats[vm]));
        Live.Move(vm, seat);
        now = null;
    }

    /// <summary>Makes what was moved since the last call final, and keeps the placement if it is the best.</summary>
    public void Commit()
    {
        moves += journal.Count;
        journal.Clear();
        if (moves >= MovesBetweenRefreshes)
        {
            moves = 0;
            Live.Refresh();
            now = null;
        }

        Best.Offer(Live);
    }

    /// <summary>Makes what was moved final without asking how good it is: some VMs may still be nowhere.</summary>
    public void Settle() => journal.Clear();

    /// <summary>Takes back what was moved since the last commit.</summary>
    public void Undo()
    {
        for (var i = journal.Count - 1; i >= 0; i--)
        {
            Live.Move(journal[i].Vm, journal[i].Seat);
            Budget.Spend((Model.Graph.Degree(journal[i].Vm) * 3) + WorkOfMove);
        }

        now = journal.Count == 0 ? now : before;
        journal.Clear();
    }

    /// <summary>Goes to another placement.</summary>
    public void Jump(ReadOnlySpan<int> assignment)
    {
        journal.Clear();
        Live.Load(assignment);
        now = null;
        Budget.Spend(Model.VmCount * 4);
        Best.Offer(Live);
    }

    /// <summary>Measures anew, after the energy was changed.</summary>
    public void Remeasure() => now = null;

    // Only when somebody asks: of a set of VMs that move together nobody does before the last one has.
    private double Measure()
    {
        Budget.Spend(Live.VmsToOrder);
        return Energy.Of(Live.Now);
    }

    /// <summary>Whether an energy is lower than another by more than rounding.</summary>
    public static bool IsLower(double energy, double than) => energy < than - (1e-12 * Math.Abs(than));
}
