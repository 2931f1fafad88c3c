using System.Collections.Immutable;
using System.Text.Json;

namespace Federation.Domain.Traffic;

/// <summary>A batch as its body has it, and those of its windows that are none. Compared by reference.</summary>
/// <param name="Batch">The batch, without them.</param>
/// <param name="Malformed">What stands in the place of a window and cannot be read as one; each with its reason, and with VM and start where it has them.</param>
public sealed record ParsedBatch(WindowBatch Batch, ImmutableArray<RefusedWindow> Malformed)
{
    /// <summary>Reads each window by itself, so that one that is malformed does not take the others with it. Slower than reading the batch as a whole.</summary>
    /// <returns>Null if there is no batch around the windows, or more windows than one batch may have.</returns>
    public static ParsedBatch? Of(JsonElement body)
    {
        var windows = Property(body, "windows");
        if (windows.ValueKind != JsonValueKind.Array || windows.GetArrayLength() > WindowBatchReading.MostWindows || Head(body) is not { } head)
        {
            return null;
        }

        var (fine, malformed) = (ImmutableArray.CreateBuilder<PostedWindow>(), ImmutableArray.CreateBuilder<RefusedWindow>());
        foreach (var window in windows.EnumerateArray())
        {
            try
            {
                fine.Add(window.Deserialize(WindowBatchJson.Default.PostedWindow)!);
            }
            catch (JsonException fault)
            {
                malformed.Add(new(WindowBatchReading.Short(Text(window, "vm")), WindowBatchReading.Short(Text(window, "start")), $"it is not a window: {fault.Message}"));
            }
        }

        return new(head with { Windows = fine.ToImmutable() }, malformed.ToImmutable());
    }

    private static WindowBatch? Head(JsonElement body) =>
        Text(body, "sensor") is { } sensor && Guid.TryParseExact(Text(body, "boot"), "D", out var boot)
        && Property(body, "application").ValueKind is JsonValueKind.String or JsonValueKind.Null or JsonValueKind.Undefined
            ? new() { Sensor = sensor, Boot = boot, Application = Text(body, "application"), Windows = [] }
            : null;

    private static string? Text(JsonElement of, string property) => Property(of, property) is { ValueKind: JsonValueKind.String } text ? IfText(text.GetString) : null;

    private static JsonElement Property(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object ? IfText(() => of.TryGetProperty(name, out var property) ? property : default) : default;

    // What escapes and bytes stand for is found out only when they are read, and may be no text, such as half a surrogate pair.
    private static T? IfText<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            return default;
        }
    }
}
