using Federation.Sensor.Live.Tables;

namespace Federation.Sensor.Live.Kernel;

/// <summary>Two tables in the kernel: the program counts in one while the other is read and emptied.</summary>
/// <remarks>
/// Both are made at the start, since a process that has dropped its privilege can make no more. Each holds the overflow key from the
/// beginning, so that a full table can still count what it has no room for.
/// </remarks>
internal sealed class CountingMaps : IDisposable
{
    private const int BatchKeys = 4096;

    private readonly int processors = Processors.Possible();
    private readonly FrameKey[] keys;
    private readonly FrameCounters[] counters;
    private BpfMap current;
    private BpfMap spare;

    /// <summary>Makes both tables.</summary>
    /// <param name="capacity">The most keys in each.</param>
    /// <exception cref="IOException">The kernel refused.</exception>
    public CountingMaps(int capacity)
        : this(capacity, adopted: null)
    {
    }

    /// <summary>Makes both tables, or takes over those that were made before this image of the process.</summary>
    /// <param name="capacity">The most keys in each.</param>
    /// <param name="adopted">The holder, the table that it holds, and the other one; null: to be made.</param>
    /// <exception cref="IOException">The kernel refused.</exception>
    public CountingMaps(int capacity, int[]? adopted)
    {
        var batch = Math.Min(capacity + 1, BatchKeys);
        keys = new FrameKey[batch];
        counters = new FrameCounters[batch * processors];
        current = adopted is null ? Make(capacity) : BpfMap.Adopt(adopted[1]);
        spare = adopted is null ? Make(capacity) : BpfMap.Adopt(adopted[2]);
        Holder = adopted is null ? BpfMap.HolderOf(current) : BpfMap.Adopt(adopted[0]);
    }

    /// <summary>The open files: the holder, the table that it holds, and the other one.</summary>
    public int[] Descriptors => [Number(Holder), Number(current), Number(spare)];

    /// <summary>Holds the table that is counted in.</summary>
    public BpfMap Holder { get; }

    /// <summary>Exchanges the tables and hands over what the one before has counted.</summary>
    /// <exception cref="IOException">The kernel refused.</exception>
    public void DrainTo(CutBuilder cut)
    {
        Holder.Hold(spare);
        (current, spare) = (spare, current);
        var position = 0U;
        var isLast = false;
        for (var isFirst = true; !isLast; isFirst = false)
        {
            var taken = spare.Take<FrameKey, FrameCounters>(ref position, isFirst, keys, counters, out isLast);
            for (var at = 0; at < taken; at++)
            {
                cut.Add(in keys[at], Sum(at));
            }
        }

        MakeRoomForOverflow(spare);
    }

    /// <summary>Gives the tables back, once no program uses them.</summary>
    public void Dispose()
    {
        Holder.Dispose();
        current.Dispose();
        spare.Dispose();
    }

    private static int Number(BpfMap map) => (int)map.Handle.DangerousGetHandle();

    private BpfMap Make(int capacity)
    {
        var map = BpfMap.OfCounters(FrameKey.Size, FrameCounters.Size, capacity + 1);
        MakeRoomForOverflow(map);
        return map;
    }

    private void MakeRoomForOverflow(BpfMap map) =>
        map.Set<FrameKey, FrameCounters>(FrameKey.OfOverflow, new FrameCounters[processors]);

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
