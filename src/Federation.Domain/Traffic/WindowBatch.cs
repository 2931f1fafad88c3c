using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using Federation.Domain.Identity;

namespace Federation.Domain.Traffic;

/// <summary>A report with its origin: what a sensor hands over and a service can know again.</summary>
/// <param name="Origin">The sensor, its start and the report's number in it.</param>
/// <param name="Report">What was counted.</param>
public sealed record NumberedReport(ReportOrigin Origin, WindowReport Report)
{
    /// <summary>The application that the VM belongs to; null: that of the batch.</summary>
    public AppId? Application { get; init; }
}

/// <summary>The body of <c>POST /v1/windows</c>: closed windows from one start of one sensor, of one application or of several.</summary>
/// <remarks>As it came over the wire, unchecked; <see cref="WindowBatchReading.Of(WindowBatch)"/> checks it. Compared by reference.</remarks>
public sealed record WindowBatch
{
    /// <summary>The sensor's name, one per host.</summary>
    public required string Sensor { get; init; }

    /// <summary>New at every start of the sensor.</summary>
    public required Guid Boot { get; init; }

    /// <summary>The application that the VMs belong to, but for windows that name their own. Left out: all do.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? Application { get; init; }

    /// <summary>One entry for each VM and window.</summary>
    public required ImmutableArray<PostedWindow> Windows { get; init; }

    /// <summary>Writes reports, at least one, all of them of the same sensor and boot.</summary>
    /// <exception cref="ArgumentException">There is no report, or their sensors or boots differ.</exception>
    public static WindowBatch Of(AppId application, IReadOnlyCollection<NumberedReport> reports)
    {
        var starts = reports.Select(report => (report.Origin.Sensor, report.Origin.Boot)).Distinct().ToArray();
        return starts is [var (sensor, boot)]
            ? new WindowBatch
            {
                Sensor = sensor,
                Boot = boot,
                Application = application.Key,
                Windows = [.. reports.Select(PostedWindow.Of)],
            }
            : throw new ArgumentException($"A batch is of one sensor and boot, not of {starts.Length}", nameof(reports));
    }
}

/// <summary>What was counted for one VM in one window, as it is written in a <see cref="WindowBatch"/>.</summary>
public sealed record PostedWindow
{
    /// <summary>Counts up from 1 within a boot.</summary>
    public required long Sequence { get; init; }

    /// <summary>The application that the VM belongs to. Left out: that of the batch.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? Application { get; init; }

    /// <summary>The VM's name.</summary>
    public required string Vm { get; init; }

    /// <summary>The window's start, ISO 8601 with a zone: <c>2026-11-23T17:51:00Z</c>.</summary>
    public required string Start { get; init; }

    /// <summary>Seconds of the window that were watched: (0, 30].</summary>
    public required double Covered { get; init; }

    /// <summary>Frames that could not be counted. Left out: 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Dropped { get; init; }

    /// <summary>Windows that the figures are an equal share of. Left out: null, which is 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int? Merged { get; init; }

    /// <summary>One for each peer and direction; none says that the VM received nothing.</summary>
    public required ImmutableArray<PostedRecord> Records { get; init; }

    /// <summary>Writes a report.</summary>
    public static PostedWindow Of(NumberedReport numbered) => new()
    {
        Sequence = numbered.Origin.Sequence,
        Application = numbered.Application?.Key,
        Vm = numbered.Report.Vm.Value,
        Start = numbered.Report.Window.ToString(),
        Covered = numbered.Report.Covered.TotalSeconds,
        Dropped = numbered.Report.Dropped,
        Merged = numbered.Report.Merged == 1 ? null : numbered.Report.Merged,
        Records = [.. numbered.Report.Records.Select(PostedRecord.Of)],
    };
}

/// <summary>What one VM exchanged with one peer, as it is written in a <see cref="PostedWindow"/>.</summary>
public sealed record PostedRecord
{
    /// <summary>The other end's address.</summary>
    public required string Peer { get; init; }

    /// <summary><c>received</c> or <c>sent</c>, seen from the VM.</summary>
    public required string Direction { get; init; }

    /// <summary>Frames, at least 1.</summary>
    public required long Packets { get; init; }

    /// <summary>The frames' original lengths together.</summary>
    public required long Bytes { get; init; }

    /// <summary>Writes a record.</summary>
    public static PostedRecord Of(TrafficRecord record) => new()
    {
        Peer = record.Peer.ToString(),
        Direction = record.Direction.ToString().ToLower(CultureInfo.InvariantCulture),
        Packets = record.Packets,
        Bytes = record.Bytes,
    };
}

/// <summary>The answer to a <see cref="WindowBatch"/>: what it holds is stored, or will never be.</summary>
public sealed record WindowBatchAnswer
{
    /// <summary>Windows that are stored now and were not before.</summary>
    public required int Accepted { get; init; }

    /// <summary>Windows that had been stored before; nothing changed.</summary>
    public required int Duplicates { get; init; }

    /// <summary>Windows that are not stored; to send them again would not help.</summary>
    public required ImmutableArray<RefusedWindow> Refused { get; init; }

    /// <summary>The service's time, so that a sensor can tell that its own clock is off.</summary>
    public required DateTimeOffset Now { get; init; }
}

/// <summary>A window that a service does not take.</summary>
/// <param name="Vm">The VM's name, as it was posted.</param>
/// <param name="Start">The window's start, as it was posted.</param>
/// <param name="Reason">Every fault, fit to show to a user.</param>
public sealed record RefusedWindow(string Vm, string Start, string Reason);

/// <summary>Reads and writes <see cref="WindowBatch"/> and its answer without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(WindowBatch))]
[JsonSerializable(typeof(WindowBatchAnswer))]
public sealed partial class WindowBatchJson : JsonSerializerContext;
