using System.Collections.Immutable;
using Federation.Yaml.Scalars;

namespace Federation.Yaml.Shapes;

/// <summary>A mapping held against its shape: keys that are unknown, twice there or missing are reported as it is made.</summary>
/// <remarks>
/// What cannot be read is reported and replaced by a stand-in, so that reading goes on to the next fault. A model is made only
/// where there was no fault, so a stand-in is never part of one.
/// </remarks>
public sealed class Section
{
    private readonly Shape shape;
    private readonly Dictionary<string, Element> values = [];

    /// <summary>Checks the keys of an element that is a mapping.</summary>
    public Section(Element element, Shape shape)
    {
        (Element, this.shape) = (element, shape);
        foreach (var (name, value) in SplitAtCommas.Joined(element.Entries()).TakeWhile(_ => !element.Report.IsFull))
        {
            if (shape.Keys.Where(key => key.Name == name).ToList() is [var known])
            {
                values.Add(name, value.AtMost(known.Most));
            }
            else
            {
                value.Report.Add(value.Line, value.Path, null, "is an unknown key", Advice(name));
            }
        }

        foreach (var key in shape.Keys.Where(key => key.IsRequired && !values.ContainsKey(key.Name)))
        {
            element.Report.Add(element.Line, PathOf(key.Name), null, "is missing", $"write e.g. {key.Name}: {key.Example}");
        }
    }

    /// <summary>The mapping itself.</summary>
    public Element Element { get; }

    /// <summary>The value of a key; null if it is not there.</summary>
    /// <exception cref="ArgumentException">The shape has no such key: a bug.</exception>
    public Element? Find(string key) =>
        shape.Keys.Any(known => known.Name == key)
            ? values.GetValueOrDefault(key)
            : throw new ArgumentException($"the shape '{shape.Name}' has no key '{key}'", nameof(key));

    /// <summary>A single value; <paramref name="otherwise"/> if the key is not there or its value is wrong.</summary>
    public T Read<T>(string key, ScalarType<T> type, T otherwise) => Find(key) is { } value ? value.Read(type, otherwise) : otherwise;

    /// <summary>A single value; null if the key is not there or its value is wrong.</summary>
    public T? ReadOptional<T>(string key, ScalarType<T> type)
        where T : struct =>
        Read(key, type.As(value => (T?)value), null);

    /// <summary>A list of single values; empty if the key is not there.</summary>
    public ImmutableArray<T> ReadAll<T>(string key, ScalarType<T> type)
        where T : notnull =>
        Find(key)?.ReadAll(type) ?? [];

    /// <summary>A list of mappings; empty if the key is not there.</summary>
    public ImmutableArray<Section> Sections(string key, Shape inner) =>
        [.. from item in (Find(key)?.Items() ?? []).TakeWhile(_ => !Element.Report.IsFull)
            let section = item.AsSection(inner)
            where section is not null
            select section];

    /// <summary>A mapping; null if the key is not there.</summary>
    public Section? Inner(string key, Shape inner) => Find(key)?.AsSection(inner);

    /// <summary>Reports a list that is there but empty, where that could be read in two ways.</summary>
    public void RefuseEmpty(string key, string remedy)
    {
        if (Find(key) is { Node: YamlNode.Sequence { Items.IsEmpty: true } } list)
        {
            list.Refuse("is empty", remedy);
        }
    }

    /// <summary>Reports a fault of the key's value, or of the mapping if the key is not there.</summary>
    public void Refuse(string key, string problem, string remedy) => (Find(key) ?? Element).Refuse(problem, remedy);

    private string Advice(string name)
    {
        var keys = shape.Keys.Select(key => key.Name).ToList();
        return Nearest.Near(name, keys) is { } near ? $"the nearest known one is '{near}'" : $"the known ones are {Nearest.Listed(keys)}";
    }

    private string PathOf(string key) => Element.Path.Length == 0 ? key : $"{Element.Path}.{key}";
}
