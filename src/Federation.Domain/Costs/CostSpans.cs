using System.Collections.Immutable;

namespace Federation.Domain.Costs;

/// <summary>How fine costs are kept: by the hour for some days, then by the day, then by the month, and in the end not at all.</summary>
public static class CostSpans
{
    /// <summary>How many whole days are kept by the hour.</summary>
    public const int DaysOfHours = 3;

    /// <summary>How many whole days are kept at least by the day.</summary>
    public const int DaysOfDays = 92;

    /// <summary>How many days are kept at all: five years.</summary>
    public const int DaysOfMonths = 1_827;

    /// <summary>Slices as they are kept at an instant, in order; slices of one span become one.</summary>
    /// <param name="slices">Oldest first.</param>
    /// <param name="now">The instant.</param>
    public static ImmutableArray<CostSlice> Kept(ImmutableArray<CostSlice> slices, DateTimeOffset now)
    {
        var kept = ImmutableArray.CreateBuilder<CostSlice>(slices.Length);
        (int Kind, DateTimeOffset Begin) last = default;
        foreach (var slice in slices.Where(slice => slice.Until > DayOf(now).AddDays(-DaysOfMonths)))
        {
            var span = SpanOf(slice.From, now);
            if (kept.Count > 0 && span == last)
            {
                kept[^1] = kept[^1].With(slice);
            }
            else
            {
                kept.Add(slice);
            }

            last = span;
        }

        return kept.ToImmutable();
    }

    /// <summary>The hour of an instant, in UTC.</summary>
    public static DateTimeOffset HourOf(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);

    private static DateTimeOffset DayOf(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerDay), TimeSpan.Zero);

    private static (int Kind, DateTimeOffset Begin) SpanOf(DateTimeOffset from, DateTimeOffset now) =>
        from >= DayOf(now).AddDays(-DaysOfHours) ? (1, HourOf(from))
        : from >= DayOf(now).AddDays(-DaysOfDays) ? (2, DayOf(from))
        : (3, new(from.UtcDateTime.Year, from.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero));
}
