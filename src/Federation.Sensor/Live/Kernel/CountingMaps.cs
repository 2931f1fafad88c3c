using Federation.Sensor.Live.Tables;

namespace Federation.Sensor.Live.Kernel;

/// <summary>Two tables in the kernel: the program counts in one while the other is read.</summary>
/// <remarks>
/// Both are made at the start, since a process that has dropped its privilege can make no more. Each holds two keys from the beginning that
/// are no frame's: one counts what a full table has no room for, and one says which table it is, so that a process that takes
/// the tables over knows which of them the one before has read.
/// </remarks>
internal sealed class CountingMaps : IDisposable
{
    private const int BatchKeys = 4096;
    private const int OwnKeys = 2;

    private readonly int processors = Processors.Possible();
    private readonly FrameKey[] keys;
    private readonly FrameCounters[] counters;
    private BpfMap current;
    private BpfMap spare;

    /// <summary>Makes both tables.</summary>
    /// <param name="capacity">The most keys in each.</param>
    /// <param name="now">The present.</param>
    /// <exception cref="IOException">The kernel refused.</exception>
    public CountingMaps(int capacity, DateTimeOffset now)
    {
        (keys, counters) = Room();
        (current, spare) = (Make(capacity), Make(capacity));
        Holder = BpfMap.HolderOf(current);
        Stamp(current, new TableStamp(TableStamp.First, now));
    }

    /// <summary>Takes over tables that an earlier process has made.</summary>
    /// <exception cref="IOException">The kernel refused.</exception>
    public CountingMaps(BpfMap holder, BpfMap one, BpfMap other)
    {
        (keys, counters) = Room();
        Holder = holder;
        (current, spare) = holder.HeldId == one.Id ? (one, other) : (other, one);
        CurrentStamp = Read(current, into: null);
    }

    /// <summary>The open files, under the names that tell them apart.</summary>
    public IEnumerable<(string Name, BpfMap Map)> Files => [("holder", Holder), ("table", current), ("table-too", spare)];

    /// <summary>Holds the table that is counted in.</summary>
    public BpfMap Holder { get; }

    /// <summary>Which table is counted in, and since when.</summary>
    public TableStamp CurrentStamp { get; private set; }

    /// <summary>Empties the other table and counts in it from now on. What the one before has counted stays in it until the next time.</summary>
    /// <exception cref="IOException">The kernel refused.</exception>
    public void Exchange(DateTimeOffset now)
    {
        Read(spare, into: null, takes: true);
        PutOwnKeys(spare);
        var next = new TableStamp(CurrentStamp.Number + 1, now);
        Stamp(spare, next);
        Holder.Hold(spare);
        (current, spare, CurrentStamp) = (spare, current, next);
    }

    /// <summary>Reads what the table before the present one has counted.</summary>
    /// <returns>Which table that was.</returns>
    /// <exception cref="IOException">The kernel refused.</exception>
    public TableStamp ReadLastTo(CutBuilder cut) => Read(spare, cut);

    /// <summary>Gives the tables back, once no program uses them.</summary>
    public void Dispose()
    {
        Holder.Dispose();
        current.Dispose();
        spare.Dispose();
    }

    private (FrameKey[] Keys, FrameCounters[] Counters) Room() => (new FrameKey[BatchKeys], new FrameCounters[BatchKeys * processors]);

    private BpfMap Make(int capacity)
    {
        var map = BpfMap.OfCounters(FrameKey.Size, FrameCounters.Size, capacity + OwnKeys);
        PutOwnKeys(map);
        return map;
    }

    private TableStamp Read(BpfMap map, CutBuilder? into, bool takes = false)
    {
        var stamp = default(TableStamp);
        var position = 0U;
        var isLast = false;
        for (var isFirst = true; !isLast; isFirst = false)
        {
            var count = map.Read<FrameKey, FrameCounters>(ref position, isFirst, keys, counters, takes, out isLast);
            for (var at = 0; at < count; at++)
            {
                if (keys[at].Version == FrameKey.Stamp)
                {
                    stamp = TableStamp.Of(Sum(at));
                }
                else
                {
                    into?.Add(in keys[at], Sum(at));
                }
            }
        }

        return stamp;
    }

    // Before the table is counted in: a full one takes no key any more.
    private void PutOwnKeys(BpfMap map)
    {
        map.Set<FrameKey, FrameCounters>(FrameKey.OfOverflow, new FrameCounters[processors]);
        map.Set<FrameKey, FrameCounters>(FrameKey.OfStamp, new FrameCounters[processors]);
    }

    private void Stamp(BpfMap map, TableStamp stamp)
    {
        var values = new FrameCounters[processors];
        values[0] = stamp.ToCounters();
        map.Set<FrameKey, FrameCounters>(FrameKey.OfStamp, values);
        CurrentStamp = stamp;
    }

    private FrameCounters Sum(int at)
    {
        var sum = default(FrameCounters);
        foreach (ref readonly var one in counters.AsSpan(at * processors, processors))
        {
            sum.Packets += one.Packets;
            sum.Bytes += one.Bytes;
        }

        return sum;
    }
}
