using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Federation.Domain.Identity;

namespace Federation.Domain.Traffic;

/// <summary>A <see cref="WindowBatch"/> that was checked: what can be taken, what not, and why. Compared by reference.</summary>
/// <param name="Application">Whose VMs they are, but for reports that name their own application; empty if all have to.</param>
/// <param name="Reports">The windows without a fault, in the batch's order.</param>
/// <param name="Refused">The malformed windows, and those with a fault, in the batch's order.</param>
/// <param name="Faults">What is wrong with the batch itself; if anything is, none of its windows is in the other two.</param>
public sealed record WindowBatchReading(
    AppId Application,
    ImmutableArray<NumberedReport> Reports,
    ImmutableArray<RefusedWindow> Refused,
    ImmutableArray<string> Faults)
{
    private static readonly string[] TimeFormats =
        ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

    /// <summary>The most windows in one batch.</summary>
    public const int MostWindows = 10_000;

    /// <summary>The longest name of a sensor, an application or a VM.</summary>
    public const int LongestName = 256;

    /// <summary>The largest count: what a <see cref="Flow"/> holds exactly, and a window's worth of 2 Pbit/s.</summary>
    private const long LargestCount = 1L << 53;

    // Of one window; a report of 10^5 faults helps nobody and costs memory.
    private const int MostFaultsNamed = 10;

    private const int LongestEcho = 64;

    /// <summary>A day of windows.</summary>
    private const int MostMerged = 2880;

    /// <summary>What a classic capture file can hold; a year 9999 would have no window after it.</summary>
    private static readonly DateTimeOffset LastStart = DateTimeOffset.UnixEpoch.AddSeconds(uint.MaxValue);

    /// <summary>Checks a batch; every fault of it is named.</summary>
    public static WindowBatchReading Of(WindowBatch batch) => Of(new ParsedBatch(batch, []));

    /// <summary>Checks a batch; every fault of it is named.</summary>
    public static WindowBatchReading Of(ParsedBatch parsed)
    {
        var batch = parsed.Batch;
        var faults = FaultsOf(batch, hasMalformed: !parsed.Malformed.IsEmpty).ToImmutableArray();
        if (!faults.IsEmpty)
        {
            return new WindowBatchReading(default, [], [], faults);
        }

        var reports = ImmutableArray.CreateBuilder<NumberedReport>(batch.Windows.Length);
        var refused = parsed.Malformed.ToBuilder();
        foreach (var posted in batch.Windows)
        {
            if (Read(posted, batch.Application, out var found) is { } report)
            {
                reports.Add(new NumberedReport(new ReportOrigin(batch.Sensor, batch.Boot, posted.Sequence), report)
                {
                    Application = posted.Application is { } own ? AppId.Parse(own) : null,
                });
            }
            else
            {
                refused.Add(new RefusedWindow(Short(posted?.Vm), Short(posted?.Start), Reason(found)));
            }
        }

        return new WindowBatchReading(batch.Application is { } whole ? AppId.Parse(whole) : default, reports.ToImmutable(), refused.ToImmutable(), faults);
    }

    private static IEnumerable<string> FaultsOf(WindowBatch batch, bool hasMalformed)
    {
        if (FaultOfName(batch.Sensor) is { } sensor)
        {
            yield return $"sensor: the sensor's name {sensor}";
        }

        if (batch.Boot == Guid.Empty)
        {
            yield return "boot: a GUID other than zero is wanted, new at every start of the sensor";
        }

        var isNeeded = batch.Windows.IsDefaultOrEmpty ? !hasMalformed : batch.Windows.All(window => window?.Application is null);
        if ((batch.Application is not null || isNeeded) && FaultOfApplication(batch.Application) is { } application)
        {
            yield return $"application: the application's name {application}";
        }

        if (batch.Windows.IsDefaultOrEmpty && !hasMalformed)
        {
            yield return "windows: at least one window is wanted";
        }
        else if (batch.Windows.Length > MostWindows)
        {
            yield return $"windows: {batch.Windows.Length} are more than {MostWindows}, send several batches";
        }
    }

    // PostgreSQL has no text with a zero character in it, and people no name with a line break.
    private static string? FaultOfName(string? name) =>
        string.IsNullOrWhiteSpace(name) ? "is missing"
        : name.Length > LongestName ? $"is longer than {LongestName} characters"
        : name.Any(c => char.IsControl(c) || char.IsSurrogate(c)) ? "has a character in it that is no text"
        : null;

    private static string? FaultOfApplication(string? name) => FaultOfName(name)
        ?? (AppId.TryParse(name, out _) ? null : "is none of NAME, TENANT/NAME, TENANT/NAME.INCARNATION");

    internal static string Short(string? text) =>
        text is null ? "" : text.Length <= LongestEcho ? text : string.Concat(text.AsSpan(0, LongestEcho), "...");

    private static string Reason(List<string> faults) => faults.Count <= MostFaultsNamed
        ? string.Join("; ", faults)
        : $"{string.Join("; ", faults.Take(MostFaultsNamed))}; and {faults.Count - MostFaultsNamed} more";

    private static WindowReport? Read(PostedWindow? posted, string? application, out List<string> faults)
    {
        faults = [];
        if (posted is null)
        {
            faults.Add("a window is null");
            return null;
        }

        Require(posted.Sequence >= 1, $"sequence {posted.Sequence} is not at least 1", faults);
        var (vm, own) = (FaultOfName(posted.Vm), FaultOfApplication(posted.Application ?? application));
        Require(vm is null, $"the VM's name {vm}", faults);
        Require(own is null, $"the application's name {own}", faults);
        var window = ReadWindow(posted.Start, faults);
        var covered = ReadCovered(posted.Covered, faults);
        Require(posted.Dropped >= 0, $"dropped {posted.Dropped} is negative", faults);
        Require(posted.Dropped <= LargestCount, $"dropped {posted.Dropped} is above {LargestCount}", faults);
        var merged = posted.Merged ?? 1;
        Require(merged is >= 1 and <= MostMerged, $"merged {merged} is not from 1 to {MostMerged}", faults);
        var records = ReadRecords(posted.Records, faults);
        return faults.Count == 0
            ? new WindowReport(new VmId(posted.Vm), window, records, covered, posted.Dropped, merged)
            : null;
    }

    private static Window ReadWindow(string? start, List<string> faults)
    {
        if (!DateTimeOffset.TryParseExact(
            start, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
        {
            faults.Add($"start '{Short(start)}' is no ISO 8601 time with a zone, such as 2026-11-23T17:51:00Z");
            return default;
        }

        var inRange = instant >= DateTimeOffset.UnixEpoch && instant <= LastStart;
        Require(inRange, $"start '{start}' is not from 1970 to 2106", faults);
        Require(Window.TryStartingAt(instant, out var window), $"start '{start}' is not at :00 or :30 of a minute", faults);
        return window;
    }

    private static TimeSpan ReadCovered(double seconds, List<string> faults)
    {
        // Rounded, since TimeSpan.FromSeconds cuts off: 21.1974605 s would lose a tick.
        var ticks = (long)Math.Round(seconds * TimeSpan.TicksPerSecond);
        var inRange = ticks > 0 && ticks <= Window.Length.Ticks;
        Require(inRange, $"covered {seconds} is not in (0, 30] seconds", faults);
        return inRange ? TimeSpan.FromTicks(ticks) : default;
    }

    private static ImmutableArray<TrafficRecord> ReadRecords(ImmutableArray<PostedRecord> posted, List<string> faults)
    {
        var records = ImmutableArray.CreateBuilder<TrafficRecord>(posted.IsDefault ? 0 : posted.Length);
        var isOrdered = true;
        foreach (var entry in posted.IsDefault ? [] : posted)
        {
            if (ReadRecord(entry, faults) is { } record)
            {
                isOrdered = isOrdered && (records.Count == 0 || KeyOf(records[^1]).CompareTo(KeyOf(record)) < 0);
                records.Add(record);
            }
        }

        // Sensors send them in order.
        return isOrdered ? records.DrainToImmutable() : Ordered(records, faults);
    }

    private static ImmutableArray<TrafficRecord> Ordered(IEnumerable<TrafficRecord> records, List<string> faults)
    {
        var ordered = new SortedDictionary<(Address Peer, FlowDirection Direction), TrafficRecord>();
        foreach (var record in records)
        {
            var isNew = ordered.TryAdd(KeyOf(record), record);
            Require(isNew, $"peer {record.Peer} is there twice as {record.Direction.ToString().ToLowerInvariant()}", faults);
        }

        return [.. ordered.Values];
    }

    private static (Address Peer, FlowDirection Direction) KeyOf(TrafficRecord record) => (record.Peer, record.Direction);

    private static TrafficRecord? ReadRecord(PostedRecord? posted, List<string> faults)
    {
        if (posted is null)
        {
            faults.Add("a record is null");
            return null;
        }

        var before = faults.Count;
        Require(Address.TryParse(posted.Peer, out var peer), $"peer '{Short(posted.Peer)}' is no IPv4, IPv6 or MAC address", faults);
        var direction = ReadDirection(posted.Direction);
        Require(direction is not null, $"direction '{Short(posted.Direction)}' is neither received nor sent", faults);
        Require(posted.Packets >= 1, $"packets {posted.Packets} of peer '{Short(posted.Peer)}' is not at least 1", faults);
        Require(posted.Bytes >= 0, $"bytes {posted.Bytes} of peer '{Short(posted.Peer)}' is negative", faults);
        var isCountable = posted.Packets <= LargestCount && posted.Bytes <= LargestCount;
        Require(isCountable, $"packets {posted.Packets} or bytes {posted.Bytes} of peer '{Short(posted.Peer)}' is above {LargestCount}", faults);
        return faults.Count == before
            ? new TrafficRecord(peer, direction.GetValueOrDefault(), posted.Packets, posted.Bytes)
            : null;
    }

    private static FlowDirection? ReadDirection(string? text) => text switch
    {
        "received" => FlowDirection.Received,
        "sent" => FlowDirection.Sent,
        _ => null,
    };

    private static void Require(bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] Otherwise otherwise, List<string> faults)
    {
        if (!holds)
        {
            faults.Add(otherwise.Text);
        }
    }

    /// <summary>The text of a fault, written only where there is one: a window of ten thousand VMs is a million checks.</summary>
    [InterpolatedStringHandler]
    private readonly ref struct Otherwise
    {
        private readonly StringBuilder? text;

        public Otherwise(int literalLength, int formattedCount, bool holds, out bool isWanted)
        {
            isWanted = !holds;
            text = holds ? null : new(literalLength + (formattedCount * LongestEcho));
        }

        public string Text => text!.ToString();

        public void AppendLiteral(string literal) => text!.Append(literal);

        public void AppendFormatted<T>(T value) => text!.Append(CultureInfo.InvariantCulture, $"{value}");
    }
}
