using System.Text.Json;
using System.Text.Json.Serialization;
using Federation.Domain.Sites;

namespace Federation.Domain.Json;

/// <summary>A price schedule as the list of its entries.</summary>
internal sealed class PriceScheduleConverter : JsonConverter<PriceSchedule>
{
    public override PriceSchedule Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var entries = JsonSerializer.Deserialize<PriceEntry[]>(ref reader, options);
        try
        {
            return new PriceSchedule(entries ?? []);
        }
        catch (ArgumentException fault)
        {
            throw new JsonException(fault.Message, fault);
        }
    }

    public override void Write(Utf8JsonWriter writer, PriceSchedule value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.Entries.ToArray(), options);
}
