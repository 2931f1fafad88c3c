using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Federation.Domain.Refusals;

/// <summary>Some names in their order. Equal to a list of the same names in the same order.</summary>
[JsonConverter(typeof(Converter))]
public sealed class NameList : IEquatable<NameList>
{
    private readonly ImmutableArray<string> names;

    private NameList(ImmutableArray<string> names) => this.names = names;

    /// <summary>The text of each entry, in the order given.</summary>
    public static NameList Of<T>(IEnumerable<T> entries) => new([.. entries.Select(entry => $"{entry}")]);

    /// <summary>The names.</summary>
    public ImmutableArray<string> Names => names;

    /// <inheritdoc/>
    public bool Equals(NameList? other) => other is not null && names.SequenceEqual(other.names);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NameList);

    /// <inheritdoc/>
    public override int GetHashCode() => names.Aggregate(names.Length, HashCode.Combine);

    /// <summary>As <c>a, b, c</c>.</summary>
    public override string ToString() => string.Join(", ", names);

    private sealed class Converter : JsonConverter<NameList>
    {
        public override NameList Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Of(JsonSerializer.Deserialize<string[]>(ref reader, options) ?? []);

        public override void Write(Utf8JsonWriter writer, NameList value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.names, options);
    }
}
