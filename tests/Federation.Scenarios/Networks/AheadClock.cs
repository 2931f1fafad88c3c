namespace Federation.Scenarios.Networks;

/// <summary>A clock that can be set ahead.</summary>
internal sealed class AheadClock : TimeProvider
{
    private TimeSpan ahead;

    public void Ahead(TimeSpan by) => ahead += by;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + ahead;

    public override long GetTimestamp() => System.GetTimestamp() + (long)(ahead.TotalSeconds * System.TimestampFrequency);

    public override long TimestampFrequency => System.TimestampFrequency;
}
