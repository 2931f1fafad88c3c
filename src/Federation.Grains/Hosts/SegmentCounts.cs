namespace Federation.Grains.Hosts;

/// <summary>What this silo counts of the networks of applications that it looks after.</summary>
public sealed class SegmentCounts
{
    private int behind;

    /// <summary>Hosts that have not acknowledged what they were told; one of several networks counts for each.</summary>
    public int Behind => Volatile.Read(ref behind);

    /// <summary>Called when all hosts that a change concerns have acknowledged it, with the time that the slowest took.</summary>
    public event Action<TimeSpan>? Acknowledged;

    /// <summary>So many more hosts are behind, or fewer.</summary>
    internal void Add(int hosts) => Interlocked.Add(ref behind, hosts);

    /// <summary>All hosts have acknowledged a change.</summary>
    internal void Told(TimeSpan slowest) => Acknowledged?.Invoke(slowest);
}
