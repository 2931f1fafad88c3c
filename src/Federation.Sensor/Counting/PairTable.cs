using Federation.Sensor.Captures;
using Federation.Sensor.Headers;

namespace Federation.Sensor.Counting;

/// <summary>Counts packets by pair of addresses; allocates only as it grows.</summary>
/// <remarks>Open addressing with linear probing, at most half full. Not safe for use by several threads.</remarks>
internal sealed class PairTable
{
    private const int FirstSlots = 256;

    private Entry[] slots = new Entry[FirstSlots];
    private int used;

    /// <summary>Counts one packet.</summary>
    /// <param name="pair">Who sent it to whom.</param>
    /// <param name="bytes">Its length.</param>
    /// <param name="isToMany">Whether it went to several receivers.</param>
    public void Count(in PairKey pair, long bytes, bool isToMany)
    {
        ref var entry = ref Find(slots, in pair);
        if (entry.Packets == 0)
        {
            if (used >= slots.Length / 2)
            {
                Grow();
                entry = ref Find(slots, in pair);
            }

            used++;
            entry.Pair = pair;
        }

        entry.Packets++;
        entry.Bytes += bytes;
        if (isToMany)
        {
            entry.PacketsToMany++;
            entry.BytesToMany += bytes;
        }
    }

    /// <summary>What was counted, in no order: all of it, and of that what went to several receivers.</summary>
    public IEnumerable<(AddressPair Pair, Tally All, Tally ToMany)> Entries => slots
        .Where(entry => entry.Packets != 0)
        .Select(entry => (new AddressPair(entry.Pair.Source, entry.Pair.Destination), new Tally(entry.Packets, entry.Bytes), new Tally(entry.PacketsToMany, entry.BytesToMany)));

    private static ref Entry Find(Entry[] slots, in PairKey pair)
    {
        var mask = slots.Length - 1;
        for (var at = (int)(pair.Hash & (uint)mask); ; at = (at + 1) & mask)
        {
            ref var entry = ref slots[at];
            if (entry.Packets == 0 || PairKey.Equal(in entry.Pair, in pair))
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
            if (entry.Packets != 0)
            {
                Find(larger, in entry.Pair) = entry;
            }
        }

        slots = larger;
    }

    private struct Entry
    {
        public PairKey Pair;
        public long Packets;
        public long Bytes;
        public long PacketsToMany;
        public long BytesToMany;
    }
}
