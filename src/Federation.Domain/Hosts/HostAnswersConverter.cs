using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Federation.Domain.Hosts;

/// <summary>Reads an agent's answers to orders. One that this service cannot read, since the agent is newer, is none: what became of the order stays unknown, and it is asked for again.</summary>
internal sealed class HostAnswersConverter : JsonConverter<ImmutableArray<HostAnswer>>
{
    public override ImmutableArray<HostAnswer> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var told = JsonSerializer.Deserialize<ImmutableArray<JsonElement>?>(ref reader, options);
        if (told is not { } answers)
        {
            return default;
        }

        var read = ImmutableArray.CreateBuilder<HostAnswer>();
        foreach (var answer in answers)
        {
            try
            {
                read.Add(answer.Deserialize<HostAnswer>(options)!);
            }
            catch (JsonException)
            {
                // Its operation alone says nothing.
            }
        }

        return read.ToImmutable();
    }

    public override void Write(Utf8JsonWriter writer, ImmutableArray<HostAnswer> value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value, options);
}
