using CsCheck;
using Federation.Domain.Identity;
using Federation.Sensor.Captures;
using Federation.Sensor.Headers;

namespace Federation.Sensor.Tests.Making;

/// <summary>Makes captures of every format, link type and kind of frame.</summary>
public static class CaptureGen
{
    private const ushort LaterFragment = 185;
    private const byte FragmentHeader = 44;
    private const byte Tcp = 6;
    private const long Start = 1_795_456_260_000_000;
    private const ushort MplsType = 0x8847;
    private const ushort PppoeType = 0x8864;
    private static readonly ushort[] VlanTypes = [0x8100, 0x88A8, 0x9100, 0x9200];

    public static readonly Gen<CaptureFormat> Format = Gen.Select(
        Gen.Bool, Gen.Bool, Gen.Bool, Gen.Bool, OneOf(Enum.GetValues<LinkType>()),
        (next, bigEndian, nanosecond, gzip, link) => new CaptureFormat(next, bigEndian, nanosecond, gzip, link));

    /// <summary>A capture of up to 40 frames over some four windows, out of order; of pcapng with up to three interfaces of several link types.</summary>
    public static readonly Gen<(CaptureFormat Format, MadeFrame[] Frames)> Capture =
        from format in Format
        from further in OneOf(Enum.GetValues<LinkType>()).Array[0, 2]
        let links = format.IsNext ? (LinkType[])[format.Link, .. further] : [format.Link]
        from frames in (from port in Gen.Int[0, links.Length - 1] from frame in Frame(links[port]) select frame with { Interface = port }).Array[0, 40]
        select (format with { Further = links[1..] }, Different(frames));

    /// <summary>A frame as a link type carries it.</summary>
    public static Gen<MadeFrame> Frame(LinkType link) =>
        from time in Gen.Long[0, 110_000_000]
        from packet in link switch
        {
            LinkType.IPv4 => IPv4,
            LinkType.IPv6 => IPv6,
            _ => Gen.OneOf(IPv4, IPv6, Other),
        }
        from layered in Layers(link, packet)
        from payload in Gen.Byte.Array[0, 30]
        from unkept in Gen.Int[0, 60_000]
        from choice in Gen.Byte
        let data = LinkBytes.Write(link, layered.Type, [.. layered.Bytes, .. payload], choice)
        select new MadeFrame(
            Start + time, data, data.Length + unkept, packet.Pair, packet.Pair is null ? layered.Reason ?? LinkBytes.ReasonOf(link) : null);

    /// <summary>What may lie between a link and a packet: VLAN tags, MPLS labels, PPPoE.</summary>
    private static Gen<(ushort Type, byte[] Bytes, string? Reason)> Layers(LinkType link, Packet packet)
    {
        var plain = Gen.Const((packet.Type, packet.Bytes, (string?)null));
        var labels = Gen.Int[0, 3].Select(more => (MplsType, LinkBytes.Labels(more, packet.Bytes), (string?)"MPLS without IP"));
        return link switch
        {
            LinkType.Ethernet or LinkType.LinuxSll or LinkType.LinuxSll2 or LinkType.AtmLlc or LinkType.Pktap or LinkType.Wifi =>
                from inner in Gen.OneOf(plain, labels, Gen.Const((PppoeType, LinkBytes.Pppoe(packet.Type, packet.Bytes), (string?)"PPP LCP")))
                from vlans in OneOf(VlanTypes).Array[0, 2]
                select vlans.Aggregate(inner, (within, tag) => (tag, (byte[])[0x20, 0x07, .. FrameBytes.BigEndian(within.Item1), .. within.Item2], within.Item3)),
            LinkType.Ppp or LinkType.PppSerial or LinkType.PppWithDirection or LinkType.CiscoHdlc => Gen.OneOf(plain, labels),
            _ => plain,
        };
    }

    private static Gen<Packet> IPv4 =>
        from source in Gen.Byte[1, 5]
        from destination in Gen.Byte[1, 5]
        from fragment in OneOf<ushort>(0, LaterFragment)
        let a = new byte[] { 10, 42, 0, source }
        let b = new byte[] { 10, 42, 0, destination }
        select new Packet(FrameBytes.IPv4Type, FrameBytes.IPv4(a, b, fragment), new AddressPair(Address.IPv4(a), Address.IPv4(b)));

    private static Gen<Packet> IPv6 =>
        from source in Gen.Byte[1, 5]
        from destination in Gen.Byte[1, 5]
        from next in OneOf(Tcp, FragmentHeader)
        let a = (byte[])[0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, source]
        let b = (byte[])[0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, destination]
        select new Packet(FrameBytes.IPv6Type, FrameBytes.IPv6(a, b, next), new AddressPair(Address.IPv6(a), Address.IPv6(b)));

    /// <summary>ARP, or on links that carry packets alone no version of IP.</summary>
    private static Gen<Packet> Other =>
        Gen.Byte.Array[27].Select(body => new Packet(FrameBytes.ArpType, [0x10, .. body], null));

    /// <summary>No two of them the same, so that none is taken for another one that was seen twice.</summary>
    private static MadeFrame[] Different(MadeFrame[] frames) =>
        [.. frames.Select((frame, number) => frame with { Data = [.. frame.Data, (byte)number], Length = frame.Length + 1 })];

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private sealed record Packet(ushort Type, byte[] Bytes, AddressPair? Pair);
}
