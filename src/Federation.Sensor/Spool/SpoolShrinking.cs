using System.Collections.Immutable;

namespace Federation.Sensor.Spool;

/// <summary>Makes room in a spool: the oldest windows are added up two by two; only what cannot be merged any more is given up.</summary>
internal sealed class SpoolShrinking(ISpoolFiles files, SegmentSet segments, SpoolOptions options)
{
    // A rewriting that saves less than this share is not worth it.
    private const double LeastGain = 0.1;

    /// <summary>Makes room for as many bytes, in all segments but the active one.</summary>
    public SpoolLoss MakeRoom(long needed, Segment? active)
    {
        var loss = default(SpoolLoss);
        while (segments.Bytes + needed > options.MaxBytes)
        {
            var closed = segments.Segments.Where(segment => segment != active).ToList();
            if (closed.Count == 0)
            {
                break;
            }

            loss += MergeSome(closed) ?? GiveUp(closed[0]);
        }

        return loss;
    }

    private SpoolLoss? MergeSome(List<Segment> closed)
    {
        for (var i = 0; i < closed.Count; i++)
        {
            var older = closed[i];
            var newer = i + 1 < closed.Count ? closed[i + 1] : null;
            if (older.IsDense && newer is null or { IsDense: true })
            {
                continue;
            }

            if (Rewrite(older, newer) is { } loss)
            {
                return loss;
            }

            older.IsDense = true;
        }

        return null;
    }

    /// <summary>Writes what is needed of two segments into the newer one; null if that gains too little.</summary>
    private SpoolLoss? Rewrite(Segment older, Segment? newer)
    {
        var entries = new[] { older, newer }.OfType<Segment>()
            .SelectMany(segment => segment.Waiting.Values.Select(entry => (Entry: Load(entry), entry.IsAttempted))).ToList();
        var merged = Merge(entries.Where(entry => !entry.IsAttempted).Select(entry => entry.Entry), out var changed);
        var kept = entries.Where(entry => entry.IsAttempted).Select(entry => entry.Entry).Concat(merged).OrderBy(entry => entry.Id).ToList();
        var records = kept.Select(entry => (SegmentRecord)new SegmentRecord.Reports(entry)).Concat(Bookkeeping(older, newer)).ToList();
        var written = records.Select(SegmentCodec.Write).ToList();
        var target = newer ?? older;
        if (written.Sum(record => (long)record.Length) > (older.Bytes + (newer?.Bytes ?? 0)) * (1 - LeastGain))
        {
            return null;
        }

        byte[] data = [.. written.SelectMany(record => record)];
        files.Replace(target.Name, data);
        if (newer is not null)
        {
            segments.Remove(older);
        }

        segments.Forget(target);
        segments.Apply(target, SegmentCodec.ReadAll(data, out _));
        target.IsDense = false;
        return new SpoolLoss(changed, 0);
    }

    // What the two say of entries in other, older segments has to stay said.
    private IEnumerable<SegmentRecord> Bookkeeping(Segment older, Segment? newer)
    {
        if (newer is not null)
        {
            yield return new SegmentRecord.Replaces(older.Number);
        }

        var before = segments.Segments.TakeWhile(segment => segment != older).ToList();
        if (before.SelectMany(segment => segment.Done).ToImmutableArray() is { IsEmpty: false } done)
        {
            yield return new SegmentRecord.Acknowledged(done);
        }

        var concerned = before.Append(older).Concat(newer is null ? [] : [newer]);
        var attempted = concerned.SelectMany(segment => segment.Waiting.Values).Where(entry => entry.IsAttempted);
        if (attempted.Select(entry => entry.Id).ToImmutableArray() is { IsEmpty: false } ids)
        {
            yield return new SegmentRecord.Attempted(ids);
        }
    }

    private List<SpoolEntry> Merge(IEnumerable<SpoolEntry> entries, out long changed)
    {
        var merged = new List<SpoolEntry>();
        changed = 0;
        foreach (var queue in entries.GroupBy(entry => entry.Application).Select(queue => queue.OrderBy(entry => entry.First).ToList()))
        {
            for (var i = 0; i < queue.Count; i++)
            {
                var pair = i + 1 < queue.Count && queue[i].Windows * 2 <= options.MaxMerged ? queue[i].MergedWith(queue[i + 1]) : null;
                merged.Add(pair ?? queue[i]);
                if (pair is not null)
                {
                    changed += pair.ReportCount;
                    i++;
                }
            }
        }

        return merged;
    }

    private SpoolLoss GiveUp(Segment oldest)
    {
        var lost = oldest.Waiting.Values.Sum(entry => (long)entry.Reports);
        segments.Remove(oldest);
        return new SpoolLoss(0, lost);
    }

    private SpoolEntry Load(WaitingEntry entry) =>
        ((SegmentRecord.Reports)SegmentCodec.Read(files.Read(entry.Segment.Name, entry.Place.Offset, entry.Place.Length))).Entry;
}
