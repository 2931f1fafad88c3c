using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Federation.Domain.Identity;

namespace Federation.Host.Networks;

/// <summary>Messages to the kernel, as netlink(7) has them. Pure. For machines whose numbers begin with the least byte, as those of x64 and ARM64 do.</summary>
internal static class NetlinkMessages
{
    private const int Header = 16;
    private const ushort IsRequest = 1;
    private const ushort Replaces = 0x100;
    private const ushort Creates = 0x400;
    private const ushort Nested = 0x8000;

    /// <summary>Asks for a device by its name.</summary>
    public static byte[] Link(string name) => Message(18, IsRequest, [.. new byte[16], .. Attribute(3, Text(name))]);

    /// <summary>The number of the device that an answer to <see cref="Link"/> tells; null: there is none.</summary>
    public static int? IndexIn(ReadOnlySpan<byte> answer) =>
        answer.Length >= Header + 8 && BinaryPrimitives.ReadUInt16LittleEndian(answer[4..]) == 16 ? BinaryPrimitives.ReadInt32LittleEndian(answer[(Header + 4)..]) : null;

    /// <summary>Has a bridge send what is for a hardware address to one of its ports, for good: <c>bridge fdb replace MAC dev PORT master static</c>.</summary>
    public static byte[] BridgeEntry(Address mac, int port)
    {
        const byte Bridge = 7;
        const ushort StaticAndReachable = 0x42;
        const byte OfMaster = 4;
        return Message(28, IsRequest | Creates | Replaces, [Bridge, 0, 0, 0, .. Bytes(port), .. Bytes(StaticAndReachable), OfMaster, 0, .. Attribute(2, mac.ToBytes())]);
    }

    /// <summary>Adds addresses to a set of a table of family <c>netdev</c>, all or none: <c>nft add element netdev TABLE SET { ... }</c>.</summary>
    public static byte[] Elements(string table, string set, IEnumerable<Address> addresses)
    {
        const byte Unspecified = 0;
        const byte Netdev = 5;
        const byte Tables = 10;
        byte[] elements = [.. addresses.SelectMany(address => Attribute(Nested | 1, Attribute(Nested | 1, Attribute(1, address.ToBytes()))))];
        return
        [
            .. Message(0x10, IsRequest, [Unspecified, 0, 0, Tables]),
            .. Message((Tables << 8) | 12, IsRequest | Creates, [Netdev, 0, 0, 0, .. Attribute(1, Text(table)), .. Attribute(2, Text(set)), .. Attribute(Nested | 3, elements)]),
            .. Message(0x11, IsRequest, [Unspecified, 0, 0, Tables]),
        ];
    }

    private static byte[] Message(ushort kind, ushort flags, byte[] body) => [.. Bytes(Header + body.Length), .. Bytes(kind), .. Bytes(flags), .. new byte[8], .. body];

    private static byte[] Attribute(ushort kind, byte[] value) => [.. Bytes((ushort)(4 + value.Length)), .. Bytes(kind), .. value, .. new byte[-value.Length & 3]];

    private static byte[] Text(string text) => [.. Encoding.ASCII.GetBytes(text), 0];

    private static byte[] Bytes<T>(T number)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in number)).ToArray();
}
