using Federation.Domain.Sites;

namespace Federation.Planning.Tests.Oracle;

/// <summary>What a stay costs, entry by entry of the price schedule.</summary>
public static class OracleBilling
{
    // An excess that only rounding can have made is none: less than a hundred-billionth of the time.
    private static readonly Rational AllButRounding = 1 - ((Rational)1 / 100_000_000_000);

    /// <summary>The time rounded up to the site's increment, and at least its minimum for a VM that arrives; seconds.</summary>
    public static Rational Billed(Billing billing, Rational seconds, bool arrives)
    {
        var rounded = (seconds / billing.Increment * AllButRounding).Ceiling() * billing.Increment;
        return arrives ? Rational.Max(rounded, billing.Minimum) : rounded;
    }

    /// <summary>The price's integral from now on, in currency; where the offer has no price yet, that of the time from when on it has one.</summary>
    public static Rational Integral(PriceSchedule price, DateTimeOffset now, Rational seconds)
    {
        Rational total = 0;
        for (var i = 0; i < price.Entries.Length; i++)
        {
            Rational opens = price.Entries[i].From - now;
            Rational closes = i + 1 < price.Entries.Length ? price.Entries[i + 1].From - now : Rational.Max(opens, 0) + seconds;
            var length = Rational.Min(closes, seconds) - Rational.Max(opens, 0);
            total += Rational.Max(length, 0) * price.Entries[i].PerHour / 3600;
        }

        return total;
    }
}
