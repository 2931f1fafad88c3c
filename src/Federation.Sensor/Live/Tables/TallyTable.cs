namespace Federation.Sensor.Live.Tables;

/// <summary>Counts frames by key in this process; allocates only as it grows. Not safe for use by several threads.</summary>
/// <param name="capacity">The most keys; frames of further ones are counted as <see cref="Overflowed"/>. At least 1.</param>
/// <remarks>Open addressing with linear probing, at most half full.</remarks>
internal sealed class TallyTable(int capacity)
{
    private const int FirstSlots = 1024;

    private Entry[] slots = new Entry[FirstSlots];
    private int used;

    /// <summary>Frames for whose key there was no room.</summary>
    public long Overflowed { get; private set; }

    /// <summary>Counts one frame.</summary>
    public void Count(in FrameKey key, long bytes)
    {
        ref var entry = ref Find(slots, in key);
        if (entry.Counters.Packets == 0)
        {
            if (used >= capacity)
            {
                Overflowed++;
                return;
            }

            if (used >= slots.Length / 2)
            {
                Grow();
                entry = ref Find(slots, in key);
            }

            used++;
            entry.Key = key;
        }

        entry.Counters.Packets++;
        entry.Counters.Bytes += bytes;
    }

    /// <summary>Hands every key over, and forgets them all.</summary>
    public void DrainTo(CutBuilder cut)
    {
        foreach (ref readonly var entry in slots.AsSpan())
        {
            if (entry.Counters.Packets != 0)
            {
                cut.Add(in entry.Key, entry.Counters);
            }
        }

        cut.AddDropped(Overflowed);
        Overflowed = 0;
        used = 0;
        Array.Clear(slots);
    }

    private static ref Entry Find(Entry[] slots, in FrameKey key)
    {
        var mask = slots.Length - 1;
        for (var at = key.GetHashCode() & mask; ; at = (at + 1) & mask)
        {
            ref var entry = ref slots[at];
            if (entry.Counters.Packets == 0 || entry.Key.Equals(key))
            {
                return ref entry;
            }
        }
    }

    private void Grow()
    {
        var larger = new Entry[slots.Length * 2];
        foreach (ref readonly var entry in slots.AsSpan())
        {
            if (entry.Counters.Packets != 0)
            {
                Find(larger, in entry.Key) = entry;
            }
        }

        slots = larger;
    }

    private struct Entry
    {
        public FrameKey Key;
        public FrameCounters Counters;
    }
}
