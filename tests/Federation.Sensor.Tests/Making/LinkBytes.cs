using Federation.Sensor.Headers;

namespace Federation.Sensor.Tests.Making;

/// <summary>Writes a packet as each kind of link carries it, byte by byte as the standards say.</summary>
public static class LinkBytes
{
    private const ushort Arp = FrameBytes.ArpType;
    private static readonly byte[] Snap = [0xAA, 0xAA, 0x03, 0, 0, 0];

    /// <summary>The frame.</summary>
    /// <param name="link">The link.</param>
    /// <param name="type">IPv4, IPv6, MPLS, or ARP for what is not IP.</param>
    /// <param name="content">From the header on that the type announces.</param>
    /// <param name="choice">Picks one of the ways in which a link can say the same.</param>
    public static byte[] Write(LinkType link, ushort type, byte[] content, byte choice) => link switch
    {
        LinkType.Ethernet when choice % 4 == 0 && type >= 0x0600 =>
            FrameBytes.Ethernet([], (ushort)(Snap.Length + 2 + content.Length), [.. Snap, .. FrameBytes.BigEndian(type), .. content]),
        LinkType.Ethernet => FrameBytes.Ethernet([], type, content),
        LinkType.LinuxSll => FrameBytes.Sll(type, content),
        LinkType.LinuxSll2 => FrameBytes.Sll2(type, content),
        LinkType.Null => [.. choice % 2 == 0 ? Family(type, choice) : [.. Family(type, choice).Reverse()], .. content],
        LinkType.Loop => [.. Family(type, choice), .. content],
        LinkType.Ppp or LinkType.PppSerial => Ppp(type, content, choice),
        LinkType.PppWithDirection => [0, .. Ppp(type, content, choice)],
        LinkType.PppoeSession => Pppoe(type, content),
        LinkType.CiscoHdlc => [0x0F, 0, .. FrameBytes.BigEndian(type), .. content],
        LinkType.CiscoHdlcWithDirection => [1, 0x8F, 0, .. FrameBytes.BigEndian(type), .. content],
        LinkType.FrameRelay => FrameRelay(type, content, choice),
        LinkType.FrameRelayWithDirection => [1, .. FrameRelay(type, content, choice)],
        LinkType.Mpls => Labels(choice % 3, content),
        LinkType.AtmLlc => [.. Snap, .. FrameBytes.BigEndian(type), .. content],
        LinkType.Wifi => Wifi(type, content, choice),
        LinkType.WifiRadiotap => [0, 0, 8, 0, 0, 0, 0, 0, .. Wifi(type, content, choice)],
        LinkType.Pktap => [108, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, .. new byte[96], .. FrameBytes.Ethernet([], type, content)],
        _ => content,
    };

    /// <summary>Why a frame is left out that carries ARP, or on links that carry packets alone something that is neither version of IP.</summary>
    public static string ReasonOf(LinkType link) => link switch
    {
        LinkType.Null or LinkType.Loop => "address family 23",
        LinkType.Ppp or LinkType.PppSerial or LinkType.PppWithDirection or LinkType.PppoeSession => "PPP LCP",
        LinkType.Mpls => "MPLS without IP",
        LinkType.Raw or LinkType.RawOfBsd or LinkType.RawOfOpenBsd or LinkType.Slip or LinkType.IPv4 or LinkType.IPv6 => "damaged header",
        _ => "ARP",
    };

    /// <summary>Labels, the last one marked as such, and what they are before.</summary>
    public static byte[] Labels(int more, byte[] content) =>
        [.. Enumerable.Repeat((byte[])[0x12, 0x34, 0x50, 64], more).SelectMany(label => label), 0x00, 0x01, 0x01, 64, .. content];

    /// <summary>A session's PPPoE header, PPP's protocol, and what it is before.</summary>
    public static byte[] Pppoe(ushort type, byte[] content) =>
        [0x11, 0x00, 0x00, 0x07, .. FrameBytes.BigEndian((ushort)(content.Length + 2)), .. Protocol(type), .. content];

    private static byte[] Ppp(ushort type, byte[] content, byte choice) =>
        [.. (byte[])(choice % 2 == 0 ? [0xFF, 0x03] : []), .. Protocol(type), .. content];

    private static byte[] Protocol(ushort type) => type switch
    {
        FrameBytes.IPv4Type => [0x00, 0x21],
        FrameBytes.IPv6Type => [0x00, 0x57],
        Arp => [0xC0, 0x21],
        _ => [0x02, 0x81],
    };

    // IPv6 has four numbers, as many as there were systems to choose one.
    private static byte[] Family(ushort type, byte choice) =>
        [0, 0, 0, type switch { FrameBytes.IPv4Type => 2, Arp => 23, _ => (byte)(choice % 3 == 0 ? 24 : choice % 3 == 1 ? 28 : 30) }];

    private static byte[] FrameRelay(ushort type, byte[] content, byte choice) =>
    [
        0x48, 0xE1,
        .. (choice % 3) switch
        {
            0 => FrameBytes.BigEndian(type),
            1 when type is FrameBytes.IPv4Type => [0x03, 0xCC],
            1 when type is FrameBytes.IPv6Type => [0x03, 0x8E],
            _ => (byte[])[0x03, 0x00, 0x80, 0, 0, 0, .. FrameBytes.BigEndian(type)],
        },
        .. content,
    ];

    private static byte[] Wifi(ushort type, byte[] content, byte choice)
    {
        var hasQuality = choice % 2 == 0;
        var isBridge = choice % 3 == 0;
        return
        [
            (byte)(hasQuality ? 0x88 : 0x08), (byte)(isBridge ? 3 : 1), 0, 0, .. FrameBytes.DestinationMac, .. FrameBytes.SourceMac, .. FrameBytes.DestinationMac, 0, 0,
            .. (byte[])(isBridge ? FrameBytes.SourceMac : []), .. (byte[])(hasQuality ? [0, 0] : []), .. Snap, .. FrameBytes.BigEndian(type), .. content,
        ];
    }
}
