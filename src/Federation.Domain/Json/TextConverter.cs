using System.Text.Json;
using System.Text.Json.Serialization;

namespace Federation.Domain.Json;

/// <summary>Writes a value as text, also where it is the key of a dictionary.</summary>
internal sealed class TextConverter<T>(Func<T, string> write, Func<string, T> read) : JsonConverter<T>
    where T : notnull
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
            ? Parse(reader.GetString()!)
            : throw new JsonException($"expected text for {typeof(T).Name}, found {reader.TokenType}");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(write(value));

    public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Parse(reader.GetString()!);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WritePropertyName(write(value));

    private T Parse(string text)
    {
        try
        {
            return read(text);
        }
        catch (Exception fault) when (fault is FormatException or TimeZoneNotFoundException)
        {
            throw new JsonException(fault.Message, fault);
        }
    }
}
