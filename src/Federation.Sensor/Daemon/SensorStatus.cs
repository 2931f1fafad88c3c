using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Federation.Domain.Traffic;
using Federation.Sensor.Live;

namespace Federation.Sensor.Daemon;

/// <summary>How a sensor is doing, as its status endpoint tells it. Compared by reference.</summary>
public sealed record SensorStatus
{
    /// <summary>The sensor's name.</summary>
    public required string Sensor { get; init; }

    /// <summary>New at every start.</summary>
    public required Guid Boot { get; init; }

    /// <summary>The capture backend.</summary>
    public required string Backend { get; init; }

    /// <summary>When this was so.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>When the sensor was started.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>The interfaces that are watched.</summary>
    public ImmutableArray<string> Watched { get; init; } = [];

    /// <summary>The interfaces that should be and are not, each with the reason.</summary>
    public ImmutableSortedDictionary<string, string> Faults { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The VMs on this host, as <c>application/vm</c>.</summary>
    public ImmutableArray<string> Vms { get; init; } = [];

    /// <summary>The start of the window that is open.</summary>
    public DateTimeOffset Window { get; init; }

    /// <summary>Who sends most to whom, over the last look: by bytes, at most 50.</summary>
    public ImmutableArray<PairRate> Pairs { get; init; } = [];

    /// <summary>What was counted since the start.</summary>
    public SensorCounts Counts { get; init; }

    /// <summary>Frames since the start in which no IP addresses were found, by what they were: they count by Ethernet address, if at all.</summary>
    public ImmutableSortedDictionary<string, long> LeftOut { get; init; } = LeftOutFrames.None;

    /// <summary>What waits for the service.</summary>
    public SpoolStatus Spool { get; init; }

    /// <summary>How the service was last reached.</summary>
    public DeliveryStatus Delivery { get; init; }
}

/// <summary>How much one address sends to another.</summary>
/// <param name="Source">Who sends: a VM if it is one of this host, otherwise an address.</param>
/// <param name="Destination">Who receives.</param>
/// <param name="PacketsPerSecond">Frames.</param>
/// <param name="BytesPerSecond">Their lengths.</param>
public readonly record struct PairRate(string Source, string Destination, double PacketsPerSecond, double BytesPerSecond);

/// <summary>What a sensor counted since its start.</summary>
/// <param name="Packets">Frames, on all interfaces.</param>
/// <param name="Bytes">Their lengths.</param>
/// <param name="Dropped">Frames that could not be counted.</param>
/// <param name="Windows">Windows that were closed.</param>
/// <param name="Gaps">Windows of which a part, or all, was not watched; the first one after the start not among them.</param>
/// <param name="ClockSteps">How often the clock jumped.</param>
public readonly record struct SensorCounts(long Packets, long Bytes, long Dropped, long Windows, long Gaps, long ClockSteps)
{
    internal SensorCounts With(CaptureCut cut) => this with
    {
        Packets = Packets + cut.Tallies.Sum(tally => tally.Packets),
        Bytes = Bytes + cut.Tallies.Sum(tally => tally.Bytes),
        Dropped = Dropped + cut.Dropped,
    };

    internal SensorCounts With(WindowCount closed) => this with
    {
        Windows = Windows + 1,
        Gaps = Gaps + (Windows > 0 && closed.Covered < Window.Length ? 1 : 0),
    };
}

/// <summary>What waits for the service.</summary>
/// <param name="Reports">Reports.</param>
/// <param name="Bytes">What they take on disk.</param>
/// <param name="Oldest">The oldest window; null: nothing waits.</param>
/// <param name="Merged">How many of them are shares of several windows' sums.</param>
/// <param name="Lost">Reports that were given up since the start, for lack of room.</param>
public readonly record struct SpoolStatus(long Reports, long Bytes, DateTimeOffset? Oldest, long Merged, long Lost);

/// <summary>How the service was last reached.</summary>
/// <param name="Delivered">Reports that it has answered for since the start.</param>
/// <param name="Refused">How many of them it does not take.</param>
/// <param name="LastAnswer">When it last answered.</param>
/// <param name="Failure">Why reports wait: it does not answer, or refuses an application's; null if they do not.</param>
/// <param name="Answer">The HTTP status of the answer that is the failure; null: there was none.</param>
/// <param name="IsAway">Whether nobody answered at all.</param>
/// <param name="ClockOffset">By how much the service's clock is ahead, seconds, as far as can be told; null: not known.</param>
public readonly record struct DeliveryStatus(long Delivered, long Refused, DateTimeOffset? LastAnswer, string? Failure, int? Answer, bool IsAway, double? ClockOffset);

/// <summary>Reads and writes <see cref="SensorStatus"/> without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SensorStatus))]
public sealed partial class SensorStatusJson : JsonSerializerContext;

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
        AddLeftOut(text, status.LeftOut);
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
        Add(text, "delivery_failing", "gauge", "Whether reports cannot be delivered: the service is away, or refuses them.", status.Delivery.Failure is null ? 0 : 1);
        if (status.Delivery.ClockOffset is { } offset)
        {
            Add(text, "clock_offset_seconds", "gauge", "By how much the service's clock is ahead.", offset);
        }

        return text.ToString();
    }

    // Reasons are our own words: nothing in them has to be escaped.
    private static void AddLeftOut(StringBuilder text, ImmutableSortedDictionary<string, long> leftOut)
    {
        const string name = "federation_sensor_left_out_frames_total";
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} Frames without IP addresses, by what they were: they count by Ethernet address, if at all.\n");
        text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} counter\n");
        foreach (var (reason, frames) in leftOut)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}{{reason=\"{reason}\"}} {frames}\n");
        }
    }

    private static void Add(StringBuilder text, string name, string kind, string help, double value) => text.Append(
        CultureInfo.InvariantCulture,
        $"# HELP federation_sensor_{name} {help}\n# TYPE federation_sensor_{name} {kind}\nfederation_sensor_{name} {value}\n");
}
