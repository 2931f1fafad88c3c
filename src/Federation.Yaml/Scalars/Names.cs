using System.Text;
using System.Text.RegularExpressions;
using Federation.Domain;
using Federation.Domain.Identity;

namespace Federation.Yaml.Scalars;

/// <summary>Names and other texts.</summary>
public static partial class Names
{
    /// <summary>A site's name.</summary>
    public static ScalarType<SiteId> Site { get; } = Name(LowerCase(), "lower-case letters, digits and dashes").As(name => new SiteId(name));

    /// <summary>An application's name.</summary>
    public static ScalarType<string> Application { get; } = Name(LowerCase(), "lower-case letters, digits and dashes");

    /// <summary>An application's name, the tenant's before it where one name alone does not tell: <c>astro/cg</c>.</summary>
    public static ScalarType<AppId> ApplicationOfTenant { get; } = Name(MaybeOfTenant(), "lower-case letters, digits and dashes, or TENANT/NAME")
        .As(AppId.Parse);

    /// <summary>The name of a network that addresses are of.</summary>
    public static ScalarType<string> Network { get; } = Name(LowerCase(), "lower-case letters, digits and dashes");

    /// <summary>An offer, a residency tag: no spaces.</summary>
    public static ScalarType<string> Label { get; } = Name(Word(), "letters, digits and any of . _ @ -");

    /// <summary>A VM's name; an address will do.</summary>
    public static ScalarType<VmId> Vm { get; } = Name(WordOrAddress(), "letters, digits and any of . _ : -").As(name => new VmId(name));

    /// <summary>A tenant's name.</summary>
    public static ScalarType<TenantId> Tenant { get; } = Name(Word(), "letters, digits and any of . _ @ -").As(name => new TenantId(name));

    /// <summary>A tenant's name, or "*" for any.</summary>
    public static ScalarType<string> TenantOrAny { get; } = Name(WordOrStar(), "letters, digits and any of . _ @ -, or \"*\" for any");

    /// <summary>An ISO 4217 code.</summary>
    public static ScalarType<string> Currency { get; } = Name(ThreeCapitals(), "three capital letters, such as USD");

    /// <summary>A line of text for people.</summary>
    public static ScalarType<string> Line { get; } = new(text =>
        text.Length <= Limits.Text.Line && text.EnumerateRunes().All(IsPrintable)
            ? Reading.Of(text)
            : Reading.No<string>("is no line of text", $"write at most {Limits.Text.Line} characters on one line"));

    /// <summary>An IPv4, IPv6 or MAC address.</summary>
    public static ScalarType<Address> Address { get; } = new(text =>
        Domain.Identity.Address.TryParse(text, out var address)
            ? Reading.Of(address)
            : Reading.No<Address>("is no address", "write an IPv4, IPv6 or MAC address such as 10.42.0.1"));

    // Half a surrogate pair enumerates as the replacement character, which nobody writes on purpose.
    private static bool IsPrintable(Rune rune) => !Rune.IsControl(rune) && rune != Rune.ReplacementChar;

    private static ScalarType<string> Name(Regex pattern, string allowed) => new(text =>
        pattern.IsMatch(text) ? Reading.Of(text) : Reading.No<string>("is no name for this", $"write 1 to 63 characters: {allowed}"));

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex LowerCase();

    [GeneratedRegex(@"^([A-Za-z0-9._@-]{1,63}/)?[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex MaybeOfTenant();

    [GeneratedRegex(@"^[A-Za-z0-9._@-]{1,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex(@"^[A-Za-z0-9._:-]{1,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex WordOrAddress();

    [GeneratedRegex(@"^([A-Za-z0-9._@-]{1,63}|\*)\z", RegexOptions.CultureInvariant)]
    private static partial Regex WordOrStar();

    [GeneratedRegex(@"^[A-Z]{3}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ThreeCapitals();
}
