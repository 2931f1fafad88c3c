using Federation.Domain.Clocks;

namespace Federation.Sensor.Daemon;

/// <summary>Holds the wall clock against the monotonic one, so that a step of it is noticed. Not safe for use by several threads.</summary>
internal sealed class WallClock(TimeProvider time)
{
    /// <summary>Less than this is a slew, or a slow process between the two readings.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(0.5);

    private ClockReading last = Now(time);

    /// <summary>What the wall clock says, and how far it has jumped since the reading before; forward is positive, zero: it has not.</summary>
    public (DateTimeOffset Now, TimeSpan Step) Read()
    {
        var (before, now) = (last, Now(time));
        last = now;
        return (now.Wall, before.StepTo(now, Tolerance));
    }

    private static ClockReading Now(TimeProvider time) => new(time.GetUtcNow(), time.GetElapsedTime(0));
}

/// <summary>How far this host's clock and the service's are apart.</summary>
/// <param name="Offset">By how much the service's is ahead; negative: behind.</param>
/// <param name="Uncertainty">How far that may be wrong: half of how long the answer took.</param>
internal readonly record struct ClockSkew(TimeSpan Offset, TimeSpan Uncertainty)
{
    // A window's boundary is off by as much; what NTP leaves is milliseconds.
    private static readonly TimeSpan Tolerable = TimeSpan.FromSeconds(1);

    /// <summary>Whether one of the clocks is certainly wrong by more than matters.</summary>
    public bool IsWrong => Offset.Duration() - Uncertainty > Tolerable;

    /// <summary>What an answer tells.</summary>
    public static ClockSkew Of(DateTimeOffset asked, DateTimeOffset answered, DateTimeOffset service)
    {
        var half = (answered - asked) / 2;
        return new(service - (asked + half), half);
    }
}
