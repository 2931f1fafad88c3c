namespace Federation.Silo.Outages;

/// <summary>What requests have met of late.</summary>
internal sealed class RecentOutages(TimeProvider clock)
{
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(10);

    private long disk = long.MinValue;

    /// <summary>Whether a request found the disk full in the last 10 s.</summary>
    public bool DiskIsFull => Interlocked.Read(ref disk) is var at && at != long.MinValue && clock.GetElapsedTime(at) < Lately;

    /// <summary>A request has met an outage.</summary>
    public void Note(OutageKind kind)
    {
        if (kind == OutageKind.Disk)
        {
            Interlocked.Exchange(ref disk, clock.GetTimestamp());
        }
    }
}
