using CsCheck;
using Federation.Domain.Identity;
using Federation.Sensor.Captures;
using PacketDotNet;

namespace Federation.Sensor.Tests.Making;

/// <summary>Makes captures of every format, link type and kind of frame.</summary>
public static class CaptureGen
{
    private const ushort LaterFragment = 185;
    private const byte FragmentHeader = 44;
    private const byte Tcp = 6;
    private const long Start = 1_795_456_260_000_000;
    private static readonly ushort[] VlanTypes = [0x8100, 0x88A8, 0x9100];

    public static readonly Gen<CaptureFormat> Format = Gen.Select(
        Gen.Bool,
        Gen.Bool,
        Gen.Bool,
        Gen.Bool,
        OneOf(LinkLayers.Ethernet, LinkLayers.LinuxSll, LinkLayers.LinuxSll2, LinkLayers.Raw, LinkLayers.IPv4),
        (next, bigEndian, nanosecond, gzip, link) => new CaptureFormat(next, bigEndian, nanosecond, gzip, link));

    /// <summary>A capture of up to 40 frames over some four windows, out of order.</summary>
    public static readonly Gen<(CaptureFormat Format, MadeFrame[] Frames)> Capture =
        from format in Format
        from frames in Frame(format.Link).Array[0, 40]
        select (format, frames);

    private static Gen<MadeFrame> Frame(LinkLayers link) =>
        from time in Gen.Long[0, 110_000_000]
        from packet in link switch
        {
            LinkLayers.IPv4 => IPv4,
            LinkLayers.Raw => Gen.OneOf(IPv4, IPv6),
            _ => Gen.OneOf(IPv4, IPv6, Other),
        }
        from vlans in OneOf(VlanTypes).Array[0, 2]
        from payload in Gen.Byte.Array[0, 30]
        from unkept in Gen.Int[0, 60_000]
        select Made(link, Start + time, packet, vlans, payload, unkept);

    private static Gen<(ushort Type, byte[] Header, AddressPair? Pair)> IPv4 =>
        from source in Gen.Byte[1, 5]
        from destination in Gen.Byte[1, 5]
        from fragment in OneOf<ushort>(0, LaterFragment)
        let a = new byte[] { 10, 42, 0, source }
        let b = new byte[] { 10, 42, 0, destination }
        select (FrameBytes.IPv4Type, FrameBytes.IPv4(a, b, fragment), Pair(Address.IPv4(a), Address.IPv4(b)));

    private static Gen<(ushort Type, byte[] Header, AddressPair? Pair)> IPv6 =>
        from source in Gen.Byte[1, 5]
        from destination in Gen.Byte[1, 5]
        from next in OneOf(Tcp, FragmentHeader)
        let a = (byte[])[0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, source]
        let b = (byte[])[0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, destination]
        select (FrameBytes.IPv6Type, FrameBytes.IPv6(a, b, next), Pair(Address.IPv6(a), Address.IPv6(b)));

    private static Gen<(ushort Type, byte[] Header, AddressPair? Pair)> Other =>
        Gen.Byte.Array[28].Select(body => (FrameBytes.ArpType, body, (AddressPair?)null));

    private static AddressPair? Pair(Address source, Address destination) => new AddressPair(source, destination);

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static MadeFrame Made(
        LinkLayers link,
        long time,
        (ushort Type, byte[] Header, AddressPair? Pair) packet,
        ushort[] vlans,
        byte[] payload,
        int unkept)
    {
        byte[] content = [.. packet.Header, .. payload];
        var data = link switch
        {
            LinkLayers.Ethernet => FrameBytes.Ethernet(vlans, packet.Type, content),
            LinkLayers.LinuxSll => FrameBytes.Sll(packet.Type, content),
            LinkLayers.LinuxSll2 => FrameBytes.Sll2(packet.Type, content),
            _ => content,
        };
        return new MadeFrame(time, data, data.Length + unkept, packet.Pair ?? MacPair(link));
    }

    /// <summary>A cooked header keeps the sender only.</summary>
    private static AddressPair MacPair(LinkLayers link) => new(
        Address.Mac(FrameBytes.SourceMac), link == LinkLayers.Ethernet ? Address.Mac(FrameBytes.DestinationMac) : default);
}
