using static System.Buffers.Binary.BinaryPrimitives;

namespace Federation.Sensor.Headers;

/// <summary>The headers of links other than Ethernet, and those between a link and its packets.</summary>
internal ref partial struct HeaderWalk
{
    private const int TagLength = 4;
    private const int TagTypeAt = 2;
    private const int LabelLength = 4;

    /// <summary>Through the labels to the bottom of the stack: IP, or an Ethernet frame with or without a control word (RFC 4448).</summary>
    private LeftOutReason ReadMpls()
    {
        for (var isLast = false; !isLast; at += LabelLength)
        {
            if (Left < LabelLength || !IsAnother())
            {
                return CutShort;
            }

            isLast = (data[at + 2] & 1) != 0;
        }

        return Left == 0 ? CutShort : (data[at] >> 4) is 4 or 6 ? ReadPacket() : ReadPseudowire();
    }

    // Nothing says that it is one: it is taken for one if there is IP where it would be.
    private LeftOutReason ReadPseudowire()
    {
        var (begin, before) = (at, reading);
        foreach (var control in (ReadOnlySpan<int>)[4, 0])
        {
            (at, reading) = (begin + control, before);
            if (Left >= EthernetLength && IsAnother() && ReadEthernet().Kind == LeftOutKind.None)
            {
                return default;
            }
        }

        reading = before;
        return new(LeftOutKind.Mpls);
    }

    private LeftOutReason ReadPppoe()
    {
        const int length = 6, codeAt = 1;
        if (Left < length)
        {
            return CutShort;
        }

        var isSession = data[at + codeAt] == 0;
        at += length;
        return isSession ? ReadPpp() : new(LeftOutKind.EtherType, 0x8863);
    }

    private LeftOutReason ReadPpp()
    {
        const byte allStations = 0xFF, unnumbered = 0x03;
        if (Left < 2)
        {
            return CutShort;
        }

        if (data[at] is CiscoUnicast or CiscoBroadcast && data[at + 1] == 0)
        {
            return ReadCiscoHdlc();
        }

        at += data[at] == allStations && data[at + 1] == unnumbered ? 2 : 0;
        return ReadPppProtocol();
    }

    private LeftOutReason ReadPppProtocol()
    {
        // The number's first byte may be left out: then it is odd, as the last one always is.
        var length = Left > 0 && (data[at] & 1) != 0 ? 1 : 2;
        if (Left < length)
        {
            return CutShort;
        }

        var protocol = length == 1 ? data[at] : UInt16(0);
        at += length;
        return protocol switch
        {
            0x0021 or 0x0057 => ReadPacket(),
            0x0281 or 0x0283 => ReadMpls(),
            _ => new(LeftOutKind.Ppp, (ushort)protocol),
        };
    }

    private const byte CiscoUnicast = 0x0F;
    private const byte CiscoBroadcast = 0x8F;

    private LeftOutReason ReadCiscoHdlc()
    {
        const int length = 4, typeAt = 2;
        if (Left < length)
        {
            return CutShort;
        }

        var type = UInt16(typeAt);
        at += length;

        // Keepalives have the number of RARP.
        return type == 0xFEFE ? new(LeftOutKind.Llc, 0xFE) : ReadTyped(type);
    }

    /// <summary>RFC 2427, or Cisco's encapsulation, in which an EtherType follows the address.</summary>
    private LeftOutReason ReadFrameRelay()
    {
        const byte unnumbered = 0x03;
        var length = 2;
        while (length <= 4 && Left >= length && (data[at + length - 1] & 1) == 0)
        {
            length++;
        }

        if (length > 4)
        {
            return Damaged;
        }

        if (Left < length + 2)
        {
            return CutShort;
        }

        at += length;
        if (data[at] == unnumbered)
        {
            at++;
            return ReadNlpid();
        }

        var type = UInt16(0);
        at += 2;
        return type == 0xFEFE ? new(LeftOutKind.Llc, 0xFE) : ReadTyped(type);
    }

    private LeftOutReason ReadNlpid()
    {
        if (Left > 1 && data[at] == 0)
        {
            at++;
        }

        if (Left == 0)
        {
            return CutShort;
        }

        var protocol = data[at++];
        return protocol switch
        {
            0x80 => ReadSnap(),
            0xCC or 0x8E => ReadPacket(),
            0xCF => ReadPppProtocol(),
            _ => new(LeftOutKind.Nlpid, protocol),
        };
    }

    private LeftOutReason ReadLlc()
    {
        const int length = 3;
        const byte snap = 0xAA, ip = 0x06;
        if (Left < length)
        {
            return CutShort;
        }

        var access = data[at];
        at += length;
        return access switch
        {
            snap when data[at - 2] == snap => ReadSnap(),
            ip => ReadPacket(),
            _ => new(LeftOutKind.Llc, access),
        };
    }

    private LeftOutReason ReadSnap()
    {
        const int length = 5, typeAt = 3;
        if (Left < length)
        {
            return CutShort;
        }

        var vendor = UInt16(0) << 8 | data[at + 2];
        var type = UInt16(typeAt);
        at += length;
        return vendor switch
        {
            0x000000 or 0x0000F8 when type >= EtherTypes.Least => ReadTyped(type),

            // RFC 2684 and RFC 2427: a bridged Ethernet frame, with its checksum or without; ATM pads it.
            0x0080C2 when type is 0x0001 or 0x0007 => IsAnother() ? ReadBridged() : Damaged,
            _ => new(LeftOutKind.Snap, (ushort)type),
        };
    }

    // Whether two bytes of padding come first is a matter of the link: the frame is where a known type is.
    private LeftOutReason ReadBridged()
    {
        var begin = at;
        var reason = ReadEthernet();
        if (reason.Kind != LeftOutKind.None)
        {
            at = begin;
            reason = Skip(2) ? ReadEthernet() : CutShort;
        }

        return reason;
    }

    private LeftOutReason ReadFamily(bool inNetworkOrder)
    {
        const uint ip = 2;
        if (!Skip(4))
        {
            return CutShort;
        }

        var family = ReadUInt32BigEndian(data[(at - 4)..]);

        // In the order of whoever captured: a family is a small number, so the order in which it is small is the right one.
        family = inNetworkOrder || family <= ushort.MaxValue ? family : ReverseEndianness(family);
        return family switch
        {
            ip => ReadPacket(),

            // IPv6 has another number in each of Linux, NetBSD and OpenBSD, FreeBSD, and macOS.
            10 or 24 or 28 or 30 => ReadPacket(),
            _ => new(LeftOutKind.Family, (ushort)Math.Min(family, ushort.MaxValue)),
        };
    }

    private LeftOutReason ReadCooked(CookedHeader header)
    {
        const int broadcast = 1, multicast = 2, outgoing = 4, noLength = 1, llc = 4;
        if (Left < header.Length)
        {
            return CutShort;
        }

        var way = data[header.WayAt];
        reading.IsToMany = way is broadcast or multicast;
        reading.Point = header.InterfaceAt is { } place ? (int)ReadUInt32BigEndian(data[place..]) : way == outgoing ? 1 : 0;
        var type = UInt16(header.TypeAt);
        at = reading.Start = header.Length;
        return type is noLength or llc ? ReadLlc() : type < EtherTypes.Least ? new(LeftOutKind.EtherType, (ushort)type) : ReadTyped(type);
    }

    private LeftOutReason ReadPktap()
    {
        const int linkAt = 8, least = 12;
        if (Left < least || !IsAnother())
        {
            return CutShort;
        }

        var (length, link) = (ReadUInt32LittleEndian(data[at..]), ReadUInt32LittleEndian(data[(at + linkAt)..]));
        if (length < least || link > ushort.MaxValue)
        {
            return Damaged;
        }

        return length <= Left && Skip((int)length) ? ReadLink((LinkType)link) : CutShort;
    }
}

/// <summary>Where a Linux cooked header keeps what is wanted of it, in bytes from its start.</summary>
/// <param name="Length">The header's length; the packet follows.</param>
/// <param name="TypeAt">The EtherType, 2 bytes.</param>
/// <param name="WayAt">Where the frame came from or went to, the low byte.</param>
/// <param name="InterfaceAt">The interface's number, 4 bytes; null: it has none.</param>
internal readonly record struct CookedHeader(int Length, int TypeAt, int WayAt, int? InterfaceAt)
{
    /// <summary>Version 1.</summary>
    public static CookedHeader Sll => new(16, 14, 1, null);

    /// <summary>Version 2.</summary>
    public static CookedHeader Sll2 => new(20, 0, 10, 4);
}
