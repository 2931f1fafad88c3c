using System.Collections.Immutable;

namespace Federation.Domain.Sites;

/// <summary>From when on a price holds.</summary>
/// <param name="From">The first instant.</param>
/// <param name="PerHour">The price, in the federation's currency per hour; zero or more.</param>
public readonly record struct PriceEntry(DateTimeOffset From, decimal PerHour);

/// <summary>What an offer costs per hour over time: a step function whose last entry holds on.</summary>
/// <remarks>Before the first entry there is no price, which is unknown and not zero. Compared by reference.</remarks>
public sealed class PriceSchedule
{
    private readonly double[] perSecond;

    /// <summary>Makes a schedule; the entries in any order.</summary>
    /// <exception cref="ArgumentException">There is no entry, one is negative, or two start at the same instant.</exception>
    public PriceSchedule(IEnumerable<PriceEntry> entries)
    {
        Entries = [.. entries.OrderBy(entry => entry.From)];
        if (Entries.IsEmpty || Entries.Any(entry => entry.PerHour < 0)
            || Entries.Zip(Entries.Skip(1)).Any(pair => pair.First.From == pair.Second.From))
        {
            throw new ArgumentException("a price schedule has entries of distinct times and no negative price", nameof(entries));
        }

        perSecond = [.. Entries.Select(entry => (double)entry.PerHour / 3600)];
    }

    /// <summary>The entries, earliest first; at least one.</summary>
    public ImmutableArray<PriceEntry> Entries { get; }

    /// <summary>A price that nobody knows: it never begins to hold.</summary>
    public static PriceSchedule Unknown { get; } = new([new PriceEntry(DateTimeOffset.MaxValue, 0)]);

    /// <summary>A price that has always held.</summary>
    public static PriceSchedule Always(decimal perHour) => new([new PriceEntry(DateTimeOffset.MinValue, perHour)]);

    /// <summary>The price per hour at an instant; null before the first entry.</summary>
    public decimal? At(DateTimeOffset instant)
    {
        var index = IndexAt(instant);
        return index < 0 ? null : Entries[index].PerHour;
    }

    /// <summary>
    /// What the offer costs over <paramref name="seconds"/> from <paramref name="from"/>, in currency; null where it has no price yet.
    /// </summary>
    public double? Over(DateTimeOffset from, double seconds)
    {
        var index = IndexAt(from);
        if (index < 0)
        {
            return null;
        }

        double total = 0, done = 0;
        for (; done < seconds; index++)
        {
            var next = index + 1 < Entries.Length ? (Entries[index + 1].From - from).TotalSeconds : double.PositiveInfinity;
            var until = Math.Min(next, seconds);
            total += (until - done) * perSecond[index];
            done = until;
        }

        return total;
    }

    /// <summary>What is known of that bill: time before the first entry, whose price nobody knows, counts as nothing.</summary>
    public double KnownOver(DateTimeOffset from, double seconds)
    {
        var unknown = Math.Max(0, (Entries[0].From - from).TotalSeconds);
        return unknown == 0 ? Over(from, seconds)!.Value : seconds <= unknown ? 0 : Over(Entries[0].From, seconds - unknown)!.Value;
    }

    private int IndexAt(DateTimeOffset instant)
    {
        int low = 0, high = Entries.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = Entries[middle].From <= instant ? (middle + 1, high) : (low, middle);
        }

        return low - 1;
    }
}
