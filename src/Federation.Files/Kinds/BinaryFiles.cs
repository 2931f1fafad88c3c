using System.Collections.Immutable;
using Federation.Yaml;

namespace Federation.Files.Kinds;

/// <summary>Recognises files that are no text at all by their first bytes, as they look once they were taken for UTF-8.</summary>
internal static class BinaryFiles
{
    private const string Capture = "is a capture";
    private const string ToAnalyze = "give it to 'fedctl analyze'";

    // Bytes that are no UTF-8 were replaced.
    private static readonly ImmutableArray<(string Start, string Problem, string Remedy)> Starts =
    [
        ("\n\r\r\n", Capture, ToAnalyze),
        ("\uFFFD\u00F2\uFFFD", Capture, ToAnalyze),
        ("M<\uFFFD\uFFFD", Capture, ToAnalyze),
        ("\uFFFD\uFFFD\uFFFD\uFFFD", Capture, ToAnalyze),
        ("\uFFFD\uFFFD<M", Capture, ToAnalyze),
        ("\u001F\uFFFD", "is packed by gzip", "unpack it with gunzip; a capture goes to 'fedctl analyze' as it is"),
        ("PK\u0003\u0004", "is a ZIP archive", "unpack it first"),
        ("%PDF", "is a PDF", "write YAML"),
        ("\u007FELF", "is a program", "write YAML"),
    ];

    /// <summary>Whether a text is one; false: it was made of bytes, and a fault says of which.</summary>
    public static bool IsText(string text, Report report)
    {
        foreach (var (start, problem, remedy) in Starts)
        {
            if (text.StartsWith(start, StringComparison.Ordinal))
            {
                report.Add(0, "", null, problem, remedy);
                return false;
            }
        }

        if (text.Contains('\0', StringComparison.Ordinal))
        {
            report.Add(0, "", null, "is no text", "write YAML or JSON, in UTF-8");
            return false;
        }

        return true;
    }
}
