using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Federation.Sensor.Live.Tables;

/// <summary>Builds a frame's key from its first bytes: the same as the kernel's program, for backends that are handed the frame.</summary>
/// <remarks>
/// What is not IP, or too short to tell, is known by its Ethernet addresses. At most <see cref="MostTags"/> VLAN tags are looked behind.
/// </remarks>
internal static class FrameKeyReader
{
    public const int EthernetLength = 14;
    public const int TagLength = 4;
    public const int TagTypeAt = 2;
    public const int MostTags = 4;
    public const int IPv4Type = 0x0800;
    public const int IPv6Type = 0x86DD;
    public const int IPv4Length = 20;
    public const int IPv4SourceAt = 12;
    public const int IPv4DestinationAt = 16;
    public const int IPv6SourceAt = 8;
    public const int IPv6AddressesLength = 32;

    /// <summary>How much of a frame has to be kept for its key, whatever it is.</summary>
    public const int SnapLength = EthernetLength + ((MostTags + 1) * TagLength) + IPv6SourceAt + IPv6AddressesLength;

    private const int EtherTypeAt = 12;

    /// <summary>The EtherTypes after which a tag follows: 802.1Q, 802.1ad, and what was used before it.</summary>
    public static ReadOnlySpan<int> TagTypes => [0x8100, 0x88A8, 0x9100];

    /// <summary>Fills a key.</summary>
    /// <param name="data">The frame from its Ethernet header on, <see cref="SnapLength"/> bytes of it or all.</param>
    /// <param name="index">The interface's number.</param>
    /// <param name="towards">Whether the frame went out of it.</param>
    /// <param name="key">The key.</param>
    public static void Read(ReadOnlySpan<byte> data, int index, bool towards, out FrameKey key)
    {
        key = default;
        var bytes = FrameKey.Writable(ref key);
        Unsafe.WriteUnaligned(ref bytes[FrameKey.InterfaceAt], index);
        bytes[FrameKey.TowardsAt] = towards ? (byte)1 : (byte)0;
        if (data.Length < EthernetLength)
        {
            return;
        }

        data[..EtherTypeAt].CopyTo(bytes);
        var type = (int)BinaryPrimitives.ReadUInt16BigEndian(data[EtherTypeAt..]);
        var rest = data[EthernetLength..];
        if (type is not (IPv4Type or IPv6Type))
        {
            SkipTags(ref type, ref rest);
        }

        if (type is IPv4Type or IPv6Type && rest.Length >= IPv4Length)
        {
            ReadPacket(rest, bytes);
        }
    }

    private static void SkipTags(ref int type, ref ReadOnlySpan<byte> rest)
    {
        for (var tag = 0; tag < MostTags && TagTypes.Contains(type) && rest.Length >= TagLength; tag++)
        {
            type = BinaryPrimitives.ReadUInt16BigEndian(rest[TagTypeAt..]);
            rest = rest[TagLength..];
        }
    }

    private static void ReadPacket(ReadOnlySpan<byte> packet, Span<byte> key)
    {
        switch (packet[0] >> 4)
        {
            case 4:
                packet.Slice(IPv4SourceAt, 4).CopyTo(key[FrameKey.SourceAt..]);
                packet.Slice(IPv4DestinationAt, 4).CopyTo(key[FrameKey.DestinationAt..]);
                key[FrameKey.VersionAt] = 4;
                break;
            case 6 when packet.Length >= IPv6SourceAt + IPv6AddressesLength:
                packet.Slice(IPv6SourceAt, IPv6AddressesLength).CopyTo(key[FrameKey.SourceAt..]);
                key[FrameKey.VersionAt] = 6;
                break;
            default:
                break;
        }
    }
}
