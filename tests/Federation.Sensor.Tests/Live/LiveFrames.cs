using CsCheck;
using Federation.Domain.Identity;
using Federation.Sensor.Live;
using Federation.Sensor.Tests.Making;

namespace Federation.Sensor.Tests.Live;

/// <summary>A frame to be sent, with the tally that a right count makes of it: known from its making.</summary>
/// <param name="Bytes">The frame.</param>
/// <param name="Towards">Whether the host sends it to the VM.</param>
/// <param name="Source">The IP sender, if it is IP.</param>
/// <param name="Destination">The IP receiver.</param>
public sealed record LiveFrame(byte[] Bytes, bool Towards, Address Source, Address Destination)
{
    /// <summary>What it was, if it is no IP: see <see cref="FrameTally.Protocol"/>.</summary>
    public ushort Protocol { get; init; }

    /// <summary>What is counted of it on an interface.</summary>
    public FrameTally On(string name) =>
        new(name, Towards, Address.Mac(Bytes.AsSpan(6)), Address.Mac(Bytes), Source, Destination, 1, Bytes.Length) { Protocol = Protocol };
}

/// <summary>Makes frames of every kind.</summary>
public static class LiveFrames
{
    private static readonly ushort[] TagTypes = [0x8100, 0x88A8, 0x9100];

    /// <summary>IPv4 with fragments, IPv6, ARP and nonsense; up to three tags, PPPoE and MPLS labels; up to the largest that the interface sends.</summary>
    /// <remarks>At least two bytes after a tag: the kernel throws away what has less before anybody sees it.</remarks>
    public static readonly Gen<LiveFrame> Any =
        from packet in Gen.OneOf(Gen.OneOf(IPv4, IPv6, NotIP).SelectMany(Layered), Nonsense, CutOff)
        from tags in OneOf(TagTypes).Array[0, 3]
        from towards in Gen.Bool
        from sender in Gen.Byte[1, 4]
        from receiver in OneOf<byte>(1, 2, 0xFF)
        from room in Gen.Frequency((4, Gen.Int[0, 60]), (1, Gen.Const(1500 - packet.Bytes.Length - (4 * tags.Length))))
        select new LiveFrame(
            Frame(sender, receiver, tags, packet.Type, [.. packet.Bytes, .. new byte[packet.MayGrow ? room : 0]]), towards, packet.Source, packet.Destination)
        {
            Protocol = packet.Protocol,
        };

    /// <summary>A frame in VXLAN or GENEVE, with what is to be counted of it: the frame inside.</summary>
    public static readonly Gen<(byte[] Outer, LiveFrame Inner)> Tunnelled =
        from frame in Any.Where(frame => frame.Bytes.Length < 1100)
        from port in OneOf<ushort>(4789, 8472, 6081)
        from options in Gen.Int[0, 63]
        from isIPv6 in Gen.Bool
        select (FrameBytes.InTunnel(port, frame.Bytes, options, isIPv6), frame);

    /// <summary>An untagged IPv4 frame of 64 bytes from one of many senders.</summary>
    public static LiveFrame From(int sender, bool towards = false)
    {
        byte[] source = [10, 1, (byte)(sender >> 8), (byte)sender], destination = [10, 2, 0, 1];
        return new LiveFrame(
            Frame(1, 2, [], FrameBytes.IPv4Type, [.. FrameBytes.IPv4(source, destination, 0), .. new byte[30]]),
            towards, Address.IPv4(source), Address.IPv4(destination));
    }

    private static Gen<Packet> IPv4 =>
        from source in Gen.Byte[1, 3]
        from destination in Gen.Byte[1, 3]
        from fragment in OneOf<ushort>(0, 0x2000, 185)
        let a = new byte[] { 10, 42, 0, source }
        let b = new byte[] { 10, 42, 1, destination }
        select new Packet(FrameBytes.IPv4Type, FrameBytes.IPv4(a, b, fragment), Address.IPv4(a), Address.IPv4(b));

    private static Gen<Packet> IPv6 =>
        from source in Gen.Byte[1, 3]
        from destination in Gen.Byte[1, 3]
        from next in OneOf<byte>(6, 44)
        let a = (byte[])[0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, source]
        let b = (byte[])[0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, destination]
        select new Packet(FrameBytes.IPv6Type, FrameBytes.IPv6(a, b, next), Address.IPv6(a), Address.IPv6(b));

    /// <summary>As it is, behind MPLS labels, or in a PPPoE session.</summary>
    private static Gen<Packet> Layered(Packet packet)
    {
        var isIP = packet.Source.Kind != AddressKind.None;
        Packet In(ushort type, byte[] bytes) => packet with { Type = type, Bytes = bytes, Protocol = isIP ? (ushort)0 : type };
        return Gen.OneOf(
            Gen.Const(packet),
            Gen.Int[0, 3].Select(more => In(0x8847, LinkBytes.Labels(more, packet.Bytes))),
            Gen.Const(In(0x8864, LinkBytes.Pppoe(isIP ? packet.Type : FrameBytes.ArpType, packet.Bytes))));
    }

    private static Gen<Packet> NotIP =>
        from type in OneOf<ushort>(FrameBytes.ArpType, 0x88CC, 0x0010, 0x86DE)
        from rest in Gen.Byte.Array[2, 60]
        select new Packet(type, [0x10, .. rest], default, default) { Protocol = type < 0x0600 ? (ushort)1 : type };

    /// <summary>It says that it is IP, but is of no version that there is.</summary>
    private static Gen<Packet> Nonsense =>
        from type in OneOf(FrameBytes.IPv4Type, FrameBytes.IPv6Type)
        from version in OneOf<byte>(0x05, 0x50, 0x70, 0xF4)
        from rest in Gen.Byte.Array[2, 60]
        select new Packet(type, [version, .. rest], default, default) { Protocol = type };

    /// <summary>It ends before its addresses do.</summary>
    private static Gen<Packet> CutOff =>
        from packet in Gen.OneOf(IPv4, IPv6)
        from kept in Gen.Int[2, packet.Bytes.Length - 1]
        select new Packet(packet.Type, packet.Bytes[..kept], default, default, MayGrow: false) { Protocol = packet.Type };

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(at => values[at]);

    private static byte[] Frame(byte sender, byte receiver, ushort[] tags, ushort type, byte[] payload)
    {
        var frame = FrameBytes.Ethernet(tags, type, payload);
        frame[5] = receiver;
        frame[11] = sender;
        return frame;
    }

    private sealed record Packet(ushort Type, byte[] Bytes, Address Source, Address Destination, bool MayGrow = true)
    {
        public ushort Protocol { get; init; }
    }
}
