using System.Globalization;

namespace Federation.Yaml;

/// <summary>Knows on which line of a text a key stands.</summary>
public sealed class KeyLines
{
    private readonly YamlNode? root;

    private KeyLines(YamlNode? root) => this.root = root;

    /// <summary>Of a text; of one that cannot be read no line is known.</summary>
    /// <param name="text">YAML or JSON.</param>
    /// <param name="mostBytes">The most bytes that it may have; a longer one is not looked at.</param>
    public static KeyLines Of(string text, int mostBytes) => new(YamlTree.Read(text, mostBytes, new Report("")));

    /// <summary>The line, from 1, of a key, or of the innermost part of the way to it that is there; 0: nothing is.</summary>
    /// <param name="key">Its path, as faults and warnings have it: <c>quotas[1].memory</c>.</param>
    public int LineOf(string key)
    {
        var (node, line) = (root, root?.Line ?? 0);
        foreach (var part in key.Split(['.', '['], StringSplitOptions.RemoveEmptyEntries))
        {
            (node, line) = Step(node, part, line);
        }

        return line;
    }

    // The number of an item is passed over where there is no list: the short form of VMs stands for all of them.
    private static (YamlNode? Node, int Line) Step(YamlNode? node, string part, int line) => node switch
    {
        YamlNode.Sequence list when Index(part) is { } index && index < list.Items.Length => (list.Items[index], list.Items[index].Line),
        YamlNode.Mapping mapping when Index(part) is null && mapping.Entries.FirstOrDefault(entry => entry.Key == part) is { Value: { } value } entry =>
            (value, entry.Line),
        YamlNode.Mapping mapping when Index(part) is not null => (mapping, line),
        _ => (null, line),
    };

    private static int? Index(string part) =>
        part.EndsWith(']') && int.TryParse(part.AsSpan(0, part.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;
}
