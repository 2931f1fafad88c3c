using Federation.Domain.Traffic;
using Federation.Sensor.Counting;

namespace Federation.Sensor.Reporting;

/// <summary>Reports a capture of the past as if it had just been watched.</summary>
public static class Replay
{
    /// <summary>
    /// The reports of every window from the capture's first to its last, oldest first, moved by whole windows so that the
    /// last one is <paramref name="last"/>; none for a capture without frames.
    /// </summary>
    /// <remarks>
    /// Windows without a frame are reported as zero, and the first and the last one as wholly watched: a capture does not say
    /// when it was started and stopped. Lazy, since a capture may span years.
    /// </remarks>
    /// <param name="capture">What was captured.</param>
    /// <param name="reporter">Knows the VMs to report on.</param>
    /// <param name="last">Usually the last window that has closed.</param>
    public static IEnumerable<WindowReport> Reports(CaptureTraffic capture, WindowReporter reporter, Window last)
    {
        if (capture.Windows.IsEmpty)
        {
            return [];
        }

        var known = capture.Windows.ToDictionary(traffic => traffic.Window);
        var end = capture.Windows[^1].Window;
        return Window.Ending(end, end.WindowsSince(capture.Windows[0].Window) + 1)
            .SelectMany(window => reporter.Report(
                last.Shift(window.WindowsSince(end)), known.GetValueOrDefault(window), Window.Length));
    }
}
