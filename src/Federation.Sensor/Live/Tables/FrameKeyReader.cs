using System.Buffers.Binary;
using Federation.Sensor.Headers;

namespace Federation.Sensor.Live.Tables;

/// <summary>Builds a frame's key from its first bytes: the same as the kernel's program, for backends that are handed the frame.</summary>
/// <remarks>
/// What is not IP, or too short to tell, is known by its Ethernet addresses. At most <see cref="MostTags"/> VLAN tags are looked behind, then one
/// PPPoE header, then at most <see cref="MostLabels"/> MPLS labels; and, if asked to, into one tunnel.
/// </remarks>
/// <param name="inner">Whether a frame in VXLAN or GENEVE is read in place of the one around it.</param>
internal readonly struct FrameKeyReader(bool inner)
{
    public const int EthernetLength = 14;
    public const int TagLength = 4;
    public const int TagTypeAt = 2;
    public const int MostTags = 4;
    public const int PppoeLength = 8;
    public const int PppoeCodeAt = 1;
    public const int PppProtocolAt = 6;
    public const int PppIPv4 = 0x0021;
    public const int PppIPv6 = 0x0057;
    public const int PppMpls = 0x0281;
    public const int LabelLength = 4;
    public const int LabelEndAt = 2;
    public const int MostLabels = 4;
    public const int IPv4Length = 20;
    public const int IPv4FragmentAt = 6;
    public const int IPv4ProtocolAt = 9;
    public const int IPv4SourceAt = 12;
    public const int IPv4DestinationAt = 16;
    public const int IPv6NextAt = 6;
    public const int IPv6SourceAt = 8;
    public const int IPv6AddressesLength = 32;
    public const int Udp = 17;
    public const int UdpLength = 8;
    public const int UdpPortAt = 2;
    public const int TunnelLength = 8;
    public const int TunnelTypeAt = 2;
    public const int VxlanPort = 4789;
    public const int OldVxlanPort = 8472;
    public const int VxlanFlag = 0x08;
    public const int GenevePort = 6081;
    public const int GeneveVersionBits = 6;
    public const int GeneveOptionsMask = 0x3F;
    public const int LaterFragmentMask = 0x1FFF;

    /// <summary>In place of an EtherType, for a length.</summary>
    public const int Llc = 1;

    /// <summary>How much of a frame has to be kept for its key, whatever it is.</summary>
    public const int SnapLength =
        EthernetLength + ((MostTags + 1) * TagLength) + PppoeLength + (MostLabels * LabelLength) + IPv6SourceAt + IPv6AddressesLength;

    /// <summary>The same where a tunnel is looked into: the longest IP header, UDP, and a tunnel's with all of its options come before it.</summary>
    public const int InnerSnapLength = SnapLength + (0xF * 4) + UdpLength + TunnelLength + (GeneveOptionsMask * 4) + SnapLength;

    private const int EtherTypeAt = 12;

    /// <summary>The EtherTypes after which a tag follows: 802.1Q, 802.1ad, and what was used before them.</summary>
    public static ReadOnlySpan<int> TagTypes => [EtherTypes.Vlan, EtherTypes.ProviderVlan, EtherTypes.OldProviderVlan, EtherTypes.OlderProviderVlan];

    /// <summary>How much of a frame has to be kept for its key.</summary>
    public int Snap => inner ? InnerSnapLength : SnapLength;

    /// <summary>Fills a key.</summary>
    /// <param name="data">The frame from its Ethernet header on, <see cref="Snap"/> bytes of it or all.</param>
    /// <param name="index">The interface's number.</param>
    /// <param name="towards">Whether the frame went out of it.</param>
    /// <param name="key">The key.</param>
    /// <returns>How many bytes before the frame that the key is of belong to a tunnel; 0: it is the frame itself.</returns>
    public int Read(ReadOnlySpan<byte> data, int index, bool towards, out FrameKey key)
    {
        key = default;
        var udp = ReadFrame(data, towards, ref key);
        var tunnel = inner && udp > 0 ? InnerFrameAt(data, udp) : 0;
        if (tunnel > 0)
        {
            key = default;
            _ = ReadFrame(data[Math.Min(tunnel, data.Length)..], towards, ref key);
            tunnel = data.Length - tunnel >= EthernetLength ? tunnel : 0;
        }

        key.SetInterface(index);
        return tunnel;
    }

    /// <summary>Where the frame in a tunnel begins; 0 if there is no tunnel that carries Ethernet.</summary>
    private static int InnerFrameAt(ReadOnlySpan<byte> data, int udp)
    {
        if (data.Length - udp < UdpLength + TunnelLength)
        {
            return 0;
        }

        var tunnel = udp + UdpLength;
        var flags = data[tunnel];
        return UInt16(data, udp + UdpPortAt) switch
        {
            VxlanPort or OldVxlanPort when (flags & VxlanFlag) != 0 => tunnel + TunnelLength,
            GenevePort when flags >> GeneveVersionBits == 0 && UInt16(data, tunnel + TunnelTypeAt) == EtherTypes.Ethernet =>
                tunnel + TunnelLength + ((flags & GeneveOptionsMask) * 4),
            _ => 0,
        };
    }

    /// <summary>Reads one frame; the answer is where UDP begins in it, 0 if it does not.</summary>
    private static int ReadFrame(ReadOnlySpan<byte> data, bool towards, ref FrameKey key)
    {
        if (data.Length < EthernetLength)
        {
            key.SetEthernet(stackalloc byte[EthernetLength], version: 0, towards);
            return 0;
        }

        var type = UInt16(data, EtherTypeAt);
        var at = EthernetLength;
        if (type is not (EtherTypes.IPv4 or EtherTypes.IPv6))
        {
            SkipToPacket(data, ref type, ref at);
        }

        var (version, udp) = ReadPacket(data, type, at, ref key);
        var protocol = version != 0 ? 0 : type < EtherTypes.Least ? Llc : type;
        key.SetEthernet(data, (byte)version, towards, (ushort)protocol);
        return udp;
    }

    private static (int Version, int Udp) ReadPacket(ReadOnlySpan<byte> data, int type, int at, ref FrameKey key)
    {
        if (type is not (EtherTypes.IPv4 or EtherTypes.IPv6) || data.Length - at < IPv4Length)
        {
            return default;
        }

        var version = data[at] >> 4;
        if (version == 4 && type == EtherTypes.IPv4)
        {
            key.SetIPv4(data[(at + IPv4SourceAt)..]);
            var isUdp = data[at + IPv4ProtocolAt] == Udp && (UInt16(data, at + IPv4FragmentAt) & LaterFragmentMask) == 0;
            return (version, isUdp ? at + ((data[at] & 0xF) * 4) : 0);
        }

        if (version == 6 && type == EtherTypes.IPv6 && data.Length - at >= IPv6SourceAt + IPv6AddressesLength)
        {
            key.SetIPv6(data[(at + IPv6SourceAt)..]);
            return (version, data[at + IPv6NextAt] == Udp ? at + IPv6SourceAt + IPv6AddressesLength : 0);
        }

        return default;
    }

    private static void SkipToPacket(ReadOnlySpan<byte> data, ref int type, ref int at)
    {
        for (var tag = 0; tag < MostTags && TagTypes.Contains(type) && data.Length - at >= TagLength; tag++)
        {
            type = UInt16(data, at + TagTypeAt);
            at += TagLength;
        }

        if (type == EtherTypes.PppoeSession && data.Length - at >= PppoeLength && data[at + PppoeCodeAt] == 0)
        {
            type = UInt16(data, at + PppProtocolAt) switch
            {
                PppIPv4 => EtherTypes.IPv4,
                PppIPv6 => EtherTypes.IPv6,
                PppMpls => EtherTypes.MplsUnicast,
                _ => type,
            };
            at += PppoeLength;
        }

        if (type is EtherTypes.MplsUnicast or EtherTypes.MplsMulticast)
        {
            type = SkipLabels(data, type, ref at);
        }
    }

    /// <summary>The type of what is behind the labels, told by its version alone; that of MPLS if it is no IP.</summary>
    private static int SkipLabels(ReadOnlySpan<byte> data, int type, ref int at)
    {
        var isBottom = false;
        for (var label = 0; label < MostLabels && !isBottom && data.Length - at >= LabelLength; label++)
        {
            isBottom = (data[at + LabelEndAt] & 1) != 0;
            at += LabelLength;
        }

        return !isBottom || at >= data.Length ? type : (data[at] >> 4) switch
        {
            4 => EtherTypes.IPv4,
            6 => EtherTypes.IPv6,
            _ => type,
        };
    }

    private static int UInt16(ReadOnlySpan<byte> data, int at) => BinaryPrimitives.ReadUInt16BigEndian(data[at..]);
}
