using static System.Buffers.Binary.BinaryPrimitives;

namespace Federation.Sensor.Headers;

/// <summary>IP, and the tunnels over UDP.</summary>
internal ref partial struct HeaderWalk
{
    private const int IPv4Length = 20;
    private const int IPv6Length = 40;
    private const int UdpLength = 8;
    private const int TunnelLength = 8;
    private const byte Udp = 17;

    /// <summary>IANA's port of VXLAN, and the one that Linux took before there was any.</summary>
    private const int VxlanPort = 4789;
    private const int OldVxlanPort = 8472;
    private const int GenevePort = 6081;

    /// <summary>Reads IPv4 or IPv6, of the version that was announced; 0: whichever it is.</summary>
    private LeftOutReason ReadPacket(int announced = 0)
    {
        reading.PacketAt = at;
        return Left == 0 ? CutShort : (data[at] >> 4) switch
        {
            4 when announced is 0 or 4 => ReadIPv4(),
            6 when announced is 0 or 6 => ReadIPv6(),
            _ => Damaged,
        };
    }

    private LeftOutReason ReadIPv4()
    {
        if (Left < IPv4Length)
        {
            return CutShort;
        }

        var header = (data[at] & 0xF) * 4;
        var total = UInt16(2);

        // A length of 0 is left to the network card, which cuts what the host hands it into packets.
        if (header < IPv4Length || (total < header && total != 0))
        {
            return Damaged;
        }

        reading.Pair = PairKey.OfIPv4(ReadUInt32BigEndian(data[(at + 12)..]), ReadUInt32BigEndian(data[(at + 16)..]));
        var isFirst = (UInt16(6) & 0x1FFF) == 0;
        return inner && isFirst && data[at + 9] == Udp ? ReadTunnel(at + header) : default;
    }

    private LeftOutReason ReadIPv6()
    {
        if (Left < IPv6Length)
        {
            return CutShort;
        }

        reading.Pair = new PairKey(
            ReadUInt64BigEndian(data[(at + 8)..]), ReadUInt64BigEndian(data[(at + 16)..]),
            ReadUInt64BigEndian(data[(at + 24)..]), ReadUInt64BigEndian(data[(at + 32)..]));
        return inner && AfterExtensions() is { } payload ? ReadTunnel(payload) : default;
    }

    /// <summary>Where UDP begins, behind extension headers; null if there is none, or only a later part of it.</summary>
    private readonly int? AfterExtensions()
    {
        const byte hopByHop = 0, routing = 43, fragment = 44, destination = 60;
        var (next, place) = (data[at + 6], at + IPv6Length);
        for (var extension = 0; extension < MostHeaders && next is hopByHop or routing or fragment or destination; extension++)
        {
            if (data.Length - place < 8 || (next == fragment && (ReadUInt16BigEndian(data[(place + 2)..]) & 0xFFF8) != 0))
            {
                return null;
            }

            var length = next == fragment ? 8 : (data[place + 1] + 1) * 8;
            (next, place) = (data[place], place + length);
        }

        return next == Udp ? place : null;
    }

    /// <summary>Goes on inside a tunnel; counts by the addresses outside if it is none, or what it is cannot be told.</summary>
    private LeftOutReason ReadTunnel(int udp)
    {
        if (data.Length - udp < UdpLength + TunnelLength || !IsAnother())
        {
            return default;
        }

        var (port, tunnel) = (ReadUInt16BigEndian(data[(udp + 2)..]), udp + UdpLength);
        return port switch
        {
            VxlanPort or OldVxlanPort when (data[tunnel] & 0x08) != 0 => Enter(tunnel + TunnelLength, EtherTypes.Ethernet),
            GenevePort when data[tunnel] >> 6 == 0 => Enter(
                tunnel + TunnelLength + ((data[tunnel] & 0x3F) * 4), ReadUInt16BigEndian(data[(tunnel + 2)..])),
            _ => default,
        };
    }

    private LeftOutReason Enter(int place, int type)
    {
        if (place > data.Length)
        {
            return CutShort;
        }

        at = reading.Start = reading.Tunnel = place;
        reading.IsToMany = false;
        return ReadTyped(type);
    }
}
