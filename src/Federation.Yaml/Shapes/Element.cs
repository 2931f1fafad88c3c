using System.Collections.Immutable;
using Federation.Yaml.Scalars;

namespace Federation.Yaml.Shapes;

/// <summary>A value in a file together with its path, so that a fault can say where it is.</summary>
/// <param name="Node">The value.</param>
/// <param name="Line">Where it starts: the line of its key, if it has one.</param>
/// <param name="Path">The path of keys to it, such as <c>offers[0].memory</c>; empty for the whole file.</param>
/// <param name="Report">Where faults go.</param>
public sealed record Element(YamlNode Node, int Line, string Path, Report Report)
{
    /// <summary>Reports a fault of this value.</summary>
    public void Refuse(string problem, string remedy) =>
        Report.Add(Line, Path, (Node as YamlNode.Scalar)?.Text, problem, remedy);

    /// <summary>The single value; <paramref name="otherwise"/>, and a fault, if it is none of that type.</summary>
    public T Read<T>(ScalarType<T> type, T otherwise)
    {
        if (Node is not YamlNode.Scalar scalar || scalar.IsNothing)
        {
            RefuseKind("a single value");
            return otherwise;
        }

        if (type.IsNumber && !scalar.IsPlain)
        {
            Refuse("is a text", "write the number without quotes");
            return otherwise;
        }

        var reading = type.Read(scalar.Text);
        if (reading.Problem is null)
        {
            return reading.Value;
        }

        Refuse(reading.Problem, reading.Remedy!);
        return otherwise;
    }

    /// <summary>The same, but no more items or keys than that; a fault if there are more.</summary>
    public Element AtMost(int most)
    {
        var count = Node switch
        {
            YamlNode.Sequence list => list.Items.Length,
            YamlNode.Mapping mapping => mapping.Entries.Length,
            _ => 0,
        };
        if (count <= most)
        {
            return this;
        }

        Refuse($"has {count} entries, more than {most}", $"write at most {most}");
        return this with
        {
            Node = Node switch
            {
                YamlNode.Sequence list => list with { Items = list.Items[..most] },
                YamlNode.Mapping mapping => mapping with { Entries = mapping.Entries[..most] },
                _ => Node,
            },
        };
    }

    /// <summary>The items of the list; none, and a fault, if it is no list.</summary>
    public ImmutableArray<Element> Items()
    {
        if (Node is YamlNode.Sequence list)
        {
            return [.. list.Items.Select((item, index) => new Element(item, item.Line, $"{Path}[{index}]", Report))];
        }

        RefuseKind("a list, such as [a, b]");
        return [];
    }

    /// <summary>The items of the list, each a single value; those that are not are left out, with a fault.</summary>
    public ImmutableArray<T> ReadAll<T>(ScalarType<T> type)
        where T : notnull =>
        [.. from item in Items().TakeWhile(_ => !Report.IsFull)
            let read = item.Read(type.As(value => new Box<T>(value)), null!)
            where read is not null
            select read.Value];

    /// <summary>The values of a mapping whose keys are names; none, and a fault, if it is no mapping.</summary>
    public ImmutableArray<(string Key, Element Value)> Entries()
    {
        if (Node is not YamlNode.Mapping mapping)
        {
            RefuseKind("a mapping of keys");
            return [];
        }

        var seen = new Dictionary<string, int>();
        var entries = ImmutableArray.CreateBuilder<(string, Element)>();
        foreach (var (key, line, value) in mapping.Entries)
        {
            var path = Path.Length == 0 ? key : $"{Path}.{key}";
            if (seen.TryAdd(key, line))
            {
                entries.Add((key, new Element(value, line, path, Report)));
            }
            else
            {
                Report.Add(line, path, null, $"is given twice, first on line {seen[key]}", "keep one of the two");
            }
        }

        return entries.ToImmutable();
    }

    /// <summary>The mapping, held against its shape; null, and a fault, if it is no mapping.</summary>
    public Section? AsSection(Shape shape)
    {
        if (Node is YamlNode.Mapping)
        {
            return new Section(this, shape);
        }

        RefuseKind($"a mapping of keys: {string.Join(", ", shape.Keys.Select(key => key.Name))}");
        return null;
    }

    private void RefuseKind(string wanted)
    {
        if (Node is YamlNode.Scalar { IsNothing: true })
        {
            Refuse("has no value", $"write {wanted}, or leave the key out if it is optional");
        }
        else
        {
            Refuse($"is {Node.Kind}", $"write {wanted}");
        }
    }

    private sealed record Box<T>(T Value);
}
