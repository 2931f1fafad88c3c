using System.Collections.Immutable;
using Federation.Domain.Traffic;
using Federation.Sensor.Captures;

namespace Federation.Sensor.Counting;

/// <summary>Everything that was counted in one capture. Compared by reference.</summary>
/// <param name="Windows">The windows that any frame fell into, oldest first; windows without a frame are left out.</param>
/// <param name="End">How far the capture could be read.</param>
public sealed record CaptureTraffic(ImmutableArray<WindowTraffic> Windows, CaptureEnd End)
{
    /// <summary>Counts a capture file: pcap or pcapng, gzipped or not.</summary>
    /// <exception cref="CaptureException">The file is missing, empty, no capture, or of an unsupported link type.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was signalled.</exception>
    public static CaptureTraffic Read(string path, CancellationToken cancel = default)
    {
        var counter = new FrameCounter();
        var end = CaptureFile.Read(path, counter.Count, cancel);
        return new CaptureTraffic(counter.Windows(), end);
    }

    /// <summary>IP packets of all windows together, by source and destination address.</summary>
    public ImmutableSortedDictionary<AddressPair, Tally> Matrix() => Sum(Windows.SelectMany(window => window.Pairs));

    /// <summary>All other frames of all windows together, by Ethernet addresses as far as they were known.</summary>
    public ImmutableSortedDictionary<AddressPair, Tally> Others() => Sum(Windows.SelectMany(window => window.Others));

    private static ImmutableSortedDictionary<AddressPair, Tally> Sum(IEnumerable<KeyValuePair<AddressPair, Tally>> entries)
    {
        var sum = new Dictionary<AddressPair, Tally>();
        foreach (var (pair, tally) in entries)
        {
            sum[pair] = sum.GetValueOrDefault(pair) + tally;
        }

        return sum.ToImmutableSortedDictionary();
    }
}

/// <summary>What was counted in one window. Compared by reference.</summary>
/// <param name="Window">The window.</param>
/// <param name="Pairs">IP packets, by source and destination address.</param>
/// <param name="Others">All other frames, by Ethernet addresses as far as they were known.</param>
public sealed record WindowTraffic(
    Window Window,
    ImmutableSortedDictionary<AddressPair, Tally> Pairs,
    ImmutableSortedDictionary<AddressPair, Tally> Others)
{
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
}
