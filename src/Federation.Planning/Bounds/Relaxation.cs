using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Planning.Model;

namespace Federation.Planning.Bounds;

/// <summary>What every completion of a partial placement takes at least. Never more than the truth, exact once every VM has a seat.</summary>
/// <remarks>
/// First the time: the slowest of the VMs, each at the best seat that it could still have, and the busiest link. Then the bill over that
/// time, each VM apart: bills do not fall when the run gets longer. Both respect how many VMs each seat and site has room for.
/// O(VMs x candidates).
/// </remarks>
internal sealed class Relaxation
{
    // Times are summed up in another order than the estimator's: this much less is certainly not more than it says.
    private const double Cautious = 1 - 1e-12;

    private readonly CostModel model;
    private readonly Objective objective;
    private readonly SeatOptions options;
    private readonly Rooms rooms;
    private readonly CapacityFill fill;
    private readonly double[] leastDowntime;
    private readonly double[][] leastPerHour;

    private double secondsMost;
    private double downtime;
    private double run;
    private double money;
    private double preference;
    private double leastPaid;
    private double paid;
    private double paidApart;
    private double occupied;

    /// <summary>Prepares for the placements of one problem.</summary>
    public Relaxation(CostModel model)
    {
        this.model = model;
        objective = model.Problem.View.Application.Objective;
        options = new(model);
        rooms = new(model);
        fill = new(model);
        leastDowntime = [.. Enumerable.Range(0, model.VmCount).Select(vm => model.Candidates[vm].Min(seat => model.Downtime(vm, seat)))];
        leastPerHour = [.. Enumerable.Range(0, model.VmCount).Select(vm =>
            model.Rates.At.Select((_, change) => model.Candidates[vm].Min(seat => model.Rates.Of(seat)[change])).ToArray())];
    }

    /// <summary>What the objective cannot fall below, each of its parts; as of the last look.</summary>
    public ObjectiveValue Value { get; private set; }

    private double Seconds => (run + downtime) * Cautious;

    /// <summary>Looks at a partial placement; false if no completion holds all constraints and is better than the one to beat.</summary>
    /// <param name="partial">The placement.</param>
    /// <param name="toBeat">The value of the best placement known; null: none is.</param>
    public bool Look(PartialPlacement partial, ObjectiveValue? toBeat)
    {
        secondsMost = MostSeconds(partial, toBeat);
        rooms.Read(partial.Ledger, model.VmCount - partial.Depth);
        TimeOfSeated(partial);
        if (!TimeOfOthers(partial) || Seconds > secondsMost || !HasCoreHours(partial) || !HoldsRate(partial))
        {
            return false;
        }

        BillOfSeated(partial);
        if (!BillOfOthers(partial) || leastPaid > model.Limits.Money)
        {
            return false;
        }

        Value = objective switch
        {
            Objective.Cost => new(money, Seconds, -model.NeededVcpus / occupied),
            Objective.Time => new(Seconds, money, -model.NeededVcpus / occupied),
            _ => new(paid, SiteBound.Of(model, partial, options, rooms, (toBeat?.Primary ?? double.PositiveInfinity) - paidApart), occupied, money),
        };
        return true;
    }

    private double MostSeconds(PartialPlacement partial, ObjectiveValue? toBeat)
    {
        var most = objective == Objective.Time && toBeat is { } value
            ? Math.Min(model.Limits.Seconds, value.Primary * (1 + ObjectiveValue.Tolerance))
            : model.Limits.Seconds;
        for (var site = 0; site < model.SiteCount; site++)
        {
            most = partial.VmsAt[site] > 0 ? Math.Min(most, model.Limits.SecondsAt[site]) : most;
        }

        return most;
    }

    private void TimeOfSeated(PartialPlacement partial)
    {
        (run, downtime) = (partial.BusiestLink(), 0);
        for (var i = 0; i < partial.Order.Length; i++)
        {
            var vm = partial.Order[i];
            if (i >= partial.Depth)
            {
                downtime += leastDowntime[vm];
                continue;
            }

            downtime += model.Downtime(vm, partial.Seats[vm]);
            run = Math.Max(run, RunSeconds(partial, vm, partial.Seats[vm]));
        }
    }

    // A VM's run time at a seat.
    private double RunSeconds(PartialPlacement partial, int vm, int seat) =>
        model.RunAlone(vm, seat) + (model.Felt * partial.Receive(vm, model.SiteOf[seat]));

    private bool TimeOfOthers(PartialPlacement partial)
    {
        for (var i = partial.Depth; i < partial.Order.Length; i++)
        {
            var vm = partial.Order[i];
            var best = double.PositiveInfinity;
            foreach (var seat in model.Candidates[vm])
            {
                var seconds = rooms.OfSeat[seat] > 0 ? RunSeconds(partial, vm, seat) : double.PositiveInfinity;
                seconds = Allowed(partial, vm, seat, seconds) ? seconds : double.PositiveInfinity;
                options.SetSeconds(vm, seat, seconds);
                best = Math.Min(best, seconds);
            }

            run = Math.Max(run, best);
        }

        if (double.IsPositiveInfinity(run))
        {
            return false;
        }

        if (rooms.Bind)
        {
            var fits = fill.Fill(options.LeastSeconds(partial), rooms, model.VmCount - partial.Depth);
            run = Math.Max(run, fill.Highest);
            return fits;
        }

        return true;
    }

