using System.Text.Json;
using System.Text.Json.Serialization;
using Federation.Domain.Json;

namespace Federation.Actuation.PlugIns;

/// <summary>A line that a plug-in wrote: an answer, or that there is something to see.</summary>
/// <param name="Id">Of an answer: the call.</param>
/// <param name="Result">Of an answer to a call that was done: what it gives.</param>
/// <param name="Error">Of an answer to a call that could not be done: why.</param>
/// <param name="Changed">True: it is worth a look at what is there.</param>
internal sealed record PlugInLine(long? Id = null, JsonElement? Result = null, string? Error = null, bool Changed = false)
{
    /// <summary>How lines are written and read: as the domain is, with nothing that is null, and nothing missing that must be there.</summary>
    public static JsonSerializerOptions Json { get; } = Create();

    /// <summary>Reads a line.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static PlugInLine Read(ReadOnlySpan<byte> line)
    {
        var read = JsonSerializer.Deserialize<PlugInLine>(line, Json) ?? throw new JsonException("null is no answer");
        return read.Id is not null || read.Changed ? read : throw new JsonException("it has no id");
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
        };
        DomainJson.Configure(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
