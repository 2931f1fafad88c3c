using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Federation.Domain.Identity;

namespace Federation.Sensor.Live.Tables;

/// <summary>What frames are counted by, in the bytes that the kernel's program builds as well: 56, every one of them meaning something or 0.</summary>
/// <remarks>Laid out so that the first 12 bytes of an Ethernet frame and the two addresses of an IPv6 header are copied as they are.</remarks>
[InlineArray(Size / sizeof(ulong))]
internal struct FrameKey : IEquatable<FrameKey>
{
    public const int Size = 56;
    public const int DestinationMacAt = 0;
    public const int SourceMacAt = 6;
    public const int VersionAt = 12;
    public const int TowardsAt = 13;
    public const int ProtocolAt = 14;
    public const int SourceAt = 16;
    public const int DestinationAt = 32;
    public const int InterfaceAt = 48;

    /// <summary>In place of the version: not a frame's key, but of what a table had no room for.</summary>
    public const byte Overflow = 0xFF;

    /// <summary>In place of the version: not a frame's key, but of what a table says of itself.</summary>
    public const byte Stamp = 0xFE;

    private ulong word;

    /// <summary>Not a frame's key: counts frames for which a table had no room.</summary>
    public static FrameKey OfOverflow => Of(Overflow);

    /// <summary>Not a frame's key: says which table it is.</summary>
    public static FrameKey OfStamp => Of(Stamp);

    /// <summary>4 or 6; 0 if it was no IP packet; <see cref="Overflow"/>; <see cref="Stamp"/>.</summary>
    public readonly byte Version => Bytes(in this)[VersionAt];

    /// <summary>Whether the frame went out of the interface.</summary>
    public readonly bool Towards => Bytes(in this)[TowardsAt] != 0;

    /// <summary>Of a frame without IP addresses: at which EtherType the reading ended; see <see cref="FrameTally.Protocol"/>.</summary>
    public readonly ushort Protocol => MemoryMarshal.Read<ushort>(Bytes(in this)[ProtocolAt..]);

    /// <summary>The interface's number.</summary>
    public readonly int Interface => MemoryMarshal.Read<int>(Bytes(in this)[InterfaceAt..]);

    public readonly Address SourceMac => Address.Mac(Bytes(in this)[SourceMacAt..]);

    public readonly Address DestinationMac => Address.Mac(Bytes(in this)[DestinationMacAt..]);

    public readonly Address Source => Ip(SourceAt);

    public readonly Address Destination => Ip(DestinationAt);

    /// <summary>Sets both Ethernet addresses, the IP version and the direction.</summary>
    /// <param name="frame">The frame's first 12 bytes or more.</param>
    /// <param name="version">4, 6 or 0.</param>
    /// <param name="towards">Whether the frame went out of the interface.</param>
    /// <param name="protocol">What it was if no IP.</param>
    /// <remarks>Whole words are put together in registers: one that is stored in parts and loaded whole costs a dozen cycles more.</remarks>
    public void SetEthernet(ReadOnlySpan<byte> frame, byte version, bool towards, ushort protocol = 0)
    {
        this[0] = MemoryMarshal.Read<ulong>(frame);
        this[1] = First(MemoryMarshal.Read<uint>(frame[8..])) | At(VersionAt, version) | At(TowardsAt, towards ? (byte)1 : (byte)0)
            | (BitConverter.IsLittleEndian ? (ulong)protocol << 48 : protocol);
    }

    /// <summary>Sets both addresses from the 8 bytes of an IPv4 header.</summary>
    public void SetIPv4(ReadOnlySpan<byte> addresses)
    {
        this[2] = First(MemoryMarshal.Read<uint>(addresses));
        this[4] = First(MemoryMarshal.Read<uint>(addresses[4..]));
    }

    /// <summary>Sets both addresses from the 32 bytes of an IPv6 header.</summary>
    public void SetIPv6(ReadOnlySpan<byte> addresses)
    {
        this[2] = MemoryMarshal.Read<ulong>(addresses);
        this[3] = MemoryMarshal.Read<ulong>(addresses[8..]);
        this[4] = MemoryMarshal.Read<ulong>(addresses[16..]);
        this[5] = MemoryMarshal.Read<ulong>(addresses[24..]);
    }

    /// <summary>Sets the interface's number.</summary>
    public void SetInterface(int index) => this[6] = First((uint)index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool Equals(FrameKey other) =>
        ((this[0] ^ other[0]) | (this[1] ^ other[1]) | (this[2] ^ other[2]) | (this[3] ^ other[3])
        | (this[4] ^ other[4]) | (this[5] ^ other[5]) | (this[6] ^ other[6])) == 0;

    public override readonly bool Equals(object? obj) => obj is FrameKey other && Equals(other);

    /// <summary>Multiplied and folded part by part: senders choose these bits, so every one has to reach the low ones.</summary>
    public override readonly int GetHashCode()
    {
        var mixed = Fold(this[0] ^ 0x9E3779B97F4A7C15, this[1] ^ 0xC2B2AE3D27D4EB4F)
            ^ Fold(this[2] ^ 0x165667B19E3779F9, this[4] ^ 0xD6E8FEB86659FD93)
            ^ Fold(this[3] ^ 0xA0761D6478BD642F, this[5] ^ 0xE7037ED1A0B428DB);
        return (int)Fold(mixed ^ this[6], 0x9FB21C651E98DF25);
    }

    private static FrameKey Of(byte version)
    {
        var key = default(FrameKey);
        key[1] = At(VersionAt, version);
        return key;
    }

    /// <summary>A word whose first four bytes in memory are these.</summary>
    private static ulong First(uint value) => BitConverter.IsLittleEndian ? value : (ulong)value << 32;

    /// <summary>A word whose only byte is this one, at a place in the second word of the key.</summary>
    private static ulong At(int place, byte value) =>
        (ulong)value << (8 * (BitConverter.IsLittleEndian ? place - sizeof(ulong) : (2 * sizeof(ulong)) - 1 - place));

    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }

    private static ReadOnlySpan<byte> Bytes(in FrameKey key) => MemoryMarshal.AsBytes(new ReadOnlySpan<FrameKey>(in key));

    private readonly Address Ip(int at) => Version switch
    {
        4 => Address.IPv4(Bytes(in this)[at..]),
        6 => Address.IPv6(Bytes(in this)[at..]),
        _ => default,
    };
}
