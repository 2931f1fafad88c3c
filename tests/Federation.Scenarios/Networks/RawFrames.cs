using System.Buffers.Binary;
using System.Text;
using Federation.Domain.Identity;

namespace Federation.Scenarios.Networks;

/// <summary>Frames as anybody could write them.</summary>
internal static class RawFrames
{
    public const string Everybody = "ff:ff:ff:ff:ff:ff";

    /// <summary>An Ethernet frame.</summary>
    public static byte[] Ethernet(string to, string from, int type, params byte[] payload) =>
        [.. Octets(to), .. Octets(from), (byte)(type >> 8), (byte)type, .. payload, .. new byte[Math.Max(0, 46 - payload.Length)]];

    /// <summary>UDP over IPv4 with a text.</summary>
    public static byte[] Udp(string from, string to, int toPort, string text) => Udp(from, to, toPort, Encoding.ASCII.GetBytes(text));

    /// <summary>UDP over IPv4, without a checksum of its own.</summary>
    public static byte[] Udp(string from, string to, int toPort, byte[] data)
    {
        var packet = new byte[28 + data.Length];
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        (packet[8], packet[9]) = (64, 17);
        Octets(from).CopyTo(packet, 12);
        Octets(to).CopyTo(packet, 16);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), Checksum(packet.AsSpan(0, 20)));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(20), 5000);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(22), (ushort)toPort);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(24), (ushort)(8 + data.Length));
        data.CopyTo(packet, 28);
        return packet;
    }

    /// <summary>UDP over IPv6, its checksum left out: who looks for its text sees it.</summary>
    public static byte[] Udp6(string from, string to, string text) =>
        [0x60, 0, 0, 0, 0, (byte)(8 + text.Length), 17, 64, .. Octets(from), .. Octets(to), 0x13, 0x88, 0x13, 0x88, 0, (byte)(8 + text.Length), 0, 0, .. Encoding.ASCII.GetBytes(text)];

    /// <summary>A neighbour or router message of ICMPv6 with a target, and a text behind it.</summary>
    public static byte[] Icmp6(string from, string to, byte type, string target, string text) =>
        [0x60, 0, 0, 0, 0, (byte)(24 + text.Length), 58, 255, .. Octets(from), .. Octets(to), type, 0, 0, 0, 0, 0, 0, 0, .. Octets(target), .. Encoding.ASCII.GetBytes(text)];

    /// <summary>ARP: 1 asks, 2 answers; a text behind it.</summary>
    public static byte[] Arp(byte operation, string mac, string ip, string askedMac, string asked, string text) =>
        [0, 1, 8, 0, 6, 4, 0, operation, .. Octets(mac), .. Octets(ip), .. Octets(askedMac), .. Octets(asked), .. Encoding.ASCII.GetBytes(text)];

    /// <summary>A frame behind a VXLAN header (RFC 7348).</summary>
    public static byte[] Vxlan(int vni, byte[] frame) => [8, 0, 0, 0, (byte)(vni >> 16), (byte)(vni >> 8), (byte)vni, 0, .. frame];

    /// <summary>Whether a frame has a text in it.</summary>
    public static bool Has(byte[] frame, string text) => frame.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text)) >= 0;

    private static byte[] Octets(string address)
    {
        var (number, length) = Address.Parse(address) is var read && read.Kind == AddressKind.Mac ? (read.Number, 6) : (read.Number, read.Kind == AddressKind.IPv4 ? 4 : 16);
        return [.. Enumerable.Range(0, length).Select(index => (byte)(number >> (8 * (length - 1 - index))))];
    }

    private static ushort Checksum(ReadOnlySpan<byte> header)
    {
        var sum = 0;
        for (var index = 0; index < header.Length; index += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(header[index..]);
        }

        return (ushort)~((sum & 0xffff) + (sum >> 16));
    }
}
