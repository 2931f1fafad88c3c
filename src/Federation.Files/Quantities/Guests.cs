using System.Text;
using System.Text.RegularExpressions;
using Federation.Domain;
using Federation.Domain.Identity;
using Federation.Yaml.Quantities;
using Federation.Yaml.Scalars;

namespace Federation.Files.Quantities;

/// <summary>What VMs start from.</summary>
internal static partial class Guests
{
    /// <summary>A SHA-256: 64 hexadecimal digits, kept in lower case.</summary>
    public static readonly ScalarType<string> Sha256 = new(text => Digest().IsMatch(text)
        ? Reading.Of(text.ToLowerInvariant())
        : Reading.No<string>("is no SHA-256", "write the 64 hexadecimal digits that 'sha256sum FILE' says"));

    /// <summary>Where an image can be had.</summary>
    public static readonly ScalarType<string> Source = new(text =>
        text.Length <= Limits.Text.Source && Uri.TryCreate(text, UriKind.Absolute, out var address) && Schemes.Contains(address.Scheme) && text.StartsWith(address.Scheme + ":", StringComparison.Ordinal)
            ? Reading.Of(text)
            : Reading.No<string>("is no address of an image", $"write file:///..., http://... or https://..., at most {Limits.Text.Source} characters"));

    /// <summary>The size of a disk, bytes, more than zero.</summary>
    public static readonly ScalarType<long> DiskSize = Sizes.PositiveBytes;

    /// <summary>A hardware address for one receiver.</summary>
    public static readonly ScalarType<Address> Mac = Names.Address
        .That(address => address.Kind == AddressKind.Mac, "is no hardware address", "write one such as 52:54:00:12:34:56")
        .That(address => ((address.Number >> 40) & 1) == 0, "is a hardware address for several receivers", "write one whose first byte is even, such as 52:54:00:12:34:56");

    /// <summary>An IP address.</summary>
    public static readonly ScalarType<Address> Ip = Names.Address
        .That(address => address.Kind != AddressKind.Mac, "is a hardware address", "write it as the interface's 'mac'");

    /// <summary>What cloud-init is given: several lines.</summary>
    public static readonly ScalarType<string> UserData = new(text =>
        Encoding.UTF8.GetByteCount(text) <= Limits.Text.UserData && text.EnumerateRunes().All(IsText)
            ? Reading.Of(text)
            : Reading.No<string>("is no user data", $"write at most {Limits.Text.UserData} bytes of text"));

    /// <summary>A kernel's command line.</summary>
    public static readonly ScalarType<string> KernelArguments = new(text =>
        Encoding.UTF8.GetByteCount(text) <= Limits.Text.KernelArguments && text.EnumerateRunes().All(rune => IsText(rune) && !Rune.IsControl(rune))
            ? Reading.Of(text)
            : Reading.No<string>("is no command line", $"write at most {Limits.Text.KernelArguments} bytes on one line"));

    private static readonly string[] Schemes = [Uri.UriSchemeFile, Uri.UriSchemeHttp, Uri.UriSchemeHttps];

    private static bool IsText(Rune rune) => (!Rune.IsControl(rune) || rune.Value is '\n' or '\r' or '\t') && rune != Rune.ReplacementChar;

    [GeneratedRegex(@"^[0-9A-Fa-f]{64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Digest();
}
