namespace Federation.Domain.Sites;

/// <summary>What a price that wanders is expected to be: it comes back to its mean as time goes on.</summary>
/// <remarks>
/// The expectation of a process that reverts: mean + (present - mean) e^(-t / reversion). The mean is that of what was seen, drawn towards
/// the present while little was seen: seen / (seen + 2 reversions) of the way, about as much as a mean over that time can be trusted.
/// Source of the process: Ornstein and Uhlenbeck, Phys. Rev. 36, 1930.
/// </remarks>
public static class PriceForecast
{
    // In reversions: from one to the next the expectation is taken as its mean there, after the last one as the mean of all.
    private static readonly double[] Steps = [0, 0.1, 0.25, 0.5, 1, 2, 4];

    /// <summary>The expected prices from now on; the schedule as it is where it has no past, or says itself what is to come.</summary>
    /// <param name="schedule">What is known.</param>
    /// <param name="now">The present.</param>
    /// <param name="reversion">The time in which a deviation falls to 1/e of itself; more than zero.</param>
    public static PriceSchedule Of(PriceSchedule schedule, DateTimeOffset now, TimeSpan reversion) =>
        schedule.Entries[^1].From <= now && schedule.Entries.Length > 1 ? OfPast(schedule, now, reversion) : schedule;

    /// <summary>The expected prices from now on, whatever the schedule says of the time after that.</summary>
    /// <param name="schedule">What is known; there is a price now.</param>
    /// <param name="now">The present.</param>
    /// <param name="reversion">The time in which a deviation falls to 1/e of itself; more than zero.</param>
    public static PriceSchedule OfPast(PriceSchedule schedule, DateTimeOffset now, TimeSpan reversion)
    {
        var (present, seen) = ((double)schedule.At(now)!.Value, now - Begin(schedule));
        var trust = seen / (seen + (2 * reversion));
        var mean = present + (trust * (MeanOver(schedule, seen) - present));
        var entries = new PriceEntry[Steps.Length];
        for (var i = 0; i < Steps.Length; i++)
        {
            var left = i + 1 < Steps.Length ? (Math.Exp(-Steps[i]) - Math.Exp(-Steps[i + 1])) / (Steps[i + 1] - Steps[i]) : 0;
            entries[i] = new(now + (Steps[i] * reversion), (decimal)(mean + ((present - mean) * left)));
        }

        return new(entries);
    }

    private static double MeanOver(PriceSchedule schedule, TimeSpan seen) =>
        seen > TimeSpan.Zero ? schedule.Over(Begin(schedule), seen.TotalSeconds)!.Value / seen.TotalHours : 0;

    // What has held since the beginning of time is as good as unseen up to the first change.
    private static DateTimeOffset Begin(PriceSchedule schedule) =>
        schedule.Entries[0].From == DateTimeOffset.MinValue && schedule.Entries.Length > 1 ? schedule.Entries[1].From : schedule.Entries[0].From;
}
