using Federation.Domain.Traffic;

namespace Federation.Domain.Groups;

/// <summary>Windows whose groups are still to be found, because VMs have not reported them yet or because their turn has not come. Mutable.</summary>
/// <remarks>
/// Their turn comes oldest first, so that the history is told in order: one that not all have reported holds up those after it, but none of them
/// for longer than the grace after its own last report.
/// </remarks>
/// <param name="grace">How long a window waits for more reports, after the last that came.</param>
public sealed class WaitingWindows(TimeSpan grace)
{
    private readonly SortedDictionary<Window, DateTimeOffset> lastReports = [];

    /// <summary>The oldest; null if none waits.</summary>
    public Window? Oldest => lastReports.Count > 0 ? lastReports.First().Key : null;

    /// <summary>Notes that a report of a window has come.</summary>
    public void Note(Window window, DateTimeOffset now) => lastReports[window] = now;

    /// <summary>Whether the oldest waits no longer, whoever has not reported it. O(windows).</summary>
    /// <remarks>A report that came ahead of the clock came before it was set back: nobody knows how long ago.</remarks>
    public bool IsOverdue(DateTimeOffset now) => lastReports.Values.Any(reported => now >= reported + grace || reported > now);

    /// <summary>Forgets a window and all before it: the history goes forward only.</summary>
    public void RemoveUntil(Window last)
    {
        while (Oldest is { } oldest && oldest.CompareTo(last) <= 0)
        {
            lastReports.Remove(oldest);
        }
    }

    /// <summary>Forgets the windows that are ahead of the clock; who keeps them aside tells of them anew.</summary>
    public void RemoveAhead(DateTimeOffset now)
    {
        while (lastReports.Count > 0 && lastReports.Last() is { Key: var newest } && newest.IsAhead(now))
        {
            lastReports.Remove(newest);
        }
    }

    /// <summary>Forgets them all.</summary>
    public void Clear() => lastReports.Clear();
}
