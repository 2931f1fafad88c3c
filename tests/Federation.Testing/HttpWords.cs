using System.Text.RegularExpressions;

namespace Federation.Testing;

/// <summary>Finds words that mean something to who speaks HTTP, and nothing to who types commands.</summary>
public static partial class HttpWords
{
    /// <summary>The first such word in a text; null: there is none.</summary>
    /// <remarks>A method, a path of the API, a header, a query, a bare status. An address that a user gave is no such word.</remarks>
    public static string? In(string text) => Words().Match(text) is { Success: true } found ? found.Value : null;

    [GeneratedRegex(
        @"\b(GET|PUT|POST|DELETE|PATCH|HEAD)\b|/v1\b|openapi|\bheader\b|Authorization:|\bBearer\b|Content-(Type|Encoding)|If-Match|\bETag\b"
            + @"|\?[a-z]+=|\bHTTP\b|\b[1-5][0-9]{2} [A-Z][a-z]+|\([1-5][0-9]{2}\)|problem\+json",
        RegexOptions.CultureInvariant)]
    private static partial Regex Words();
}
