using System.Text.Json;

namespace Federation.Cli.Pages;

/// <summary>Looks single values up in a site's or an application's description, whatever version wrote it.</summary>
internal static class Specs
{
    /// <summary>A text or number; null if there is none of that name.</summary>
    public static string? Text(this JsonElement spec, string key) =>
        spec.ValueKind == JsonValueKind.Object && spec.TryGetProperty(key, out var value) ? value.ToString() : null;

    /// <summary>How many entries a list has; 0 if there is none of that name.</summary>
    public static int Count(this JsonElement spec, string key) =>
        spec.ValueKind == JsonValueKind.Object && spec.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Array
            ? value.GetArrayLength()
            : 0;
}
