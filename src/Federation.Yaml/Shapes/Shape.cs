using System.Collections.Immutable;
using Federation.Domain;

namespace Federation.Yaml.Shapes;

/// <summary>A key that a mapping may or must have.</summary>
/// <param name="Name">As it stands in the file.</param>
/// <param name="Example">What could stand behind it.</param>
/// <param name="IsRequired">Whether the mapping must have it.</param>
/// <param name="Most">How many items a list behind it may have, or how many keys a mapping whose keys are names.</param>
public readonly record struct Key(string Name, string Example, bool IsRequired, int Most)
{
    /// <summary>A key that has to be there.</summary>
    public static Key Must(string name, string example, int most = Limits.Files.Items) => new(name, example, true, most);

    /// <summary>A key that can be left out.</summary>
    public static Key May(string name, string example, int most = Limits.Files.Items) => new(name, example, false, most);
}

/// <summary>The keys of one kind of mapping. The JSON Schemas hold one definition of the same name for each.</summary>
/// <param name="Name">What the mapping describes.</param>
/// <param name="Keys">All its keys.</param>
public sealed record Shape(string Name, params ImmutableArray<Key> Keys);
