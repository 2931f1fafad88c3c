using System.Text.Json;
using System.Text.Json.Serialization;

namespace Federation.Domain.Traffic;

/// <summary>A window in JSON: its start, as <c>"2026-11-23T17:51:00Z"</c>. Any other instant is no window.</summary>
public sealed class WindowJsonConverter : JsonConverter<Window>
{
    /// <inheritdoc/>
    public override Window Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var start = reader.GetDateTimeOffset();
        return Window.TryStartingAt(start, out var window)
            ? window
            : throw new JsonException($"no window starts at {start:O}: windows start at hh:mm:00 and hh:mm:30 UTC");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Window value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
