using System.Runtime.InteropServices;
using Federation.Sensor.Captures;
using Federation.Sensor.Headers;

namespace Federation.Sensor.Counting;

/// <summary>Knows the frames of a capture that another interface of it had before: a bridge passes a frame on as it is. Not safe for use by several threads.</summary>
/// <remarks>
/// Of frames with the same bytes and length, no two of them further apart than <see cref="Patience"/>, as many are counted as the interface
/// that had most of them: a sender may well send the same bytes twice. Constant memory: some 65,000 frames are remembered.
/// </remarks>
/// <param name="isOfOne">Whether the capture is of one interface: then only frames that say themselves where they come from are remembered.</param>
internal sealed class RepeatedFrames(bool isOfOne)
{
    /// <summary>How long a frame may be on its way from one interface of a host to another.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(10);

    private const int Ways = 8;
    private const int Sets = 1 << 14;

    private Entry[] entries = [];
    private uint clock;
    private uint bursts;

    /// <summary>Repeated frames of which too little was kept to be certain.</summary>
    public long Uncertain { get; private set; }

    /// <summary>Whether a frame was counted already, on another interface. Remembers it.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="reading">What its headers say.</param>
    public bool IsRepeat(in Frame frame, in FrameReading reading)
    {
        if ((isOfOne && frame.Link is not (LinkType.LinuxSll or LinkType.LinuxSll2)) || frame.Ticks == 0)
        {
            return false;
        }

        var point = ((uint)frame.Interface << 20) ^ (uint)reading.Point;
        if (!IsFurtherCopy(ContentHash.Of(frame.Data[reading.Start..], frame.Length - reading.Start), point, frame.Ticks))
        {
            return false;
        }

        var isCertain = frame.Data.Length >= frame.Length || TellsPackets(frame.Data[reading.PacketAt..]);
        Uncertain += isCertain ? 0 : 1;
        return isCertain;
    }

    /// <summary>Whether another packet from the same sender to the same receiver would have other bytes here: numbers of IPv4 or TCP.</summary>
    private static bool TellsPackets(ReadOnlySpan<byte> packet)
    {
        const byte tcp = 6;
        return packet[0] >> 4 == 4
            ? (packet[4] | packet[5]) != 0 || (packet[9] == tcp && packet.Length >= 40)
            : packet[6] == tcp && packet.Length >= 60;
    }

    private bool IsFurtherCopy(ContentHash content, uint point, long ticks)
    {
        if (entries.Length == 0)
        {
            entries = new Entry[Sets * Ways];
        }

        ref var most = ref Find(content);
        if (most.Count == 0 || Math.Abs(ticks - most.Last) > Patience.Ticks)
        {
            (most.Count, most.Burst) = (0, ++bursts);
        }

        most.Last = ticks;
        ref var here = ref Find(content.At(point));
        here.Count = here.Burst == most.Burst ? here.Count + 1 : 1;
        here.Burst = most.Burst;
        if (here.Count <= most.Count)
        {
            return true;
        }

        most.Count = here.Count;
        return false;
    }

    /// <summary>The entry of a key; a new one in place of the one that was not asked for the longest.</summary>
    private ref Entry Find(ContentHash key)
    {
        var set = entries.AsSpan((int)(key.Low & (Sets - 1)) * Ways, Ways);
        var oldest = 0;
        clock++;
        for (var way = 0; way < Ways; way++)
        {
            if (set[way].Key == key)
            {
                set[way].Asked = clock;
                return ref set[way];
            }

            oldest = clock - set[way].Asked > clock - set[oldest].Asked ? way : oldest;
        }

        set[oldest] = new Entry { Key = key, Asked = clock };
        return ref set[oldest];
    }

    private struct Entry
    {
        public ContentHash Key;
        public long Last;
        public uint Asked;
        public uint Burst;
        public int Count;
    }
}

/// <summary>128 bits that tell bytes from all others, for all that can be expected.</summary>
internal readonly record struct ContentHash(ulong Low, ulong High)
{
    private const int Step = 16;

    /// <summary>Of bytes, and of a length that is more than theirs.</summary>
    public static ContentHash Of(ReadOnlySpan<byte> bytes, long length)
    {
        var (low, high) = ((ulong)length ^ 0x9E3779B97F4A7C15, (ulong)bytes.Length ^ 0xC2B2AE3D27D4EB4F);
        for (; bytes.Length >= Step; bytes = bytes[Step..])
        {
            Mix(ref low, ref high, bytes);
        }

        Span<byte> rest = stackalloc byte[Step];
        rest.Clear();
        bytes.CopyTo(rest);
        Mix(ref low, ref high, rest);
        return new(low, high);
    }

    /// <summary>Another key for the same bytes at one of several places.</summary>
    public ContentHash At(uint place) => new(Low, High ^ Fold(place + 0xA0761D6478BD642F, 0xE7037ED1A0B428DB));

    private static void Mix(ref ulong low, ref ulong high, ReadOnlySpan<byte> bytes)
    {
        var (first, second) = (MemoryMarshal.Read<ulong>(bytes), MemoryMarshal.Read<ulong>(bytes[8..]));
        low = Fold(low ^ first, second ^ 0x165667B19E3779F9) ^ high;
        high = Fold(high ^ second, first ^ 0xD6E8FEB86659FD93) ^ low;
    }

    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}
