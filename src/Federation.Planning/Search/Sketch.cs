using Federation.Domain.Applications;
using Federation.Planning.Live;
using Federation.Planning.Model;

namespace Federation.Planning.Search;

/// <summary>A placement on sites alone: what it costs, about, change by change, at a tenth of the work that a <see cref="LivePlacement"/> takes.</summary>
/// <remarks>
/// Each VM has one offer at each site; all run as long as the slowest, but for a smooth sum of high powers. Where sites are to hold no more than they may,
/// they never do: a change that would not fit is not made. Mutable, for one thread.
/// </remarks>
internal sealed class Sketch
{
    // The 32nd power: the longest run time, but for its root of how many run as long.
    private const int Squarings = 5;

    private const double ShareOfTies = 1e-6;

    private readonly SketchTables tables;
    private readonly int width;
    private readonly SketchTables.Factors[] factors;
    private readonly SketchTables.Exchange[] exchanges;
    private readonly int[] first;
    private readonly int[] outer;
    private readonly (double Waits, double Bytes)[] inner;
    private readonly double scale;
    private readonly bool wantsTime;
    private readonly int[] planned;
    private readonly double[] times;
    private readonly double[] change;
    private readonly bool[] isTouched;
    private readonly List<int> moved = [];
    private readonly List<int> touched = [];
    private Sums now;
    private Sums then;

    /// <summary>Every VM nowhere.</summary>
    /// <param name="model">The problem.</param>
    /// <param name="links">Its links.</param>
    /// <param name="offers">Which offer a VM takes at a site.</param>
    /// <param name="floor">How fast it is, at least, where there is one that fast.</param>
    public Sketch(CostModel model, LinkFactors links, OfferOrder offers, int floor)
    {
        tables = new(model, links, offers, floor);
        (width, factors, first, exchanges) = (links.Width, tables.Between, tables.First, tables.Exchanges);
        (outer, inner) = ([.. first[1..]], new (double, double)[model.VmCount]);
        (scale, wantsTime) = (1 / model.Problem.RemainingSeconds, model.Problem.View.Application.Objective == Objective.Time);
        Sites = new int[model.VmCount];
        Array.Fill(Sites, Nowhere);
        planned = [.. Sites];
        (times, change, isTouched) = (new double[model.VmCount], new double[model.VmCount], new bool[model.VmCount]);
        Room = new(model, tables.SeatAt);
    }

    /// <summary>The site that is none.</summary>
    public int Nowhere => tables.Nowhere;

    /// <summary>Each VM's site.</summary>
    public int[] Sites { get; }

    /// <summary>What is left at each site.</summary>
    public SketchRoom Room { get; }

    /// <summary>What all of it takes, in the objective's unit.</summary>
    public double Energy => EnergyOf(now);

    /// <summary>Whether a VM could be at a site.</summary>
    public bool Allows(int vm, int site) => tables.SeatAt[vm][site] >= 0;

    /// <summary>A VM's peer of a number, any but negative, that is not held together with it; -1: it has none.</summary>
    public int PeerOf(int vm, int number)
    {
        var count = Degree(vm);
        return count == 0 ? -1 : exchanges[first[vm] + (number % count)].Vm;
    }

    /// <summary>How many peers a VM has that are not held together with it.</summary>
    public int Degree(int vm) => outer[vm] - first[vm];

    /// <summary>Holds VMs together: who is planned to go is planned with all of his unit, from one site to one. What they exchange among themselves is summed up, so that only the others are looked at. O(pairs).</summary>
    /// <param name="units">Disjoint sets of all VMs, each at one site.</param>
    public void Hold(List<int[]> units)
    {
        var unitOf = new int[Sites.Length];
        foreach (var (unit, vms) in units.Index())
        {
            foreach (var vm in vms)
            {
                unitOf[vm] = unit;
            }
        }

        for (var vm = 0; vm < unitOf.Length; vm++)
        {
            (outer[vm], inner[vm]) = (first[vm], default);
            for (var i = first[vm]; i < first[vm + 1]; i++)
            {
                if (unitOf[exchanges[i].Vm] == unitOf[vm])
                {
                    inner[vm] = (inner[vm].Waits + exchanges[i].WaitsIn, inner[vm].Bytes + exchanges[i].BytesIn);
                }
                else
                {
                    (exchanges[i], exchanges[outer[vm]]) = (exchanges[outer[vm]], exchanges[i]);
                    outer[vm]++;
                }
            }
        }
    }

