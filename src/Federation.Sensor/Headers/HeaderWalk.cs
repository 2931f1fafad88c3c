using static System.Buffers.Binary.BinaryPrimitives;

namespace Federation.Sensor.Headers;

/// <summary>Finds out which IP address sent a frame to which, from the frame's first bytes and without an allocation.</summary>
/// <remarks>
/// Goes from header to header: VLAN tags, MPLS labels (RFC 3032), PPPoE (RFC 2516), LLC and SNAP, and, if asked to, VXLAN (RFC 7348) and
/// GENEVE (RFC 8926). Nothing is read beyond the bytes that were kept.
/// </remarks>
/// <param name="data">The bytes that were kept.</param>
/// <param name="inner">Whether addresses inside VXLAN and GENEVE are wanted in place of the tunnel's.</param>
internal ref partial struct HeaderWalk(ReadOnlySpan<byte> data, bool inner)
{
    private const int EthernetLength = 14;
    private const int EtherTypeAt = 12;

    /// <summary>Tags, labels and tunnels in tunnels end here: more of them only a forged frame has.</summary>
    private const int MostHeaders = 32;

    private readonly ReadOnlySpan<byte> data = data;
    private readonly bool inner = inner;
    private FrameReading reading;
    private int at;
    private int headers;

    private static LeftOutReason CutShort => new(LeftOutKind.CutShort);

    private static LeftOutReason Damaged => new(LeftOutKind.Damaged);

    private readonly int Left => data.Length - at;

    /// <summary>Reads a frame.</summary>
    /// <param name="link">What it begins with.</param>
    /// <param name="data">The bytes that were kept.</param>
    /// <param name="inner">Whether addresses inside VXLAN and GENEVE are wanted in place of the tunnel's.</param>
    /// <param name="reading">What was found; only in part if the frame is not to be counted.</param>
    /// <returns>Why it is not to be counted; kind <see cref="LeftOutKind.None"/> if it is.</returns>
    public static LeftOutReason Read(LinkType link, ReadOnlySpan<byte> data, bool inner, out FrameReading reading)
    {
        var walk = new HeaderWalk(data, inner);
        var reason = walk.ReadLink(link);
        reading = walk.reading;
        return reason;
    }

    private LeftOutReason ReadLink(LinkType link) => link switch
    {
        LinkType.Ethernet => ReadEthernet(),
        LinkType.Raw or LinkType.RawOfBsd or LinkType.RawOfOpenBsd or LinkType.IPv4 or LinkType.IPv6 or LinkType.Slip => ReadPacket(),
        LinkType.LinuxSll => ReadCooked(CookedHeader.Sll),
        LinkType.LinuxSll2 => ReadCooked(CookedHeader.Sll2),
        LinkType.Null => ReadFamily(inNetworkOrder: false),
        LinkType.Loop => ReadFamily(inNetworkOrder: true),
        LinkType.Ppp or LinkType.PppSerial => ReadPpp(),
        LinkType.PppWithDirection => Skip(1) ? ReadPpp() : CutShort,
        LinkType.PppoeSession => ReadPppoe(),
        LinkType.CiscoHdlc => ReadCiscoHdlc(),
        LinkType.CiscoHdlcWithDirection => Skip(1) ? ReadCiscoHdlc() : CutShort,
        LinkType.FrameRelay => ReadFrameRelay(),
        LinkType.FrameRelayWithDirection => Skip(1) ? ReadFrameRelay() : CutShort,
        LinkType.Mpls => ReadMpls(),
        LinkType.AtmLlc => ReadLlc(),
        LinkType.Wifi => ReadWifi(hasPadding: false),
        LinkType.WifiRadiotap => ReadRadiotap(),
        LinkType.Pktap => ReadPktap(),
        _ => new(LeftOutKind.LinkType, (ushort)link),
    };

    private LeftOutReason ReadEthernet()
    {
        if (Left < EthernetLength)
        {
            return CutShort;
        }

        reading.IsToMany = (data[at] & 1) != 0;
        var type = UInt16(EtherTypeAt);
        at += EthernetLength;
        return ReadTyped(type);
    }

    /// <summary>Reads what an EtherType announces.</summary>
    private LeftOutReason ReadTyped(int type)
    {
        while (true)
        {
            switch (type)
            {
                case EtherTypes.IPv4:
                    return ReadPacket(4);
                case EtherTypes.IPv6:
                    return ReadPacket(6);
                case EtherTypes.Vlan or EtherTypes.ProviderVlan or EtherTypes.OldProviderVlan or EtherTypes.OlderProviderVlan:
                    if (Left < TagLength || !IsAnother())
                    {
                        return CutShort;
                    }

                    type = UInt16(TagTypeAt);
                    at += TagLength;
                    break;
                case EtherTypes.MplsUnicast or EtherTypes.MplsMulticast:
                    return ReadMpls();
                case EtherTypes.PppoeSession:
                    return ReadPppoe();
                case EtherTypes.Macsec when IsPlain(out var length):
                    if (Left < length || !IsAnother())
                    {
                        return CutShort;
                    }

                    type = UInt16(length - 2);
                    at += length;
                    break;
                case EtherTypes.Ethernet:
                    return IsAnother() ? ReadEthernet() : Damaged;
                case < EtherTypes.Least:
                    return ReadLlc();
                default:
                    return new(LeftOutKind.EtherType, (ushort)type);
            }
        }
    }

    /// <summary>Whether MACsec (802.1AE) protects the frame without hiding it, and how long its tag and the type after it are.</summary>
    private readonly bool IsPlain(out int length)
    {
        const int tag = 6, channel = 8;
        const byte encryptedOrChanged = 0x0C, hasChannel = 0x20;
        length = tag + 2 + (Left > 0 && (data[at] & hasChannel) != 0 ? channel : 0);
        return Left > 0 && (data[at] & encryptedOrChanged) == 0;
    }

    private bool IsAnother() => ++headers < MostHeaders;

    private bool Skip(int bytes)
    {
        if (Left < bytes)
        {
            return false;
        }

        at += bytes;
        return true;
    }

    private readonly int UInt16(int offset) => ReadUInt16BigEndian(data[(at + offset)..]);
}
