using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Federation.Domain.Identity;

/// <summary>The kinds of address by which a VM is known on a network.</summary>
public enum AddressKind : byte
{
    /// <summary>No address: the default value.</summary>
    None,

    /// <summary>An IPv4 address.</summary>
    IPv4,

    /// <summary>An IPv6 address.</summary>
    IPv6,

    /// <summary>An Ethernet address.</summary>
    Mac,
}

/// <summary>An IPv4, IPv6 or Ethernet address as a value: no allocation, hashed and ordered by its number.</summary>
/// <remarks>An IPv4 address mapped into IPv6 (::ffff:a.b.c.d) is that IPv4 address. IPv6 scopes are not kept.</remarks>
public readonly record struct Address : IComparable<Address>
{
    private Address(AddressKind kind, UInt128 number) => (Kind, Number) = (kind, number);

    /// <summary>What kind of address it is.</summary>
    public AddressKind Kind { get; }

    /// <summary>The address as a number in network order: 32, 128 or 48 bits.</summary>
    public UInt128 Number { get; }

    /// <summary>Reads 4 bytes in network order.</summary>
    public static Address IPv4(ReadOnlySpan<byte> bytes) => new(AddressKind.IPv4, FromBytes(bytes[..4]));

    /// <summary>The IPv4 address of a number, as 0x0a2a0001 for <c>10.42.0.1</c>.</summary>
    public static Address IPv4(uint number) => new(AddressKind.IPv4, number);

    /// <summary>Reads 16 bytes in network order.</summary>
    public static Address IPv6(ReadOnlySpan<byte> bytes)
    {
        var number = FromBytes(bytes[..16]);
        return number >> 32 == 0xFFFF ? new(AddressKind.IPv4, (uint)number) : new(AddressKind.IPv6, number);
    }

    /// <summary>Reads 6 bytes in network order.</summary>
    public static Address Mac(ReadOnlySpan<byte> bytes) => new(AddressKind.Mac, FromBytes(bytes[..6]));

    /// <summary>Reads <c>10.42.0.1</c>, <c>2001:db8::1</c> or <c>52:54:00:00:00:01</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Address address)
    {
        address = default;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        if (TryParseMac(text, out address))
        {
            return true;
        }

        // IPAddress also reads "10", "010.0.0.1", "0x0a000001" and "[::1]:80"; people who write those mean something else.
        var isPlain = text.Contains(':') ? !text.AsSpan().ContainsAny("[]%") : IsDottedDecimal(text);
        if (!isPlain || !IPAddress.TryParse(text, out var ip))
        {
            return false;
        }

        var bytes = ip.GetAddressBytes();
        address = ip.AddressFamily == AddressFamily.InterNetwork ? IPv4(bytes) : IPv6(bytes);
        return true;
    }

    /// <summary>Reads an address.</summary>
    /// <exception cref="FormatException">The text is no address.</exception>
    public static Address Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is no IPv4, IPv6 or MAC address");

    /// <summary>By kind (IPv4, IPv6, MAC), then by number.</summary>
    public int CompareTo(Address other)
    {
        var byKind = Kind.CompareTo(other.Kind);
        return byKind != 0 ? byKind : Number.CompareTo(other.Number);
    }

    /// <summary>The usual way to write it; IPv6 as RFC 5952 says.</summary>
    public override string ToString()
    {
        return Kind switch
        {
            AddressKind.IPv4 or AddressKind.IPv6 => new IPAddress(ToBytes()).ToString(),
            AddressKind.Mac => string.Join(':', ToBytes().Select(b => b.ToString("x2", CultureInfo.InvariantCulture))),
            _ => "none",
        };
    }

    /// <summary>Its bytes in network order: 4, 16 or 6; none of the default value.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Kind switch { AddressKind.IPv4 => 4, AddressKind.IPv6 => 16, AddressKind.Mac => 6, _ => 0 }];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[^(i + 1)] = (byte)(Number >> (8 * i));
        }

        return bytes;
    }

    private static UInt128 FromBytes(ReadOnlySpan<byte> bytes)
    {
        UInt128 number = 0;
        foreach (var b in bytes)
        {
            number = (number << 8) | b;
        }

        return number;
    }

    private static bool IsDottedDecimal(string text)
    {
        var parts = text.Split('.');
        return parts.Length == 4 && parts.All(part => byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            && (part.Length == 1 || part[0] != '0'));
    }

    private static bool TryParseMac(string text, out Address address)
    {
        address = default;
        var parts = text.Split(':');
        if (parts.Length != 6 || parts.Any(part => part.Length != 2))
        {
            return false;
        }

        UInt128 number = 0;
        foreach (var part in parts)
        {
            if (!byte.TryParse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var b))
            {
                return false;
            }

            number = (number << 8) | b;
        }

        address = new(AddressKind.Mac, number);
        return true;
    }
}
