using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Federation.Domain.Identity;

namespace Federation.Domain.Traffic;

/// <summary>Traffic records in few bytes, as they are kept in memory and in the traffic store: some 10 bytes an IPv4 peer, not 64.</summary>
/// <remarks>
/// Each record: a head (1 IPv4, 2 IPv6, 3 MAC, and 4 more if it was sent), the address in network order (4, 16 or 6 bytes), packets and
/// bytes, each in groups of seven bits, the low ones first, all but the last with the high bit set (as in LEB128).
/// </remarks>
public static class PackedRecords
{
    private const int LongestRecord = 1 + 16 + 10 + 10;

    /// <summary>Packs records in their order.</summary>
    /// <exception cref="ArgumentException">A record has no peer address, or a negative figure.</exception>
    public static byte[] Pack(ImmutableArray<TrafficRecord> records)
    {
        var room = ArrayPool<byte>.Shared.Rent(records.Length * LongestRecord);
        var end = 0;
        foreach (var record in records)
        {
            end += Write(record, room.AsSpan(end));
        }

        var packed = room.AsSpan(0, end).ToArray();
        ArrayPool<byte>.Shared.Return(room);
        return packed;
    }

    /// <summary>The records that were packed, in their order.</summary>
    /// <exception cref="InvalidDataException">These are no packed records.</exception>
    public static ImmutableArray<TrafficRecord> Unpack(ReadOnlySpan<byte> packed)
    {
        var records = new TrafficRecord[Count(packed)];
        for (var i = 0; i < records.Length; i++)
        {
            records[i] = Read(ref packed);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(records);
    }

    /// <summary>How many records there are.</summary>
    /// <exception cref="InvalidDataException">These are no packed records.</exception>
    public static int Count(ReadOnlySpan<byte> packed)
    {
        var count = 0;
        for (; !packed.IsEmpty; count++)
        {
            packed = Skip(packed, 1 + WidthOf(packed[0]));
            ReadNumber(ref packed);
            ReadNumber(ref packed);
        }

        return count;
    }

    private static int Write(TrafficRecord record, Span<byte> to)
    {
        if (record.Peer.Kind == AddressKind.None || record.Packets < 0 || record.Bytes < 0)
        {
            throw new ArgumentException($"A traffic record with peer {record.Peer}, {record.Packets} packets and {record.Bytes} bytes");
        }

        to[0] = (byte)((int)record.Peer.Kind | ((int)record.Direction << 2));
        var width = WidthOf(to[0]);
        for (var i = 0; i < width; i++)
        {
            to[width - i] = (byte)(record.Peer.Number >> (8 * i));
        }

        var end = 1 + width;
        end += WriteNumber(record.Packets, to[end..]);
        return end + WriteNumber(record.Bytes, to[end..]);
    }

    private static int WriteNumber(long number, Span<byte> to)
    {
        var length = 0;
        for (; number >= 0x80; number >>= 7)
        {
            to[length++] = (byte)(number | 0x80);
        }

        to[length++] = (byte)number;
        return length;
    }

    private static TrafficRecord Read(ref ReadOnlySpan<byte> packed)
    {
        var head = packed[0];
        var width = WidthOf(head);
        var bytes = packed.Slice(1, width);
        var peer = width == 4 ? Address.IPv4(bytes) : width == 16 ? Address.IPv6(bytes) : Address.Mac(bytes);
        packed = packed[(1 + width)..];
        return new TrafficRecord(peer, (FlowDirection)(head >> 2), ReadNumber(ref packed), ReadNumber(ref packed));
    }

    private static long ReadNumber(ref ReadOnlySpan<byte> packed)
    {
        var number = 0L;
        for (var i = 0; i < packed.Length && i < 9; i++)
        {
            number |= (packed[i] & 0x7FL) << (7 * i);
            if (packed[i] < 0x80)
            {
                packed = packed[(i + 1)..];
                return number;
            }
        }

        throw new InvalidDataException("A packed number does not end");
    }

    private static ReadOnlySpan<byte> Skip(ReadOnlySpan<byte> packed, int length) =>
        length <= packed.Length ? packed[length..] : throw new InvalidDataException("A packed record is cut off");

    private static int WidthOf(byte head) => head switch
    {
        1 or 5 => 4,
        2 or 6 => 16,
        3 or 7 => 6,
        _ => throw new InvalidDataException($"No packed record begins with {head}"),
    };
}
