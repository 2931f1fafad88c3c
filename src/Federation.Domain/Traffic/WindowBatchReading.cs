using System.Collections.Immutable;
using System.Globalization;
using Federation.Domain.Identity;

namespace Federation.Domain.Traffic;

/// <summary>A <see cref="WindowBatch"/> that was checked: what can be taken, what not, and why. Compared by reference.</summary>
/// <param name="Application">Whose VMs they are.</param>
/// <param name="Reports">The windows without a fault, in the batch's order.</param>
/// <param name="Refused">The windows with a fault, in the batch's order.</param>
/// <param name="Faults">What is wrong with the batch itself; if anything is, none of its windows is in the other two.</param>
public sealed record WindowBatchReading(
    AppId Application,
    ImmutableArray<NumberedReport> Reports,
    ImmutableArray<RefusedWindow> Refused,
    ImmutableArray<string> Faults)
{
    private static readonly string[] TimeFormats =
        ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

    /// <summary>A day of windows.</summary>
    private const int MostMerged = 2880;

    /// <summary>What a classic capture file can hold; a year 9999 would have no window after it.</summary>
    private static readonly DateTimeOffset LastStart = DateTimeOffset.UnixEpoch.AddSeconds(uint.MaxValue);

    /// <summary>Checks a batch; every fault of it is named.</summary>
    public static WindowBatchReading Of(WindowBatch batch)
    {
        var faults = FaultsOf(batch).ToImmutableArray();
        if (!faults.IsEmpty)
        {
            return new WindowBatchReading(new AppId(batch.Application ?? ""), [], [], faults);
        }

        var reports = ImmutableArray.CreateBuilder<NumberedReport>(batch.Windows.Length);
        var refused = ImmutableArray.CreateBuilder<RefusedWindow>();
        foreach (var posted in batch.Windows)
        {
            if (Read(posted, out var found) is { } report)
            {
                reports.Add(new NumberedReport(new ReportOrigin(batch.Sensor, batch.Boot, posted.Sequence), report));
            }
            else
            {
                refused.Add(new RefusedWindow(posted?.Vm ?? "", posted?.Start ?? "", string.Join("; ", found)));
            }
        }

        return new WindowBatchReading(new AppId(batch.Application), reports.ToImmutable(), refused.ToImmutable(), faults);
    }

    private static IEnumerable<string> FaultsOf(WindowBatch batch)
    {
        if (string.IsNullOrWhiteSpace(batch.Sensor))
        {
            yield return "sensor: the sensor's name is missing";
        }

        if (batch.Boot == Guid.Empty)
        {
            yield return "boot: a GUID other than zero is wanted, new at every start of the sensor";
        }

        if (string.IsNullOrWhiteSpace(batch.Application))
        {
            yield return "application: the application's name is missing";
        }

        if (batch.Windows.IsDefaultOrEmpty)
        {
            yield return "windows: at least one window is wanted";
        }
    }

    private static WindowReport? Read(PostedWindow? posted, out List<string> faults)
    {
        faults = [];
        if (posted is null)
        {
            faults.Add("a window is null");
            return null;
        }

        Require(posted.Sequence >= 1, $"sequence {posted.Sequence} is not at least 1", faults);
        Require(!string.IsNullOrWhiteSpace(posted.Vm), "the VM's name is missing", faults);
        var window = ReadWindow(posted.Start, faults);
        var covered = ReadCovered(posted.Covered, faults);
        Require(posted.Dropped >= 0, $"dropped {posted.Dropped} is negative", faults);
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
            faults.Add($"start '{start}' is no ISO 8601 time with a zone, such as 2026-11-23T17:51:00Z");
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
        Require(inRange, string.Create(CultureInfo.InvariantCulture, $"covered {seconds} is not in (0, 30] seconds"), faults);
        return inRange ? TimeSpan.FromTicks(ticks) : default;
    }

    private static ImmutableArray<TrafficRecord> ReadRecords(ImmutableArray<PostedRecord> posted, List<string> faults)
    {
        var records = new SortedDictionary<(Address Peer, FlowDirection Direction), TrafficRecord>();
        foreach (var entry in posted.IsDefault ? [] : posted)
        {
            if (ReadRecord(entry, faults) is { } record)
            {
                var isNew = records.TryAdd((record.Peer, record.Direction), record);
                Require(isNew, $"peer {record.Peer} is there twice as {entry.Direction}", faults);
            }
        }

        return [.. records.Values];
    }

    private static TrafficRecord? ReadRecord(PostedRecord? posted, List<string> faults)
    {
        if (posted is null)
        {
            faults.Add("a record is null");
            return null;
        }

        var before = faults.Count;
        Require(Address.TryParse(posted.Peer, out var peer), $"peer '{posted.Peer}' is no IPv4, IPv6 or MAC address", faults);
        var direction = ReadDirection(posted.Direction);
        Require(direction is not null, $"direction '{posted.Direction}' is neither received nor sent", faults);
        Require(posted.Packets >= 1, $"packets {posted.Packets} of peer '{posted.Peer}' is not at least 1", faults);
        Require(posted.Bytes >= 0, $"bytes {posted.Bytes} of peer '{posted.Peer}' is negative", faults);
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

    private static void Require(bool holds, string otherwise, List<string> faults)
    {
        if (!holds)
        {
            faults.Add(otherwise);
        }
    }
}
