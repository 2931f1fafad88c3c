using Federation.Domain.Estimation;
using Federation.Planning.Bounds;
using Federation.Planning.Model;

namespace Federation.Planning.Exact;

/// <summary>Depth-first branch and bound over the VMs' seats, the most promising seat first.</summary>
internal sealed class TreeSearch
{
    // Proving that no tie is broken better can take far longer than proving the objective; from here on a tie is as good as won.
    private const long NodesForTies = 300_000;

    private readonly CostModel model;
    private readonly Incumbent incumbent;
    private readonly SearchClock clock;
    private readonly PartialPlacement partial;
    private readonly Relaxation relaxation;
    private readonly int[] twins;
    private readonly long mostNodes;
    private readonly Child[][] children;
    private bool stopped;

    /// <summary>Prepares to search one problem.</summary>
    /// <param name="model">The problem.</param>
    /// <param name="incumbent">The best so far.</param>
    /// <param name="clock">When to stop.</param>
    /// <param name="mostNodes">How many partial placements to bound before giving up.</param>
    public TreeSearch(CostModel model, Incumbent incumbent, SearchClock clock, long mostNodes = long.MaxValue)
    {
        (this.model, this.incumbent, this.clock, this.mostNodes) = (model, incumbent, clock, mostNodes);
        var order = VmOrder.Of(model);
        partial = new(model, order);
        relaxation = new(model);
        twins = Interchangeable.Predecessors(model, order);
        children = [.. order.Select(vm => new Child[model.Candidates[vm].Length])];
    }

    /// <summary>Partial placements that were bounded.</summary>
    public long Nodes { get; private set; }

    /// <summary>Whether all was searched: what was found is the best, or nothing exists.</summary>
    public bool IsComplete => !stopped;

    /// <summary>What the objective cannot fall below anywhere that was left unsearched; infinite if nothing was.</summary>
    public double Open { get; private set; } = double.PositiveInfinity;

    /// <summary>Searches until all is done or the time is over.</summary>
    public void Run()
    {
        Nodes++;
        if (relaxation.Look(partial, incumbent.Best?.Value) && Improves(relaxation.Value))
        {
            Visit(relaxation.Value);
        }
    }

    private void Visit(ObjectiveValue value)
    {
        if (partial.Depth == partial.Order.Length)
        {
            incumbent.Offer(partial.Seats);
        }
        else if (stopped || Nodes > mostNodes || clock.IsOver())
        {
            stopped = true;
            Open = Math.Min(Open, value.Primary);
        }
        else
        {
            Branch();
        }
    }

    private void Branch()
    {
        var depth = partial.Depth;
        var count = Expand(children[depth]);
        foreach (var child in children[depth].AsSpan(0, count))
        {
            if (Improves(child.Value))
            {
                partial.Take(child.Seat);
                Visit(child.Value);
                partial.Back();
            }
        }
    }

    private int Expand(Child[] into)
    {
        var vm = partial.Order[partial.Depth];
        // Of VMs that could swap names, a later one takes no seat before an earlier one's.
        var first = twins[vm] >= 0 ? partial.Seats[twins[vm]] : 0;
        var count = 0;
        foreach (var seat in model.Candidates[vm])
        {
            if (seat >= first && partial.Ledger.HasRoom(seat) && Bound(seat) is { } value && Improves(value))
            {
                into[count++] = new(value, seat);
            }
        }

        into.AsSpan(0, count).Sort();
        return count;
    }

    private ObjectiveValue? Bound(int seat)
    {
        Nodes++;
        partial.Take(seat);
        ObjectiveValue? value = relaxation.Look(partial, incumbent.Best?.Value) ? relaxation.Value : null;
        partial.Back();
        return value;
    }

    private bool Improves(ObjectiveValue bound) =>
        incumbent.Best is not { } best
        || (Nodes <= NodesForTies
            ? bound.IsBetterThan(best.Value)
            : new ObjectiveValue(bound.Primary, 0, 0).IsBetterThan(new(best.Value.Primary, 0, 0)));

    private readonly record struct Child(ObjectiveValue Value, int Seat) : IComparable<Child>
    {
        public int CompareTo(Child other)
        {
            var byPrimary = Value.Primary.CompareTo(other.Value.Primary);
            var bySecondary = byPrimary != 0 ? byPrimary : Value.Secondary.CompareTo(other.Value.Secondary);
            return bySecondary != 0 ? bySecondary : Seat.CompareTo(other.Seat);
        }
    }
}
