using Federation.Domain.Sites;
using Federation.Planning.Model;

namespace Federation.Planning.Live;

/// <summary>What all the seats taken cost together, as a function of how long the application runs.</summary>
/// <remarks>
/// Seats whose price stays what it is are summed by how their site rounds: the bill of any run time is then a few products,
/// however many VMs there are. Seats with a schedule ahead are billed one kind at a time.
/// </remarks>
internal sealed class HostingSum
{
    private readonly CostModel model;
    private readonly int[] kindOf;
    private readonly (Billing Billing, bool Arrives)[] kinds;
    private readonly double[] perSecond;
    private readonly int[] priced;
    private readonly int[] scheduled;
    private readonly int[] taken;

    /// <summary>An empty sum.</summary>
    public HostingSum(CostModel model)
    {
        this.model = model;
        taken = new int[(model.SeatCount + 1) * 2];
        kindOf = new int[taken.Length];
        var known = new Dictionary<(Billing, bool), int>();
        var ahead = new List<int>();
        for (var cell = 0; cell < model.SeatCount * 2; cell++)
        {
            var curve = model.Hosting[cell / 2];
            kindOf[cell] = -1;
            if (curve.IsFlat)
            {
                kindOf[cell] = known.TryAdd((curve.Billing, cell % 2 == 1), known.Count) ? known.Count - 1 : known[(curve.Billing, cell % 2 == 1)];
            }
            else
            {
                ahead.Add(cell);
            }
        }

        kinds = [.. known.Keys];
        (perSecond, priced, scheduled) = (new double[kinds.Length], new int[kinds.Length], [.. ahead]);
    }

    /// <summary>Empties it.</summary>
    public void Clear()
    {
        Array.Clear(taken);
        Array.Clear(perSecond);
        Array.Clear(priced);
    }

    /// <summary>Adds a VM's seat, or takes it back.</summary>
    public void Add(int seat, bool arrives, int count)
    {
        if (seat == model.SeatCount)
        {
            return;
        }

        var cell = CellOf(seat, arrives);
        taken[cell] += count;
        if (kindOf[cell] >= 0)
        {
            var price = model.Hosting[seat].PerSecondNow;
            perSecond[kindOf[cell]] += count * price;
            priced[kindOf[cell]] += price > 0 ? count * model.Vcpus[seat] : 0;
        }
    }

    /// <summary>The bill for a run of so many seconds, in currency, and the vCPUs that are not free.</summary>
    public (double Money, int Paid) Bill(double seconds) => Bill(seconds, -1, -1);

    /// <summary>The same if a VM's seat were taken back and another one added; a seat beyond the last is none.</summary>
    public (double Money, int Paid) After(double seconds, int from, bool leavesArrived, int to, bool arrives) => Bill(
        seconds,
        from == model.SeatCount ? -1 : CellOf(from, leavesArrived),
        to == model.SeatCount ? -1 : CellOf(to, arrives));

    private (double Money, int Paid) Bill(double seconds, int less, int more)
    {
        double money = 0;
        var paid = 0;
        for (var kind = 0; kind < kinds.Length; kind++)
        {
            if (priced[kind] > 0)
            {
                var billed = kinds[kind].Billing.BilledSeconds(seconds, kinds[kind].Arrives);
                money += perSecond[kind] * billed;
                paid += billed > 0 ? priced[kind] : 0;
            }
        }

        foreach (var cell in scheduled)
        {
            if (taken[cell] > 0)
            {
                Add(cell, taken[cell], seconds, ref money, ref paid);
            }
        }

        if (less >= 0)
        {
            Add(less, -1, seconds, ref money, ref paid);
        }

        if (more >= 0)
        {
            Add(more, 1, seconds, ref money, ref paid);
        }

        return (money, paid);
    }

    private void Add(int cell, int count, double seconds, ref double money, ref int paid)
    {
        var bill = model.Hosting[cell / 2].Bill(seconds, cell % 2 == 1);
        money += count * bill;
        paid += bill > 0 ? count * model.Vcpus[cell / 2] : 0;
    }

    private static int CellOf(int seat, bool arrives) => (seat * 2) + (arrives ? 1 : 0);
}
