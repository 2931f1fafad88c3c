using System.Buffers.Binary;

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
        if (data.Length < EthernetLength)
        {
            key.SetEthernet(stackalloc byte[EthernetLength], version: 0, towards);
            key.SetInterface(index);
            return;
        }

        var type = (int)BinaryPrimitives.ReadUInt16BigEndian(data[EtherTypeAt..]);
        var rest = data[EthernetLength..];
        if (type is not (IPv4Type or IPv6Type))
        {
            SkipTags(ref type, ref rest);
        }

        var version = type is IPv4Type or IPv6Type && rest.Length >= IPv4Length ? rest[0] >> 4 : 0;
        if (version == 4)
        {
            key.SetIPv4(rest[IPv4SourceAt..]);
        }
        else if (version == 6 && rest.Length >= IPv6SourceAt + IPv6AddressesLength)
        {
            key.SetIPv6(rest[IPv6SourceAt..]);
        }
        else
        {
            version = 0;
        }

        key.SetEthernet(data, (byte)version, towards);
        key.SetInterface(index);
    }

    private static void SkipTags(ref int type, ref ReadOnlySpan<byte> rest)
    {
        for (var tag = 0; tag < MostTags && TagTypes.Contains(type) && rest.Length >= TagLength; tag++)
        {
            type = BinaryPrimitives.ReadUInt16BigEndian(rest[TagTypeAt..]);
            rest = rest[TagLength..];
        }
    }
}
