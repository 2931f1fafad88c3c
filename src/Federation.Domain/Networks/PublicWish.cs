using System.Diagnostics.CodeAnalysis;
using Federation.Domain.Identity;

namespace Federation.Domain.Networks;

/// <summary>Where a VM wants to be reached from outside: at any public address of a site, or at a certain one.</summary>
/// <param name="Site">A site whose gateways have a free address; null: an address is named.</param>
/// <param name="Address">An IPv4 address of a gateway; null: a site is named.</param>
public sealed record PublicWish(SiteId? Site, Address? Address)
{
    /// <summary>Reads a site's name, or an IPv4 address.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out PublicWish? wish)
    {
        wish = Identity.Address.TryParse(text, out var address) ? address.Kind == AddressKind.IPv4 ? new(null, address) : null
            : text.Length > 0 ? new(new SiteId(text), null)
            : null;
        return wish is not null;
    }

    /// <summary>Reads a site's name, or an IPv4 address.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static PublicWish Parse(string text) => TryParse(text, out var wish) ? wish : throw new FormatException($"'{text}' is neither a site nor an IPv4 address");

    /// <summary>The site's name, or the address.</summary>
    public override string ToString() => Address is { } address ? $"{address}" : $"{Site}";
}
