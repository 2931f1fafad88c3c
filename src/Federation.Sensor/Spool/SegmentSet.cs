using Federation.Domain.Identity;

namespace Federation.Sensor.Spool;

/// <summary>The segments of a spool and the index of what waits in them. Not safe for use by several threads.</summary>
internal sealed class SegmentSet(ISpoolFiles files)
{
    private readonly SortedDictionary<long, Segment> segments = [];
    private readonly Dictionary<long, WaitingEntry> waiting = [];
    private readonly Dictionary<AppId, SortedDictionary<long, WaitingEntry>> byApplication = [];

    /// <summary>The segments, oldest first.</summary>
    public IEnumerable<Segment> Segments => segments.Values;

    /// <summary>What waits, in no order.</summary>
    public IReadOnlyCollection<WaitingEntry> Waiting => waiting.Values;

    /// <summary>The largest entry number seen.</summary>
    public long LastId { get; private set; }

    /// <summary>What all files take.</summary>
    public long Bytes => segments.Values.Sum(segment => segment.Bytes);

    /// <summary>Applications with something that waits, that with the oldest entry first.</summary>
    public IEnumerable<AppId> Applications => byApplication.OrderBy(queue => queue.Value.First().Key).Select(queue => queue.Key);

    /// <summary>An application's entries, oldest first.</summary>
    public IEnumerable<WaitingEntry> Of(AppId application) => byApplication.TryGetValue(application, out var queue) ? queue.Values : [];

    /// <summary>Finds an entry that waits.</summary>
    public WaitingEntry? Find(long id) => waiting.GetValueOrDefault(id);

    /// <summary>Begins a new segment, after all others.</summary>
    public Segment Begin()
    {
        var segment = new Segment(segments.Count == 0 ? 1 : segments.Keys.Last() + 1);
        segments.Add(segment.Number, segment);
        return segment;
    }

    /// <summary>Reads the files; takes away those that another one replaces, and the torn ends.</summary>
    /// <returns>Bytes that could not be read.</returns>
    public long Load()
    {
        var found = files.List().Select(Segment.NumberOf).OfType<long>().Order()
            .Select(number => (Segment: new Segment(number), Data: files.Read(new Segment(number).Name)!))
            .Select(file => (file.Segment, file.Data, Records: SegmentCodec.ReadAll(file.Data, out var good), Good: good))
            .ToList();
        var replaced = found.SelectMany(file => file.Records).Select(entry => entry.Record)
            .OfType<SegmentRecord.Replaces>().Select(record => record.Segment).ToHashSet();
        var torn = 0L;
        foreach (var (segment, data, records, good) in found)
        {
            if (replaced.Contains(segment.Number))
            {
                files.Delete(segment.Name);
                continue;
            }

            torn += data.Length - good;
            Repair(segment, data, good);
            segments.Add(segment.Number, segment);
            Apply(segment, records);
        }

        return torn;
    }

    /// <summary>Notes what was written to a segment.</summary>
    public void Apply(Segment segment, IEnumerable<(SegmentRecord Record, SegmentCodec.Place Place)> records)
    {
        foreach (var (record, place) in records)
        {
            segment.Bytes = Math.Max(segment.Bytes, place.Offset + place.Length);
            switch (record)
            {
                case SegmentRecord.Reports reports:
                    Add(WaitingEntry.Of(reports.Entry, segment, place));
                    break;
                case SegmentRecord.Acknowledged acknowledged:
                    acknowledged.Ids.ToList().ForEach(Finish);
                    break;
                case SegmentRecord.Attempted attempted:
                    attempted.Ids.Select(Find).OfType<WaitingEntry>().ToList().ForEach(entry => entry.IsAttempted = true);
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Takes a segment out of the index, and its file away.</summary>
    public void Remove(Segment segment)
    {
        Forget(segment);
        segments.Remove(segment.Number);
        files.Delete(segment.Name);
    }

    /// <summary>Takes what waits in a segment out of the index.</summary>
    public void Forget(Segment segment)
    {
        foreach (var entry in segment.Waiting.Values)
        {
            Unlist(entry);
        }

        segment.Waiting.Clear();
        segment.Done.Clear();
        segment.Bytes = 0;
    }

    /// <summary>Takes away the oldest segments that nobody needs any more, up to one that somebody does.</summary>
    public void RemoveFinished(Segment? active)
    {
        // Never one in the midst: it may hold the acknowledgements of entries in older ones, which would come back.
        while (segments.Values.FirstOrDefault() is { } oldest && oldest != active && oldest.Waiting.Count == 0)
        {
            Remove(oldest);
        }
    }

    private void Repair(Segment segment, byte[] data, int good)
    {
        if (good < data.Length)
        {
            files.Replace(segment.Name, data.AsSpan(0, good));
        }
    }

    private void Add(WaitingEntry entry)
    {
        LastId = Math.Max(LastId, entry.Id);
        entry.Segment.Waiting[entry.Id] = entry;
        waiting[entry.Id] = entry;
        var queue = byApplication.TryGetValue(entry.Application, out var known) ? known : byApplication[entry.Application] = [];
        queue[entry.Id] = entry;
    }

    private void Finish(long id)
    {
        if (Find(id) is { } entry)
        {
            Unlist(entry);
            entry.Segment.Waiting.Remove(id);
            entry.Segment.Done.Add(id);
            entry.Segment.IsDense = false;
        }
    }

    private void Unlist(WaitingEntry entry)
    {
        waiting.Remove(entry.Id);
        if (byApplication.TryGetValue(entry.Application, out var queue) && queue.Remove(entry.Id) && queue.Count == 0)
        {
            byApplication.Remove(entry.Application);
        }
    }
}
