using System.Diagnostics.CodeAnalysis;
using Federation.Domain.Identity;

namespace Federation.Domain.Hosts;

/// <summary>IPv4 addresses that follow one another, all of them owned by a gateway.</summary>
/// <param name="First">The first.</param>
/// <param name="Last">The last, not before the first.</param>
public readonly record struct PublicRange(Address First, Address Last)
{
    /// <summary>The most addresses of a range.</summary>
    public const int Most = 65_536;

    /// <summary>How many there are.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public int Count => (int)(Last.Number - First.Number) + 1;

    /// <summary>Whether an address is one of them.</summary>
    public bool Contains(Address address) => address.Kind == AddressKind.IPv4 && address.Number >= First.Number && address.Number <= Last.Number;

    /// <summary>The addresses, in order.</summary>
    public IEnumerable<Address> Addresses()
    {
        var first = (uint)(ulong)First.Number;
        return Enumerable.Range(0, Count).Select(index => Address.IPv4(first + (uint)index));
    }

    /// <summary>Reads <c>203.0.113.16-203.0.113.31</c>, or one address.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PublicRange range)
    {
        var dash = text?.IndexOf('-', StringComparison.Ordinal) ?? -1;
        range = Address.TryParse(dash < 0 ? text : text![..dash], out var first) && Address.TryParse(dash < 0 ? text : text![(dash + 1)..], out var last) ? new(first, last) : default;
        return range.First.Kind == AddressKind.IPv4 && range.Last.Kind == AddressKind.IPv4 && range.First.Number <= range.Last.Number && range.Last.Number - range.First.Number < Most;
    }

    /// <summary>Reads <c>203.0.113.16-203.0.113.31</c>, or one address.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static PublicRange Parse(string text) =>
        TryParse(text, out var range) ? range : throw new FormatException($"'{text}' is no range of at most {Most} IPv4 addresses as 203.0.113.16-203.0.113.31");

    /// <summary>As <c>203.0.113.16-203.0.113.31</c>, or one address.</summary>
    public override string ToString() => First == Last ? $"{First}" : $"{First}-{Last}";
}
