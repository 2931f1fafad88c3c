using Federation.Backtest.Results;
using Federation.Backtest.Runs;
using Federation.Backtest.Worlds;
using Federation.Domain.Sites;

namespace Federation.Backtest.Tests.Runs;

/// <summary>Bills by the definition, from what happened and the facts of the world: no code of the product's cost model.</summary>
internal static class SlowAccounts
{
    public static Bill Of(World world, RunLog log)
    {
        decimal hosting = 0, moving = 0, traffic = 0;
        foreach (var stay in log.Stays)
        {
            var (own, out_) = Of(world.Site(stay.At.Site), stay);
            hosting += own;
            moving += out_;
        }

        foreach (var stretch in log.Work)
        {
            traffic += Of(world, stretch);
        }

        foreach (var move in log.Moves)
        {
            moving += (decimal)move.Bytes / 1_000_000_000m * world.Site(move.From.Site).Links[move.To.Site].EgressPerGB;
        }

        return new((double)hosting, (double)traffic, (double)moving);
    }

    // Every second of the stay at the price of that second; the seconds that moving out takes are moving, the rest is hosting.
    private static (decimal Hosting, decimal Moving) Of(Site site, Stay stay)
    {
        var seconds = (decimal)(stay.Until - stay.From).Ticks / TimeSpan.TicksPerSecond;
        var increment = (decimal)site.Billing.Increment.TotalSeconds;
        var whole = Math.Ceiling(Math.Round((seconds + (decimal)stay.MovingOutSeconds) / increment, 9)) * increment;
        whole = Math.Max(whole, (decimal)site.Billing.Minimum.TotalSeconds);
        var entries = site.Offers.Single(offer => offer.Name == stay.At.Offer).Price.Entries;
        var all = Between(entries, stay.From, 0, whole);
        var moving = Between(entries, stay.From, seconds, seconds + (decimal)stay.MovingOutSeconds);
        return (all - moving, moving);
    }

    private static decimal Between(IReadOnlyList<PriceEntry> entries, DateTimeOffset start, decimal from, decimal until)
    {
        decimal sum = 0;
        for (var i = 0; i < entries.Count; i++)
        {
            var begins = i == 0 ? decimal.MinValue : (decimal)(entries[i].From - start).Ticks / TimeSpan.TicksPerSecond;
            var ends = i + 1 == entries.Count ? decimal.MaxValue : (decimal)(entries[i + 1].From - start).Ticks / TimeSpan.TicksPerSecond;
            var held = Math.Min(until, ends) - Math.Max(from, begins);
            sum += held > 0 ? held * entries[i].PerHour / 3600 : 0;
        }

        return sum;
    }

    private static decimal Of(World world, Stretch stretch)
    {
        var application = world.Applications[stretch.Application];
        var traffic = application.Phases[stretch.Phase].Traffic;
        decimal sum = 0;
        for (var from = 0; from < stretch.Placement.Length; from++)
        {
            var sender = application.Spec.Vms[from].Id;
            var site = world.Site(stretch.Placement[from].Site);
            sum += Cost(traffic.SentOutside.GetValueOrDefault(sender).Bytes, site.Network.InternetEgressPerGB);
            for (var to = 0; to < stretch.Placement.Length; to++)
            {
                if (stretch.Placement[to].Site != site.Id)
                {
                    sum += Cost(traffic[sender, application.Spec.Vms[to].Id].Bytes, site.Links[stretch.Placement[to].Site].EgressPerGB);
                }
            }
        }

        return sum;

        decimal Cost(double bytes, decimal perGB) =>
            (decimal)(bytes / traffic.Period.TotalSeconds * stretch.Seconds) / 1_000_000_000m * perGB;
    }
}
