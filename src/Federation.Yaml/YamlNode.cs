using System.Collections.Immutable;

namespace Federation.Yaml;

/// <summary>A part of a YAML or JSON text and the line on which it starts. Compared by reference where it holds a list.</summary>
/// <param name="Line">From 1.</param>
public abstract record YamlNode(int Line)
{
    /// <summary>What it is, for people.</summary>
    public abstract string Kind { get; }

    /// <summary>A single value; <paramref name="IsPlain"/> if it stands there without quotes.</summary>
    public sealed record Scalar(string Text, bool IsPlain, int Line) : YamlNode(Line)
    {
        /// <inheritdoc/>
        public override string Kind => "a single value";

        /// <summary>Whether the key is there and nothing behind it.</summary>
        public bool IsNothing => IsPlain && Text is ("" or "~" or "null");
    }

    /// <summary>A list.</summary>
    public sealed record Sequence(ImmutableArray<YamlNode> Items, int Line) : YamlNode(Line)
    {
        /// <inheritdoc/>
        public override string Kind => "a list";
    }

    /// <summary>Keys and their values, in the file's order, as they stand there: a key may come twice.</summary>
    public sealed record Mapping(ImmutableArray<Entry> Entries, int Line) : YamlNode(Line)
    {
        /// <inheritdoc/>
        public override string Kind => "a mapping of keys";

        /// <summary>The line of a nested key, or of the innermost mapping on the way to it that exists.</summary>
        public int LineOf(params ReadOnlySpan<string> path)
        {
            foreach (var entry in path.IsEmpty ? [] : Entries)
            {
                if (entry.Key == path[0])
                {
                    return entry.Value is Mapping inner && path.Length > 1 ? inner.LineOf(path[1..]) : entry.Line;
                }
            }

            return Line;
        }
    }

    /// <summary>One key of a mapping.</summary>
    public readonly record struct Entry(string Key, int Line, YamlNode Value);
}
