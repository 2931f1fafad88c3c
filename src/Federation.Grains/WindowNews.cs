namespace Federation.Grains;

/// <summary>Which reports the groups of an application are told of: the first of a window, the one that completes it, and in between one a second. Mutable.</summary>
/// <remarks>Telling is a call, and has the window's progress asked for: done for every report it costs as much as storing them.</remarks>
internal sealed class WindowNews
{
    // Short beside the time that groups wait for a window's last reports.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private readonly SortedDictionary<int, (DateTimeOffset At, bool IsComplete)> told = [];

    /// <summary>Whether a report of a window is to be told of.</summary>
    /// <param name="window">The window's number.</param>
    /// <param name="isComplete">Whether all VMs have reported it.</param>
    /// <param name="now">The moment.</param>
    public bool Has(int window, bool isComplete, DateTimeOffset now) => !told.TryGetValue(window, out var last)
        || (isComplete && !last.IsComplete) || now >= last.At + Rest || now < last.At;

    /// <summary>Notes that it was told of: only then, so that what was not heard is said again.</summary>
    public void Told(int window, bool isComplete, DateTimeOffset now)
    {
        told[window] = (now, isComplete);
        if (told.Count > RecentWindows.Most)
        {
            told.Remove(told.Keys.First());
        }
    }
}
