namespace Federation.Sensor.Daemon;

/// <summary>Holds the wall clock against the monotonic one, so that a step of it is noticed. Not safe for use by several threads.</summary>
internal sealed class WallClock(TimeProvider time)
{
    /// <summary>Less than this is a slew, or a slow process between the two readings.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(0.5);

    private DateTimeOffset lastWall = time.GetUtcNow();
    private long lastMonotonic = time.GetTimestamp();

    /// <summary>What the wall clock says, and how far it has jumped since the reading before; forward is positive, zero: it has not.</summary>
    public (DateTimeOffset Now, TimeSpan Step) Read()
    {
        var (wall, monotonic) = (time.GetUtcNow(), time.GetTimestamp());
        var step = wall - lastWall - time.GetElapsedTime(lastMonotonic, monotonic);
        (lastWall, lastMonotonic) = (wall, monotonic);
        return (wall, step.Duration() > Tolerance ? step : TimeSpan.Zero);
    }
}
