using Federation.Domain.Traffic;
using Federation.Sensor.Counting;

namespace Federation.Sensor.Reporting;

/// <summary>Reports a capture of the past as if it had just been watched.</summary>
public static class Replay
{
    /// <summary>
    /// The reports of every window from the capture's first to its last, oldest first, moved by whole windows so that the
    /// last one is <paramref name="last"/>; none for a capture without frames. More than once: as if the same had passed again and again.
    /// </summary>
    /// <remarks>
    /// Windows without a frame are reported as zero, and the first and the last one as wholly watched: a capture does not say
    /// when it was started and stopped. Lazy, since a capture may span years.
    /// </remarks>
    /// <param name="capture">What was captured.</param>
    /// <param name="reporter">Knows the VMs to report on.</param>
    /// <param name="last">Usually the last window that has closed.</param>
    /// <param name="times">How often the capture is reported, one after another; at least 1.</param>
    public static IEnumerable<WindowReport> Reports(CaptureTraffic capture, WindowReporter reporter, Window last, int times = 1)
    {
        if (capture.Windows.IsEmpty)
        {
            return [];
        }

        var known = capture.Windows.ToDictionary(traffic => traffic.Window);
        var end = capture.Windows[^1].Window;
        var length = end.WindowsSince(capture.Windows[0].Window) + 1;
        return from earlier in Enumerable.Range(0, times).Reverse()
               from window in Window.Ending(end, length)
               from report in reporter.Report(
                   last.Shift(window.WindowsSince(end) - (earlier * length)), known.GetValueOrDefault(window), Window.Length)
               select report;
    }
}
