namespace Federation.Grains.Tests.Making;

/// <summary>The system's clock, put forward: what a test does not want to wait for is over at once, and timers run as they do.</summary>
internal sealed class ShiftedClock : TimeProvider
{
    private long shift;

    public void Advance(TimeSpan by) => Interlocked.Add(ref shift, by.Ticks);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref shift));
}
