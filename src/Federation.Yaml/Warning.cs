namespace Federation.Yaml;

/// <summary>Something in a file that is allowed and hardly meant; fit to show to a user. The file is taken all the same.</summary>
/// <param name="Key">The path of the key, such as <c>links.rennes.latency</c>; empty: the file as a whole.</param>
/// <param name="Value">What it says, as a file would; null: no single value.</param>
/// <param name="Problem">What is odd about it.</param>
/// <param name="Remedy">What would be usual.</param>
public sealed record Warning(string Key, string? Value, string Problem, string Remedy)
{
    /// <summary>One line, as compilers write it: <c>rennes.yaml:7: warning: links.aws.latency: '15s' is longer than a second; write e.g. 15ms</c>.</summary>
    /// <param name="file">The file.</param>
    /// <param name="line">The line, from 1; 0: not known.</param>
    public string At(string file, int line)
    {
        var place = line > 0 ? $"{file}:{line}" : file;
        var key = Key.Length > 0 ? $" {Key}:" : "";
        var value = Value is null ? "" : $" '{Value}'";
        return $"{place}: warning:{key}{value} {Problem}; {Remedy}";
    }
}