    /// <summary>Plans that VMs go to a site; it is as if they were, until <see cref="Make"/> or <see cref="Forget"/>.</summary>
    public void Plan(int[] vms, int site)
    {
        foreach (var vm in vms)
        {
            if (planned[vm] == Sites[vm])
            {
                moved.Add(vm);
            }

            Room.Move(vm, planned[vm], site);
            planned[vm] = site;
        }
    }

    /// <summary>The energy if what is planned were made. O(degrees of the VMs that go).</summary>
    public double Planned()
    {
        then = now;
        foreach (var vm in moved)
        {
            var (from, to) = (Sites[vm], planned[vm]);
            then.Money += tables.Alone(vm, to) - tables.Alone(vm, from);
            then.PerSecond += tables.Price(vm, to) - tables.Price(vm, from);
            then.Downtime += tables.Downtime(vm, to) - tables.Downtime(vm, from);
            ref readonly var among = ref inner[vm];
            ref readonly var amongBefore = ref factors[(from * width) + from];
            ref readonly var amongAfter = ref factors[(to * width) + to];
            then.Money += among.Bytes * (amongAfter.MoneyPerByte - amongBefore.MoneyPerByte);
            Touch(vm, tables.Compute(vm, to) - tables.Compute(vm, from)
                + (among.Waits * (amongAfter.SecondsPerWait - amongBefore.SecondsPerWait)) + (among.Bytes * (amongAfter.SecondsPerByte - amongBefore.SecondsPerByte)));
            for (var i = first[vm]; i < outer[vm]; i++)
            {
                ref readonly var exchange = ref exchanges[i];
                var (peer, peerThen) = (Sites[exchange.Vm], planned[exchange.Vm]);
                ref readonly var inBefore = ref factors[(peer * width) + from];
                ref readonly var inAfter = ref factors[(peerThen * width) + to];
                then.Money += exchange.BytesIn * (inAfter.MoneyPerByte - inBefore.MoneyPerByte);
                Touch(vm, (exchange.WaitsIn * (inAfter.SecondsPerWait - inBefore.SecondsPerWait))
                    + (exchange.BytesIn * (inAfter.SecondsPerByte - inBefore.SecondsPerByte)));
                if (peer == peerThen)
                {
                    // A peer that goes as well looks at what it receives itself.
                    ref readonly var outBefore = ref factors[(from * width) + peer];
                    ref readonly var outAfter = ref factors[(to * width) + peer];
                    then.Money += exchange.BytesOut * (outAfter.MoneyPerByte - outBefore.MoneyPerByte);
                    Touch(exchange.Vm, (exchange.WaitsOut * (outAfter.SecondsPerWait - outBefore.SecondsPerWait))
                        + (exchange.BytesOut * (outAfter.SecondsPerByte - outBefore.SecondsPerByte)));
                }
            }
        }

        foreach (var vm in touched)
        {
            then.Powers += Power(times[vm] + change[vm]) - Power(times[vm]);
        }

        return EnergyOf(then);
    }

    /// <summary>Makes what <see cref="Planned"/> looked at last.</summary>
    public void Make()
    {
        foreach (var vm in touched)
        {
            times[vm] += change[vm];
        }

        foreach (var vm in moved)
        {
            Sites[vm] = planned[vm];
        }

        now = then;
        Clear();
    }

    /// <summary>Forgets what is planned.</summary>
    public void Forget()
    {
        foreach (var vm in moved)
        {
            Room.Move(vm, planned[vm], Sites[vm]);
            planned[vm] = Sites[vm];
        }

        Clear();
    }

    /// <summary>Sums up anew what drifts most by rounding. O(VMs).</summary>
    public void Refresh() => now.Powers = times.Sum(Power);

    private void Clear()
    {
        foreach (var vm in touched)
        {
            (change[vm], isTouched[vm]) = (0, false);
        }

        touched.Clear();
        moved.Clear();
    }

    private void Touch(int vm, double seconds)
    {
        if (!isTouched[vm])
        {
            isTouched[vm] = true;
            touched.Add(vm);
        }

        change[vm] += seconds;
    }

    private double EnergyOf(in Sums sums)
    {
        var root = Math.Max(0, sums.Powers);
        for (var i = 0; i < Squarings; i++)
        {
            root = Math.Sqrt(root);
        }

        var seconds = (root / scale) + sums.Downtime;
        return wantsTime ? seconds + (ShareOfTies * sums.Money) : sums.Money + (sums.PerSecond * seconds);
    }

    private double Power(double seconds)
    {
        var power = Math.Max(0, seconds) * scale;
        for (var i = 0; i < Squarings; i++)
        {
            power *= power;
        }

        return power;
    }

    private struct Sums
    {
        public double Money;
        public double PerSecond;
        public double Downtime;
        public double Powers;
    }
}
