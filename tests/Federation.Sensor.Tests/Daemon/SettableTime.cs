namespace Federation.Sensor.Tests.Daemon;

/// <summary>A wall clock that can be set, and a monotonic one that cannot.</summary>
internal sealed class SettableTime(DateTimeOffset start) : TimeProvider
{
    private DateTimeOffset wall = start;
    private TimeSpan monotonic;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => wall;

    public override long GetTimestamp() => monotonic.Ticks;

    public void Pass(TimeSpan time)
    {
        wall += time;
        monotonic += time;
    }

    public void Set(TimeSpan step) => wall += step;
}
