namespace Federation.Scenarios.Hosts;

/// <summary>From when to when one copy of a VM ran; half-open, microseconds of one clock.</summary>
/// <param name="Copy">Which copy: one process of one hypervisor.</param>
/// <param name="From">When it began to run.</param>
/// <param name="To">When it stood still, or was gone; <see cref="long.MaxValue"/>: it runs.</param>
internal readonly record struct RunInterval(string Copy, long From, long To)
{
    /// <summary>Two copies that ran at once, or null. O(n log n).</summary>
    public static (RunInterval First, RunInterval Second)? Overlap(IEnumerable<RunInterval> intervals)
    {
        RunInterval? last = null;
        foreach (var next in intervals.Where(interval => interval.From < interval.To).OrderBy(interval => interval.From).ThenBy(interval => interval.To))
        {
            if (last is { } before && next.From < before.To && next.Copy != before.Copy)
            {
                return (before, next);
            }

            // Of one copy's intervals, which do not overlap, the one that lasts longest is the one that the next can meet.
            last = last is { } longer && longer.To > next.To ? longer : next;
        }

        return null;
    }

    /// <summary>The longest time in which no copy ran, after one that had.</summary>
    public static TimeSpan LongestPause(IEnumerable<RunInterval> intervals)
    {
        var (longest, last) = (0L, long.MaxValue);
        foreach (var interval in intervals.OrderBy(interval => interval.From))
        {
            longest = Math.Max(longest, interval.From - last);
            last = last == long.MaxValue ? interval.To : Math.Max(last, interval.To);
        }

        return TimeSpan.FromMicroseconds(longest);
    }
}
