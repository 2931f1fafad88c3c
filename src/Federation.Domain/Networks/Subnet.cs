using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Federation.Domain.Identity;

namespace Federation.Domain.Networks;

/// <summary>A range of IPv4 addresses.</summary>
/// <param name="First">Its network address: all bits beyond <paramref name="Length"/> are 0.</param>
/// <param name="Length">How many bits all of its addresses share, 8 to 30.</param>
public readonly record struct Subnet(Address First, int Length)
{
    /// <summary>The shortest prefix.</summary>
    public const int Shortest = 8;

    /// <summary>The longest prefix: two VMs.</summary>
    public const int Longest = 30;

    /// <summary>A range that no VM has an address of.</summary>
    public static Subnet None { get; } = new(Address.IPv4(0), 8);

    /// <summary>How many addresses it has for VMs: all but the first two, the second of which is left for whoever answers for the network itself, and the last.</summary>
    public int Room => (1 << (32 - Length)) - 3;

    /// <summary>The address for VMs of a number, from 0 below <see cref="Room"/>.</summary>
    public Address this[int number] => Address.IPv4((uint)(ulong)First.Number + 2 + (uint)number);

    /// <summary>The address that answers for the network itself, as a DHCP server's.</summary>
    public Address Own => Address.IPv4((uint)(ulong)First.Number + 1);

    /// <summary>Whether an address is of it.</summary>
    public bool Contains(Address address) => address.Kind == AddressKind.IPv4 && Prefix((uint)(ulong)address.Number, Length) == (uint)(ulong)First.Number;

    /// <summary>Whether an address is of it and one that a machine may have.</summary>
    public bool IsForVms(Address address) => Contains(address) && (long)(ulong)address.Number - (long)(ulong)First.Number is var number && number >= 2 && number < Room + 2;

    /// <summary>The range of a prefix length that an IPv4 address is of.</summary>
    public static Subnet Of(Address address, int length) => new(Address.IPv4(Prefix((uint)(ulong)address.Number, length)), length);

    /// <summary>The range of an application that names none.</summary>
    /// <remarks>
    /// The smallest one of at least 256 addresses with all that its VMs name, so that those to which one is given reach those that name one. Where they name none, or are too far
    /// apart, <c>10.128.0.0</c> to <c>10.255.0.0</c> with 16 bits, picked by the segment's number: segments do not see each other, but logs of several are easier read.
    /// </remarks>
    /// <param name="named">The addresses that its VMs name.</param>
    /// <param name="vni">The segment's number.</param>
    public static Subnet For(IEnumerable<Address> named, int vni)
    {
        var all = named.Where(address => address.Kind == AddressKind.IPv4).Select(address => (uint)(ulong)address.Number).ToList();
        if (all.Count > 0)
        {
            var length = Math.Min(24, (int)uint.LeadingZeroCount(all.Min() ^ all.Max()));
            if (length >= Shortest)
            {
                return new(Address.IPv4(Prefix(all[0], length)), length);
            }
        }

        return new(Address.IPv4((10u << 24) | ((uint)(128 + (vni % 128)) << 16)), 16);
    }

    /// <summary>Reads <c>10.42.0.0/16</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Subnet subnet)
    {
        subnet = default;
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash < 0 || !Address.TryParse(text![..slash], out var first) || first.Kind != AddressKind.IPv4
            || !int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length is < Shortest or > Longest
            || Of(first, length).First != first)
        {
            return false;
        }

        subnet = new(first, length);
        return true;
    }

    /// <summary>Reads <c>10.42.0.0/16</c>.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Subnet Parse(string text) =>
        TryParse(text, out var subnet) ? subnet : throw new FormatException($"'{text}' is no range of IPv4 addresses as 10.42.0.0/16, with 8 to 30 bits and none set beyond them");

    /// <summary>As <c>10.42.0.0/16</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{First}/{Length}");

    private static uint Prefix(uint number, int length) => number & ~(uint.MaxValue >> length);
}
