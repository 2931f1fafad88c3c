using System.Buffers.Binary;

namespace Federation.Sensor.Tests.Making;

/// <summary>Writes headers as the standards say, byte by byte.</summary>
public static class FrameBytes
{
    public const ushort IPv4Type = 0x0800;
    public const ushort IPv6Type = 0x86DD;
    public const ushort ArpType = 0x0806;

    public static readonly byte[] SourceMac = [0x52, 0x54, 0, 0, 0, 1];
    public static readonly byte[] DestinationMac = [0x52, 0x54, 0, 0, 0, 2];

    public static byte[] Ethernet(IEnumerable<ushort> vlanTypes, ushort type, byte[] payload) =>
        [.. DestinationMac, .. SourceMac, .. vlanTypes.SelectMany(Tag), .. BigEndian(type), .. payload];

    public static byte[] Sll(ushort type, byte[] payload) =>
        [0, 0, 0, 1, 0, 6, .. SourceMac, 0, 0, .. BigEndian(type), .. payload];

    public static byte[] Sll2(ushort type, byte[] payload) =>
        [.. BigEndian(type), 0, 0, 0, 0, 0, 2, 0, 1, 0, 6, .. SourceMac, 0, 0, .. payload];

    /// <summary>An IPv4 header of 20 bytes; the offset, in units of 8 bytes, makes it a later fragment.</summary>
    public static byte[] IPv4(byte[] source, byte[] destination, ushort fragmentOffset) =>
        [0x45, 0, 0, 60, 0, 1, .. BigEndian(fragmentOffset), 64, 6, 0, 0, .. source, .. destination];

    /// <summary>An IPv6 header; 44 announces a fragment header, 6 TCP.</summary>
    public static byte[] IPv6(byte[] source, byte[] destination, byte nextHeader) =>
        [0x60, 0, 0, 0, 0, 20, nextHeader, 64, .. source, .. destination];

    /// <summary>A frame in VXLAN (ports 4789 and 8472) or GENEVE (6081, with so many words of options), over IPv4 or IPv6.</summary>
    public static byte[] InTunnel(ushort port, byte[] inner, int options, bool isIPv6)
    {
        byte[] head = port == 6081 ? [(byte)options, 0, 0x65, 0x58, 0, 0, 7, 0, .. new byte[options * 4]] : [0x08, 0, 0, 0, 0, 0, 7, 0];
        byte[] udp = [0xC0, 0, .. BigEndian(port), .. BigEndian((ushort)(8 + head.Length + inner.Length)), 0, 0, .. head, .. inner];
        if (isIPv6)
        {
            byte[] a = [0x20, 1, 0xd, 0xb8, .. new byte[12]], b = [0x20, 1, 0xd, 0xb9, .. new byte[12]];
            return Ethernet([], IPv6Type, [.. IPv6(a, b, 17), .. udp]);
        }

        var ip = IPv4([192, 0, 2, 1], [192, 0, 2, 2], 0);
        ip[9] = 17;
        return Ethernet([], IPv4Type, [.. ip, .. udp]);
    }

    /// <summary>A VLAN tag: its type, then priority 1 and VLAN 7.</summary>
    private static byte[] Tag(ushort type) => [.. BigEndian(type), 0x20, 0x07];

    public static byte[] BigEndian(ushort value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        return bytes;
    }
}
