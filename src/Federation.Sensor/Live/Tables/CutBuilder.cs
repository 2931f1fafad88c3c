using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Federation.Sensor.Live.Tables;

/// <summary>Turns keys and counters into a cut: one tally for each key, whatever tables and interface numbers they came from.</summary>
/// <param name="names">Names of every interface that was watched since the cut before, by number.</param>
internal sealed class CutBuilder(IReadOnlyDictionary<int, string> names)
{
    private readonly Dictionary<FrameTally, FrameCounters> tallies = [];
    private long dropped;

    /// <summary>Adds what was counted for one key.</summary>
    public void Add(in FrameKey key, FrameCounters counters)
    {
        // A point that was closed just before its sensor was killed has no name any more.
        if (key.Version == FrameKey.Overflow || !names.TryGetValue(key.Interface, out var name))
        {
            dropped += counters.Packets;
            return;
        }

        // Two keys may say the same: an interface that came back has another number, and IPv4 can be mapped into IPv6.
        var tally = new FrameTally(
            name, key.Towards, key.SourceMac, key.DestinationMac, key.Source, key.Destination, 0, 0) { Protocol = key.Protocol };
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(tallies, tally, out _);
        sum.Packets += counters.Packets;
        sum.Bytes += counters.Bytes;
    }

    /// <summary>Adds frames that could not be counted.</summary>
    public void AddDropped(long frames) => dropped += frames;

    /// <summary>The cut.</summary>
    /// <param name="lost">Points that were lost since the cut before.</param>
    public CaptureCut Build(ImmutableArray<CapturePointFault> lost) => new(
        [.. tallies.Select(entry => entry.Key with { Packets = entry.Value.Packets, Bytes = entry.Value.Bytes })], dropped)
    {
        Lost = lost,
    };
}

/// <summary>What is counted for one key; the kernel's program adds to the same 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FrameCounters
{
    public const int Size = 16;
    public const int PacketsAt = 0;
    public const int BytesAt = 8;

    /// <summary>Frames.</summary>
    public long Packets;

    /// <summary>Their original lengths together.</summary>
    public long Bytes;
}
