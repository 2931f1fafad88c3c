namespace Federation.Planning;

/// <summary>Tells a search when to stop: its time is over, or nobody waits for it any more.</summary>
internal sealed class SearchClock(TimeProvider time, TimeSpan limit, CancellationToken cancel)
{
    // Looking costs about as much as a step.
    private const int StepsBetweenLooks = 1024;

    private readonly long start = time.GetTimestamp();
    private int steps;
    private bool over;

    /// <summary>Whether the time is over; looks at the first call and at every so many after it.</summary>
    /// <exception cref="OperationCanceledException">Nobody waits any more.</exception>
    public bool IsOver()
    {
        if (!over && steps++ % StepsBetweenLooks == 0)
        {
            cancel.ThrowIfCancellationRequested();
            over = time.GetElapsedTime(start) >= limit;
        }

        return over;
    }
}
