using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Federation.Domain.Traffic;
using Federation.Sensor.Captures;
using Federation.Sensor.Headers;

namespace Federation.Sensor.Counting;

/// <summary>Counts frames by window, source and destination. Not safe for use by several threads.</summary>
/// <remarks>
/// Every window stays open to the end, since a capture of several interfaces is not quite in order of time: a late frame still
/// lands in its own window. A frame without a time is counted in the window of the frame before it; those before any other in the window of
/// the first frame that has one. Memory grows with windows and pairs of addresses, not with frames.
/// </remarks>
/// <param name="inner">Whether packets in VXLAN and GENEVE are counted by their own addresses, and without the tunnel's bytes.</param>
/// <param name="isOfOne">Whether all frames come from one interface: then none is held against another, unless it says itself where it comes from.</param>
public sealed class FrameCounter(bool inner = false, bool isOfOne = false)
{
    private readonly Dictionary<long, PairTable> tables = [];
    private readonly Dictionary<LeftOutReason, Tally> leftOut = [];
    private readonly RepeatedFrames repeated = new(isOfOne);
    private PairTable current = new();
    private long start = long.MinValue;

    /// <summary>Frames that look as if they had been on another interface before, of which too little was kept to be certain: they are counted.</summary>
    public long PerhapsRepeated => repeated.Uncertain;

    /// <summary>Frames that were not counted, by reason, the most frequent first.</summary>
    public ImmutableArray<LeftOut> LeftOut =>
        [.. leftOut.Select(entry => new LeftOut(entry.Key.ToString(), entry.Value))
            .GroupBy(entry => entry.Reason, StringComparer.Ordinal)
            .Select(group => new LeftOut(group.Key, group.Aggregate(default(Tally), (sum, entry) => sum + entry.Frames)))
            .OrderByDescending(entry => entry.Frames.Packets).ThenBy(entry => entry.Reason, StringComparer.Ordinal)];

    /// <summary>Counts one frame.</summary>
    public void Count(in Frame frame)
    {
        if ((ulong)(frame.Ticks - start) >= (ulong)Window.Length.Ticks && frame.Ticks != 0)
        {
            TurnTo(frame.Ticks);
        }

        var reason = HeaderWalk.Read(frame.Link, frame.Data, inner, out var reading);
        if (reason.Kind == LeftOutKind.None && repeated.IsRepeat(in frame, in reading))
        {
            reason = new(LeftOutKind.Repeated);
        }

        if (reason.Kind == LeftOutKind.None)
        {
            current.Count(in reading.Pair, frame.Length - reading.Tunnel, reading.IsToMany);
        }
        else
        {
            ref var tally = ref CollectionsMarshal.GetValueRefOrAddDefault(leftOut, reason, out _);
            tally += new Tally(1, frame.Length);
        }
    }

    /// <summary>The windows that any frame fell into, oldest first.</summary>
    public ImmutableArray<WindowTraffic> Windows()
    {
        if (tables.Count == 0 && (current.Entries.Any() || leftOut.Count > 0))
        {
            TurnTo(DateTime.UnixEpoch.Ticks);
        }

        return [.. tables.OrderBy(table => table.Key).Select(table => new WindowTraffic(
            Window.Containing(new DateTimeOffset(table.Key, TimeSpan.Zero)),
            table.Value.Entries.ToImmutableSortedDictionary(entry => entry.Pair, entry => entry.All),
            table.Value.Entries.Where(entry => entry.ToMany.Packets > 0).ToImmutableSortedDictionary(entry => entry.Pair, entry => entry.ToMany)))];
    }

    private void TurnTo(long ticks)
    {
        start = ticks - (ticks % Window.Length.Ticks);
        ref var table = ref CollectionsMarshal.GetValueRefOrAddDefault(tables, start, out _);

        // The first one takes what came before any time was known.
        current = table ??= tables.Count == 1 ? current : new();
    }
}

/// <summary>Frames of a capture that were not counted.</summary>
/// <param name="Reason">Why, for people: the protocol where it was not IP, such as <c>ARP</c>.</param>
/// <param name="Frames">How many, and their lengths.</param>
public readonly record struct LeftOut(string Reason, Tally Frames);
