using Federation.Domain.Estimation;
using Federation.Domain.Sites;

namespace Federation.Planning.Model;

/// <summary>What one seat costs as a function of how long it is held from now on: never falls, in O(log entries).</summary>
internal sealed class HostingCurve
{
    private readonly Billing billing;
    private readonly double[] from;
    private readonly double[] paid;
    private readonly double[] perSecond;

    /// <summary>Cuts a seat's price schedule at the moment of planning. A seat without a price yet costs nothing until it has one: only who is there already has it.</summary>
    public HostingCurve(Seat seat, DateTimeOffset now)
    {
        billing = seat.Site.Billing;
        var entries = seat.Offer.Price.Entries;
        var current = 0;
        while (current + 1 < entries.Length && entries[current + 1].From <= now)
        {
            current++;
        }

        var ahead = entries.Skip(current).ToArray();
        ahead = ahead[0].From > now ? [new(now, 0), .. ahead] : ahead;
        from = [.. ahead.Select((entry, i) => i == 0 ? 0 : (entry.From - now).TotalSeconds)];
        perSecond = [.. ahead.Select(entry => (double)entry.PerHour / 3600)];
        paid = new double[from.Length];
        for (var i = 1; i < paid.Length; i++)
        {
            paid[i] = paid[i - 1] + ((from[i] - from[i - 1]) * perSecond[i - 1]);
        }
    }

    /// <summary>Whether the price stays what it is now.</summary>
    public bool IsFlat => perSecond.Length == 1;

    /// <summary>The price now, in currency per second.</summary>
    public double PerSecondNow => perSecond[0];

    /// <summary>How the site rounds.</summary>
    public Billing Billing => billing;

    /// <summary>The bill for a stay, rounded as the site rounds it, in currency.</summary>
    public double Bill(double seconds, bool arrives) => Over(billing.BilledSeconds(seconds, arrives));

    /// <summary>
    /// With <see cref="LeastPerSecond"/> a line below the bill of every stay from <paramref name="seconds"/> on: the bill there, unrounded,
    /// or the site's minimum where that never rises.
    /// </summary>
    public double LeastBill(double seconds, bool arrives) => IsFlat && PerSecondNow > 0 ? Over(seconds)
        : Math.Max(Over(seconds), arrives && IsFlat ? Over(billing.Minimum.TotalSeconds) : 0);

    /// <summary>The smallest slope of a line from the price of a stay to that of any longer one, up to a longest.</summary>
    public double LeastPerSecond(double seconds, double longest)
    {
        // The price is straight between its steps: a line that is below it at each step and at the end is below it everywhere.
        var slope = (Over(longest) - Over(seconds)) / Math.Max(longest - seconds, 1e-9);
        foreach (var step in from.Where(step => step > seconds && step < longest))
        {
            slope = Math.Min(slope, (Over(step) - Over(seconds)) / (step - seconds));
        }

        return slope;
    }

    /// <summary>The price of the first so many seconds, unrounded, in currency.</summary>
    public double Over(double seconds)
    {
        if (seconds <= 0)
        {
            return 0;
        }

        var entry = 0;
        if (from.Length > 1)
        {
            var found = Array.BinarySearch(from, seconds);
            entry = found >= 0 ? found : ~found - 1;
        }

        return paid[entry] + ((seconds - from[entry]) * perSecond[entry]);
    }
}
