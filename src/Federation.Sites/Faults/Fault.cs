namespace Federation.Sites;

/// <summary>One thing wrong in a file, where it is and what would be right; fit to show to a user.</summary>
/// <param name="File">The file, as it was named to the parser.</param>
/// <param name="Line">The line, from 1; 0 where the fault has none (a folder, a missing file).</param>
/// <param name="Key">The path of the key, such as <c>offers[0].memory</c>; empty: the file as a whole.</param>
/// <param name="Value">What stands there, shortened if it is long; null if nothing does or it is no single value.</param>
/// <param name="Problem">What is wrong with it.</param>
/// <param name="Remedy">What would be right.</param>
public sealed record Fault(string File, int Line, string Key, string? Value, string Problem, string Remedy)
{
    /// <summary>One line: <c>rennes.yaml:7: offers[0].memory: '16 parsecs' has an unknown unit; write e.g. 16GiB</c>.</summary>
    public override string ToString()
    {
        var place = Line > 0 ? $"{File}:{Line}" : File;
        var key = Key.Length > 0 ? $" {Key}:" : "";
        var value = Value is null ? "" : $" '{Value}'";
        return $"{place}:{key}{value} {Problem}; {Remedy}";
    }
}
