using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Sensor.Spool;

/// <summary>Closed windows on their way to the service, on disk: what was put in stays until it is acknowledged, over any crash.</summary>
/// <remarks>
/// A log in segments: entries are appended with a checksum each, acknowledgements too, and the oldest files are taken away when nothing in
/// them waits any more. When it is full, the oldest windows are added up two by two, again and again; their sums stay true. Entries that may
/// have reached the service are never merged, since they would count twice. Safe for use by several threads.
/// </remarks>
public sealed class WindowSpool
{
    private readonly Lock gate = new();
    private readonly ISpoolFiles files;
    private readonly SpoolOptions options;
    private readonly SegmentSet segments;
    private Segment? active;
    private long lastId;

    /// <summary>Opens a spool with what is in its files.</summary>
    /// <exception cref="ValidationException">An option is out of its range.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    public WindowSpool(ISpoolFiles files, SpoolOptions options)
    {
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        (this.files, this.options, segments) = (files, options, new SegmentSet(files));
        var torn = segments.Load();
        segments.RemoveFinished(active: null);
        lastId = segments.LastId;
        Recovery = new SpoolRecovery(segments.Waiting.Sum(entry => (long)entry.Reports), torn);
    }

    /// <summary>What was found when it was opened.</summary>
    public SpoolRecovery Recovery { get; }

    /// <summary>What waits now.</summary>
    public SpoolFigures Figures
    {
        get
        {
            lock (gate)
            {
                var waiting = segments.Waiting;
                return new(
                    waiting.Count,
                    waiting.Sum(entry => (long)entry.Reports),
                    segments.Bytes,
                    waiting.Count == 0 ? null : waiting.Min(entry => entry.First),
                    waiting.Where(entry => entry.Windows > 1).Sum(entry => (long)entry.Reports));
            }
        }
    }

    /// <summary>The applications that something waits for, that with the oldest entry first.</summary>
    public ImmutableArray<AppId> Applications
    {
        get
        {
            lock (gate)
            {
                return [.. segments.Applications];
            }
        }
    }

    /// <summary>Puts an application's reports of one window in; they are durable when this returns.</summary>
    /// <param name="application">Whose VMs.</param>
    /// <param name="reports">At least one, all of one sensor, boot and window, their numbers without a gap.</param>
    /// <returns>What had to be given up to make room.</returns>
    /// <exception cref="IOException">The disk failed: they are not in.</exception>
    public SpoolLoss Append(AppId application, IReadOnlyList<NumberedReport> reports)
    {
        lock (gate)
        {
            var record = new SegmentRecord.Reports(SpoolEntry.Of(++lastId, application, reports));
            var data = SegmentCodec.Write(record);
            var loss = new SpoolShrinking(files, segments, options).MakeRoom(data.Length, active);
            Write(record, data);
            return loss;
        }
    }

    /// <summary>An application's oldest entries, together of at most so many reports, but at least one entry if there is any.</summary>
    /// <remarks>They count as perhaps delivered from now on.</remarks>
    /// <exception cref="IOException">The disk failed.</exception>
    public ImmutableArray<SpoolEntry> Take(AppId application, int maxReports)
    {
        lock (gate)
        {
            var chosen = Oldest(application, maxReports);
            var fresh = chosen.Where(entry => !entry.IsAttempted).Select(entry => entry.Id).ToImmutableArray();
            if (!fresh.IsEmpty)
            {
                Write(new SegmentRecord.Attempted(fresh));
            }

            return [.. chosen.Select(Load)];
        }
    }

    /// <summary>The service has answered for these entries: they leave. Unknown ones are left aside.</summary>
    /// <exception cref="IOException">The disk failed: they are still in.</exception>
    public void Acknowledge(IEnumerable<long> ids)
    {
        lock (gate)
        {
            if (ids.Where(id => segments.Find(id) is not null).ToImmutableArray() is { IsEmpty: false } known)
            {
                Write(new SegmentRecord.Acknowledged(known));
                segments.RemoveFinished(active);
            }
        }
    }

    private List<WaitingEntry> Oldest(AppId application, int maxReports)
    {
        var chosen = new List<WaitingEntry>();
        var reports = 0;
        foreach (var entry in segments.Of(application))
        {
            reports += entry.Reports;
            if (chosen.Count > 0 && reports > maxReports)
            {
                break;
            }

            chosen.Add(entry);
        }

        return chosen;
    }

    private SpoolEntry Load(WaitingEntry entry) =>
        ((SegmentRecord.Reports)SegmentCodec.Read(files.Read(entry.Segment.Name, entry.Place.Offset, entry.Place.Length))).Entry;

    private void Write(SegmentRecord record) => Write(record, SegmentCodec.Write(record));

    private void Write(SegmentRecord record, byte[] data)
    {
        if (active is null || active.Bytes >= options.SegmentBytes)
        {
            active = segments.Begin();
        }

        var segment = active;
        try
        {
            files.Append(segment.Name, data);
        }
        catch
        {
            // Something of the record may be there: what comes after it in the same file could not be read.
            active = null;
            throw;
        }

        segments.Apply(segment, [(record, new SegmentCodec.Place(segment.Bytes, data.Length))]);
    }
}
