namespace Federation.Domain.Clocks;

/// <summary>What the clock of the day, which can be set, and the monotonic one, which nobody sets, say at one moment.</summary>
/// <param name="Wall">The clock of the day.</param>
/// <param name="Monotonic">Time since some moment before.</param>
public readonly record struct ClockReading(DateTimeOffset Wall, TimeSpan Monotonic)
{
    /// <summary>How far the clock of the day was set between this reading and a later one; forward is positive.</summary>
    /// <param name="later">The later one.</param>
    /// <param name="tolerance">What is no more than this is none: a slew, or a process that was held up between its two looks.</param>
    public TimeSpan StepTo(ClockReading later, TimeSpan tolerance)
    {
        var step = later.Wall - Wall - (later.Monotonic - Monotonic);
        return step.Duration() > tolerance ? step : TimeSpan.Zero;
    }
}
