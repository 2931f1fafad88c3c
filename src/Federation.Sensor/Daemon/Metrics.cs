using System.Globalization;
using System.Text;

namespace Federation.Sensor.Daemon;

/// <summary>A sensor's status as Prometheus metrics: text format 0.0.4.</summary>
internal static class Metrics
{
    /// <summary>The text.</summary>
    public static string Of(SensorStatus status)
    {
        var text = new StringBuilder();
        Add(text, "frames_total", "counter", "Frames counted on all interfaces.", status.Counts.Packets);
        Add(text, "bytes_total", "counter", "Bytes of the frames counted.", status.Counts.Bytes);
        Add(text, "dropped_frames_total", "counter", "Frames that the kernel could not hand over to be counted.", status.Counts.Dropped);
        Add(text, "windows_total", "counter", "Windows closed.", status.Counts.Windows);
        Add(text, "gaps_total", "counter", "Windows of which a part was not watched.", status.Counts.Gaps);
        Add(text, "clock_steps_total", "counter", "Jumps of the wall clock.", status.Counts.ClockSteps);
        Add(text, "watched_interfaces", "gauge", "Interfaces that are watched.", status.Watched.Length);
        Add(text, "faulty_interfaces", "gauge", "Interfaces that should be watched and are not.", status.Faults.Count);
        Add(text, "vms", "gauge", "VMs on this host.", status.Vms.Length);
        Add(text, "spool_reports", "gauge", "Reports that wait for the service.", status.Spool.Reports);
        Add(text, "spool_bytes", "gauge", "What they take on disk.", status.Spool.Bytes);
        Add(text, "spool_merged_reports", "gauge", "Reports that wait and are shares of several windows' sums.", status.Spool.Merged);
        Add(text, "spool_lost_reports_total", "counter", "Reports that were given up for lack of room.", status.Spool.Lost);
        Add(text, "delivered_reports_total", "counter", "Reports that the service has answered for.", status.Delivery.Delivered);
        Add(text, "refused_reports_total", "counter", "Reports that the service does not take.", status.Delivery.Refused);
        Add(text, "delivery_failing", "gauge", "Whether the service could not be reached at the last attempt.", status.Delivery.Failure is null ? 0 : 1);
        if (status.Delivery.ClockOffset is { } offset)
        {
            Add(text, "clock_offset_seconds", "gauge", "By how much the service's clock is ahead.", offset);
        }

        return text.ToString();
    }

    private static void Add(StringBuilder text, string name, string kind, string help, double value) => text.Append(
        CultureInfo.InvariantCulture,
        $"# HELP federation_sensor_{name} {help}\n# TYPE federation_sensor_{name} {kind}\nfederation_sensor_{name} {value}\n");
}
