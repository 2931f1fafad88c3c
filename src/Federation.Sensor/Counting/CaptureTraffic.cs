using System.Collections.Immutable;
using Federation.Domain.Traffic;
using Federation.Sensor.Captures;

namespace Federation.Sensor.Counting;

/// <summary>Everything that was counted in one capture. Compared by reference.</summary>
/// <param name="Windows">The windows that any frame fell into, oldest first; windows without a frame are left out.</param>
/// <param name="End">How far the capture could be read.</param>
public sealed record CaptureTraffic(ImmutableArray<WindowTraffic> Windows, CaptureEnd End)
{
    /// <summary>Frames that were read and not counted, by reason, the most frequent first.</summary>
    public ImmutableArray<LeftOut> LeftOut { get; init; } = [];

    /// <summary>Frames that look as if another interface had had them too, of which too little was kept to be certain: they are counted.</summary>
    public long PerhapsRepeated { get; init; }

    /// <summary>Counts a capture file: pcap or pcapng, gzipped or not.</summary>
    /// <exception cref="CaptureException">The file is missing, empty, no capture, or of an unsupported link type.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was signalled.</exception>
    public static CaptureTraffic Read(string path, CancellationToken cancel = default) => Read(path, inner: false, cancel);

    /// <summary>Counts a capture file: pcap or pcapng, gzipped or not.</summary>
    /// <param name="path">The file.</param>
    /// <param name="inner">Whether packets in VXLAN and GENEVE are counted by their own addresses, and without the tunnel's bytes.</param>
    /// <param name="cancel">Ends the reading.</param>
    /// <exception cref="CaptureException">The file is missing, empty, no capture, or of an unsupported link type.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was signalled.</exception>
    public static CaptureTraffic Read(string path, bool inner, CancellationToken cancel)
    {
        // To hold frames against each other costs as much again as to count them, and a capture of one interface, the usual one, has no need of it.
        // Another interface may be named late, after frames of which it has copies: then all is counted anew.
        var single = new FrameCounter(inner, isOfOne: true);
        return CaptureFile.ReadOfOne(path, single.Count, cancel) is { } end ? Of(single, end) : ReadOfSeveral(path, inner, cancel);
    }

    private static CaptureTraffic ReadOfSeveral(string path, bool inner, CancellationToken cancel)
    {
        var counter = new FrameCounter(inner);
        return Of(counter, CaptureFile.Read(path, counter.Count, cancel));
    }

    private static CaptureTraffic Of(FrameCounter counter, CaptureEnd end) =>
        new(counter.Windows(), end) { LeftOut = counter.LeftOut, PerhapsRepeated = counter.PerhapsRepeated };

    /// <summary>IP packets of all windows together, by source and destination address.</summary>
    public ImmutableSortedDictionary<AddressPair, Tally> Matrix()
    {
        var sum = new Dictionary<AddressPair, Tally>();
        foreach (var (pair, tally) in Windows.SelectMany(window => window.Pairs))
        {
            sum[pair] = sum.GetValueOrDefault(pair) + tally;
        }

        return sum.ToImmutableSortedDictionary();
    }
}

/// <summary>What was counted in one window. Compared by reference.</summary>
/// <param name="Window">The window.</param>
/// <param name="Pairs">IP packets, by source and destination address.</param>
/// <param name="ToMany">Of these, the packets that went to several receivers, as far as their link told: broadcast or multicast.</param>
public sealed record WindowTraffic(
    Window Window,
    ImmutableSortedDictionary<AddressPair, Tally> Pairs,
    ImmutableSortedDictionary<AddressPair, Tally> ToMany)
{
    /// <summary>Of a pair's packets, those that went to one receiver, as far as their link told.</summary>
    public Tally ToOne(AddressPair pair) => Pairs.GetValueOrDefault(pair) - ToMany.GetValueOrDefault(pair);

    /// <summary>All IP packets of the window.</summary>
    public Tally Total { get; } = Pairs.Values.Aggregate(default(Tally), (sum, tally) => sum + tally);
}

/// <summary>Frames that were counted, and their original lengths together.</summary>
/// <param name="Packets">Frames.</param>
/// <param name="Bytes">Bytes, link-layer headers included.</param>
public readonly record struct Tally(long Packets, long Bytes)
{
    /// <summary>Both together.</summary>
    public static Tally operator +(Tally a, Tally b) => new(a.Packets + b.Packets, a.Bytes + b.Bytes);

    /// <summary>The first without the second, which is a part of it.</summary>
    public static Tally operator -(Tally a, Tally b) => new(a.Packets - b.Packets, a.Bytes - b.Bytes);
}
