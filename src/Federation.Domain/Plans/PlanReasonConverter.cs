using System.Text.Json;
using System.Text.Json.Serialization;

namespace Federation.Domain.Plans;

/// <summary>A plan's reason as an object with its kind as <c>code</c>. A sentence, as earlier versions stored it, stays one.</summary>
internal sealed class PlanReasonConverter : JsonConverter<PlanReason>
{
    private static readonly Dictionary<string, Type> Kinds = typeof(PlanReason).GetNestedTypes().ToDictionary(type => JsonNamingPolicy.CamelCase.ConvertName(type.Name));

    public override PlanReason Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return new PlanReason.Said(reader.GetString()!);
        }

        var said = JsonElement.ParseValue(ref reader);
        return said.TryGetProperty("code", out var code) && Kinds.TryGetValue($"{code}", out var kind)
            ? (PlanReason)said.Deserialize(kind, options)!
            : throw new JsonException($"{said} is no reason of a plan");
    }

    public override void Write(Utf8JsonWriter writer, PlanReason value, JsonSerializerOptions options)
    {
        var said = JsonSerializer.SerializeToNode(value, value.GetType(), options)!.AsObject();
        said.Insert(0, "code", JsonNamingPolicy.CamelCase.ConvertName(value.GetType().Name));
        said.WriteTo(writer, options);
    }
}
