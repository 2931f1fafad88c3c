using System.Collections.Immutable;
using System.Text;
using Federation.Domain;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Federation.Yaml;

/// <summary>Reads a YAML or JSON text into nodes that know their lines, and refuses what no site or application file needs.</summary>
/// <remarks>
/// Anchors, aliases and tags are refused (a few aliases can stand for billions of values), and so is deep nesting. Time and
/// memory are linear in the text's length, which is bounded.
/// </remarks>
public sealed class YamlTree
{
    private readonly Parser parser;
    private readonly Report report;

    private YamlTree(string text, Report report) => (parser, this.report) = (new Parser(new StringReader(text)), report);

    /// <summary>The one document of a text; null, and a fault in the report, if there is none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="mostBytes">The most bytes that it may have as UTF-8; a longer one is not looked at.</param>
    /// <param name="report">Where faults go.</param>
    public static YamlNode? Read(string text, int mostBytes, Report report)
    {
        var tree = new YamlTree(text, report);
        if (text.Length > mostBytes || Encoding.UTF8.GetByteCount(text) > mostBytes)
        {
            return tree.Refuse(0, $"is larger than {mostBytes} bytes", "write less into one file");
        }

        try
        {
            return tree.ReadDocument();
        }
        catch (YamlException fault)
        {
            return IndentedByTab(text, (int)fault.Start.Line) is { } line
                ? tree.Refuse(line, "is indented with a tab", "indent with blanks: YAML takes no tabs there")
                : tree.Refuse((int)fault.Start.Line, $"is no YAML: {fault.Message}", "correct the text there or just before");
        }
        catch (InvalidOperationException)
        {
            // YamlDotNet 18 throws this for a flow collection that is cut short, and says no more.
            return tree.Refuse(tree.Line, "is no YAML: a list or mapping ends too early", "close it with ] or } after this line");
        }
    }

    private int Line => (int)(parser.Current?.Start.Line ?? 1);

    // The parser tells where the mapping starts that a tab has ended, or the line after the tab. JSON may be indented with tabs.
    private static int? IndentedByTab(string text, int line)
    {
        var lines = text.TrimStart() is ['{' or '[', ..] ? [] : text.Split('\n');
        var tabbed = lines.Index().Skip(line - 2).Where(each => each.Item[..^each.Item.TrimStart(' ', '\t').Length].Contains('\t'))
            .Select(each => (int?)(each.Index + 1));
        return tabbed.FirstOrDefault();
    }

    private YamlNode? ReadDocument()
    {
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _))
        {
            return Refuse(1, "is empty", "write the keys that the file has to hold");
        }

        var node = ReadNode(depth: 0);
        if (node is null)
        {
            return null;
        }

        parser.Consume<DocumentEnd>();
        return parser.Accept<StreamEnd>(out _) ? node : Refuse(Line, "holds a second document", "write one document per file");
    }

    private YamlNode? ReadNode(int depth)
    {
        if (depth > Limits.Files.Nesting)
        {
            return Refuse(Line, $"is nested deeper than {Limits.Files.Nesting} levels", "write the keys as the documentation shows them");
        }

        if (parser.Current is null)
        {
            parser.MoveNext();
        }

        return parser.Current switch
        {
            AnchorAlias => Refuse(Line, "holds an alias (*)", "write the value out where it is needed"),
            NodeEvent { Anchor.IsEmpty: false } => Refuse(Line, "holds an anchor (&)", "write the value out where it is needed"),
            NodeEvent { Tag.IsEmpty: false } => Refuse(Line, "holds a tag (!)", "write the plain value"),
            Scalar => ReadScalar(),
            SequenceStart => ReadSequence(depth),
            MappingStart => ReadMapping(depth),
            _ => throw new InvalidOperationException($"the parser gave {parser.Current} where a value has to be"),
        };
    }

    private YamlNode.Scalar ReadScalar()
    {
        var scalar = parser.Consume<Scalar>();
        return new(scalar.Value, scalar.Style == ScalarStyle.Plain, (int)scalar.Start.Line);
    }

    private YamlNode.Sequence? ReadSequence(int depth)
    {
        var line = (int)parser.Consume<SequenceStart>().Start.Line;
        var items = ImmutableArray.CreateBuilder<YamlNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            if (ReadNode(depth + 1) is not { } item)
            {
                return null;
            }

            items.Add(item);
        }

        return new(items.ToImmutable(), line);
    }

    private YamlNode.Mapping? ReadMapping(int depth)
    {
        var line = (int)parser.Consume<MappingStart>().Start.Line;
        var entries = ImmutableArray.CreateBuilder<YamlNode.Entry>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var keyLine = Line;
            var key = ReadNode(depth + 1);
            if (key is not (null or YamlNode.Scalar))
            {
                Refuse(keyLine, $"has {key.Kind} for a key", "write a name for a key");
                return null;
            }

            if (key is not YamlNode.Scalar name || ReadNode(depth + 1) is not { } value)
            {
                return null;
            }

            entries.Add(new(name.Text, name.Line, value));
        }

        return new(entries.ToImmutable(), line);
    }

    private YamlNode? Refuse(int line, string problem, string remedy)
    {
        report.Add(line, "", null, problem, remedy);
        return null;
    }
}
