namespace Federation.Planning.Model;

/// <summary>Tells a search when to stop: its time is over, or nobody waits for it any more.</summary>
internal sealed class SearchClock(TimeProvider time, TimeSpan limit, CancellationToken cancel)
{
    private readonly long start = time.GetTimestamp();
    private volatile bool over;

    /// <summary>How much time is left; zero once it is over.</summary>
    public TimeSpan Left => time.GetElapsedTime(start) is var elapsed && elapsed < limit ? limit - elapsed : TimeSpan.Zero;

    /// <summary>Whether the time is over. Safe for several threads.</summary>
    /// <exception cref="OperationCanceledException">Nobody waits any more.</exception>
    public bool IsOver()
    {
        cancel.ThrowIfCancellationRequested();
        over = over || time.GetElapsedTime(start) >= limit;
        return over;
    }
}
