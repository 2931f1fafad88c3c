using System.Text.Json;
using Federation.Domain.Json;
using Orleans.Storage;

namespace Federation.Grains;

/// <summary>Grain state as <see cref="DomainJson"/>, so that an operator can read it in the database.</summary>
public sealed class GrainStateSerializer : IGrainStorageSerializer
{
    /// <summary>The name of the storage provider that all grains use.</summary>
    public const string StorageName = "federation";

    /// <inheritdoc/>
    public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input, DomainJson.Options));

    /// <inheritdoc/>
    public T Deserialize<T>(BinaryData input) =>
        JsonSerializer.Deserialize<T>(input.ToMemory().Span, DomainJson.Options)
        ?? throw new InvalidDataException($"the stored state of a {typeof(T).Name} is empty");
}