    // Whether the application could end in time if the VM took the seat.
    private bool Allowed(PartialPlacement partial, int vm, int seat, double seconds)
    {
        var site = model.SiteOf[seat];
        var whole = TotalWith(vm, seat, seconds);
        return whole <= secondsMost && whole <= model.Limits.SecondsAt[site]
            && (partial.VcpusAt[site] + model.Vcpus[seat]) * whole <= model.Limits.CoreSecondsAt[site];
    }

    private double TotalWith(int vm, int seat, double seconds) =>
        (Math.Max(run, seconds) + downtime - leastDowntime[vm] + model.Downtime(vm, seat)) * Cautious;

    private bool HasCoreHours(PartialPlacement partial)
    {
        for (var site = 0; site < model.SiteCount; site++)
        {
            if (partial.VmsAt[site] > 0 && partial.VcpusAt[site] * Seconds > model.Limits.CoreSecondsAt[site])
            {
                return false;
            }
        }

        return true;
    }

    private bool HoldsRate(PartialPlacement partial)
    {
        for (var change = 0; change < model.Rates.At.Length && (change == 0 || model.Rates.At[change] < Seconds); change++)
        {
            double rate = 0;
            for (var i = 0; i < partial.Order.Length; i++)
            {
                var vm = partial.Order[i];
                rate += i < partial.Depth ? model.Rates.Of(partial.Seats[vm])[change] : leastPerHour[vm][change];
            }

            if (rate * Cautious > model.Rates.Most)
            {
                return false;
            }
        }

        return true;
    }

    private void BillOfSeated(PartialPlacement partial)
    {
        (money, preference, paid, occupied) = (0, 0, 0, 0);
        for (var i = 0; i < partial.Depth; i++)
        {
            var vm = partial.Order[i];
            var (seat, site) = (partial.Seats[vm], model.SiteOf[partial.Seats[vm]]);
            var hosting = model.Hosting[seat].Bill(Seconds, model.Arrives(vm, site));
            money += hosting + model.Fixed(vm, seat) + partial.Money(vm, site);
            preference += model.Preference(vm, site);
            occupied += model.Vcpus[seat];
            paid += hosting > 0 ? model.Vcpus[seat] : 0;
        }
    }

    private bool BillOfOthers(PartialPlacement partial)
    {
        var ofPaid = objective == Objective.Utilization;
        double least = 0;
        leastPaid = money;
        money += preference;
        for (var i = partial.Depth; i < partial.Order.Length; i++)
        {
            var vm = partial.Order[i];
            var (leastFigure, leastMoney, leastBill, leastVcpus) = (double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity);
            foreach (var seat in model.Candidates[vm])
            {
                var bill = Bill(partial, vm, seat, out var hosting);
                var weighed = bill + model.Preference(vm, model.SiteOf[seat]);
                var figure = !ofPaid || double.IsPositiveInfinity(bill) ? weighed : hosting > 0 ? model.Vcpus[seat] : 0;
                options.SetFigure(vm, seat, figure);
                leastFigure = Math.Min(leastFigure, figure);
                leastMoney = Math.Min(leastMoney, weighed);
                leastBill = Math.Min(leastBill, bill);
                leastVcpus = double.IsPositiveInfinity(bill) ? leastVcpus : Math.Min(leastVcpus, model.Vcpus[seat]);
            }

            options.SetLeast(vm, leastFigure);
            least += leastFigure;
            money += ofPaid ? leastMoney : 0;
            leastPaid += leastBill;
            occupied += leastVcpus;
        }

        if (double.IsPositiveInfinity(least))
        {
            return false;
        }

        paidApart = paid + least;
        if (rooms.Bind)
        {
            // Beyond its own least, each VM pays what the seat that is left for it asks more.
            var fits = fill.Fill(options.LeastRegrets(partial), rooms, model.VmCount - partial.Depth);
            least += fill.Sum;
            if (!fits)
            {
                return false;
            }
        }

        (money, paid) = ofPaid ? (money, paid + least) : (money + least, paid);
        // What room asks more is in the one sum, which is all that is paid where nothing else counts.
        leastPaid = model.Problem.Preferences.IsEmpty ? money : leastPaid;
        return true;
    }

    private double Bill(PartialPlacement partial, int vm, int seat, out double hosting)
    {
        hosting = 0;
        var seconds = options.Seconds(vm, seat);
        if (double.IsPositiveInfinity(seconds) || !Allowed(partial, vm, seat, seconds))
        {
            return double.PositiveInfinity;
        }

        var site = model.SiteOf[seat];
        hosting = model.Hosting[seat].Bill(TotalWith(vm, seat, seconds), model.Arrives(vm, site));
        return hosting + model.Fixed(vm, seat) + partial.Money(vm, site);
    }
}
