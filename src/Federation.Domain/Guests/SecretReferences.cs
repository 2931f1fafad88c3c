using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Federation.Domain.Guests;

/// <summary>Secrets in user data: a text names them, <c>${secret:NAME}</c>, and they are put in only when a VM is started.</summary>
/// <remarks>Everything else that looks like it, as a shell's <c>${HOME}</c>, stays as it is.</remarks>
public static partial class SecretReferences
{
    /// <summary>The names of the secrets that a text refers to, each once, in order.</summary>
    public static ImmutableSortedSet<string> In(string text) => [.. Reference().Matches(text).Select(match => match.Groups["name"].Value)];

    /// <summary>The text with its secrets put in. What it gives is a secret itself: it is for a hypervisor only.</summary>
    /// <param name="text">The text.</param>
    /// <param name="secrets">Every secret of <see cref="In"/>.</param>
    /// <exception cref="KeyNotFoundException">One is missing.</exception>
    public static string PutIn(string text, IReadOnlyDictionary<string, string> secrets) =>
        Reference().Replace(text, match => secrets[match.Groups["name"].Value]);

    // A name is a file's name as well: it begins with no dot, and holds no slash.
    [GeneratedRegex(@"\$\{secret:(?<name>[A-Za-z0-9_-][A-Za-z0-9._-]{0,62})\}", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();
}
