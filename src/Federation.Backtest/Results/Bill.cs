using Federation.Backtest.Runs;
using Federation.Backtest.Worlds;
using Federation.Domain.Identity;

namespace Federation.Backtest.Results;

/// <summary>What something really cost, in the federation's currency.</summary>
/// <param name="Hosting">Offers, by the prices that really held, as sites round.</param>
/// <param name="Traffic">Egress of what VMs said.</param>
/// <param name="Moving">Egress of migrations, and old offers while they lasted.</param>
public readonly record struct Bill(double Hosting, double Traffic, double Moving)
{
    /// <summary>Everything.</summary>
    public double Cost => Hosting + Traffic + Moving;

    /// <summary>Both together.</summary>
    public static Bill operator +(Bill a, Bill b) => new(a.Hosting + b.Hosting, a.Traffic + b.Traffic, a.Moving + b.Moving);
}

/// <summary>Makes bills from what happened, by the domain's cost model: each entry of a log has a cost of its own.</summary>
/// <param name="world">Where it happened.</param>
public sealed class Accounts(World world)
{
    private const double BytesPerGB = 1e9;

    /// <summary>The bill of each application, by number.</summary>
    public Bill[] ByApplication(RunLog log)
    {
        var bills = new Bill[world.Applications.Length];
        foreach (var stay in log.Stays)
        {
            bills[stay.Application] += Of(stay);
        }

        foreach (var stretch in log.Work)
        {
            bills[stretch.Application] += Of(stretch);
        }

        foreach (var move in log.Moves)
        {
            bills[move.Application] += Of(move);
        }

        return bills;
    }

    /// <summary>A stay: what it is billed for beyond the VM's own time, because the VM was moving away, is moving.</summary>
    public Bill Of(Stay stay)
    {
        var site = world.Site(stay.At.Site);
        var price = site.OfferNamed(stay.At.Offer)!.Price;
        var stayed = (stay.Until - stay.From).TotalSeconds;
        var billed = site.Billing.BilledSeconds(stayed + stay.MovingOutSeconds, arrives: true);
        var moving = price.Over(stay.Until, stay.MovingOutSeconds) ?? 0;
        return new((price.Over(stay.From, billed) ?? 0) - moving, 0, moving);
    }

    /// <summary>What VMs said while work was done.</summary>
    public Bill Of(Stretch stretch) => new(0, EgressPerWork(stretch) * stretch.Seconds, 0);

    /// <summary>What a migration sent.</summary>
    public Bill Of(VmMove move) => new(0, 0, move.Bytes / BytesPerGB * (double)world.Site(move.From.Site).Links[move.To.Site].EgressPerGB);

    private double EgressPerWork(Stretch stretch)
    {
        var application = world.Applications[stretch.Application];
        var traffic = application.Phases[stretch.Phase].Traffic;
        var at = application.Spec.Vms.Zip(stretch.Placement).ToDictionary(vm => vm.First.Id, vm => vm.Second.Site);
        var perPeriod = traffic.Pairs.Sum(flow => PriceBetween(at[flow.Key.Source], at[flow.Key.Destination]) * flow.Value.Bytes)
            + traffic.SentOutside.Sum(flow => (double)world.Site(at[flow.Key]).Network.InternetEgressPerGB * flow.Value.Bytes);
        return perPeriod / BytesPerGB / traffic.Period.TotalSeconds;
    }

    private double PriceBetween(SiteId from, SiteId to) => from == to ? 0 : (double)world.Site(from).Links[to].EgressPerGB;
}
