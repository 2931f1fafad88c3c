using System.Collections.Immutable;
using System.Text.Json;
using Federation.Domain.Applications;
using Federation.Domain.Sites;

namespace Federation.Files;

/// <summary>One key of a file that another file has otherwise.</summary>
/// <param name="Key">The key's path; items of a list by their name, tenant, start or place: <c>offers[std-4].price</c>.</param>
/// <param name="Before">The value as JSON; null: the key was not there.</param>
/// <param name="After">The value as JSON; null: the key is gone.</param>
public readonly record struct FieldChange(string Key, string? Before, string? After);

/// <summary>Compares two descriptions, key by key, as their files would have them.</summary>
public static class FileDifference
{
    private static readonly string[] Naming = ["name", "tenant", "from", "vm", "disk", "image"];

    /// <summary>What is different of a site, by key; empty: nothing is.</summary>
    /// <param name="before">The site as it was; null: there was none.</param>
    /// <param name="after">The site as it would be.</param>
    public static ImmutableArray<FieldChange> Between(Site? before, Site after) =>
        Between(before is null ? null : SiteFile.ToJson(before), SiteFile.ToJson(after));

    /// <summary>What is different of an application, by key; empty: nothing is.</summary>
    /// <remarks>Where a VM runs is no difference, however the file says it: what moves VMs is a plan.</remarks>
    /// <param name="before">The application as it was, each VM with where it runs; null: there was none.</param>
    /// <param name="after">The application as it would be.</param>
    public static ImmutableArray<FieldChange> Between(Application? before, Application after)
    {
        var running = (before?.Vms ?? []).Where(vm => vm.At is not null).ToDictionary(vm => vm.Id, vm => vm.At);
        var placed = after with { Vms = [.. after.Vms.Select(vm => vm with { At = vm.At ?? running.GetValueOrDefault(vm.Id) })] };
        return Between(before is null ? null : ApplicationFile.ToJson(before), ApplicationFile.ToJson(placed));
    }

    private static ImmutableArray<FieldChange> Between(string? before, string after)
    {
        var (old, next) = (before is null ? [] : Fields(before), Fields(after));
        return [.. from key in old.Keys.Union(next.Keys).Order(StringComparer.Ordinal)
            let change = new FieldChange(key, old.GetValueOrDefault(key), next.GetValueOrDefault(key))
            where change.Before != change.After
            select change];
    }

    private static Dictionary<string, string> Fields(string text)
    {
        using var json = JsonDocument.Parse(text);
        var fields = new Dictionary<string, string>();
        Collect("", json.RootElement, fields);
        return fields;
    }

    private static void Collect(string path, JsonElement value, Dictionary<string, string> fields)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in value.EnumerateObject())
            {
                Collect(path.Length == 0 ? property.Name : $"{path}.{property.Name}", property.Value, fields);
            }
        }
        else if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object))
        {
            foreach (var (index, item) in value.EnumerateArray().Index())
            {
                Collect($"{path}[{NameOf(item) ?? $"{index}"}]", item, fields);
            }
        }
        else
        {
            fields[path] = value.GetRawText();
        }
    }

    private static string? NameOf(JsonElement item) => Naming
        .Select(name => item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null)
        .FirstOrDefault(name => name is not null);
}
