using System.Text.Json;
using System.Text.Json.Serialization;

namespace Federation.Domain.Refusals;

/// <summary>Writes a refusal as its code and arguments; also reads the sentence that earlier versions stored.</summary>
internal sealed class RefusalConverter : JsonConverter<Refusal>
{
    public override Refusal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return Refusal.Told(reader.GetString()!);
        }

        var written = JsonSerializer.Deserialize<Written>(ref reader, options) ?? throw new JsonException("expected a refusal, found null");
        return new(written.Code, written.Arguments);
    }

    public override void Write(Utf8JsonWriter writer, Refusal value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, new Written(value.Code, value.Arguments), options);

    private sealed record Written(RefusalCode Code, RefusalArguments Arguments);
}
