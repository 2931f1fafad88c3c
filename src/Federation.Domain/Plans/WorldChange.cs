using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Federation.Domain.Estimation;
using Federation.Domain.Json;

namespace Federation.Domain.Plans;

/// <summary>What of the things that a plan rests on has changed since it was made. Traffic and the hour may go on changing.</summary>
public static class WorldChange
{
    private const int MostNamed = 20;

    /// <summary>One line per change, such as <c>site aws-eu-west-3: offers[0].price[0].perHour 0.1 -> 0.3</c>; empty if nothing has changed.</summary>
    public static ImmutableArray<string> Between(PlacementView then, PlacementView now)
    {
        var changes = new List<string>();
        CompareApplications(then, now, changes);
        var sites = then.Sites.Concat(now.Sites).Select(site => site.Id).Distinct().Order();
        foreach (var id in sites)
        {
            Compare($"site {id}", Node(then.Sites.FirstOrDefault(site => site.Id == id)), Node(now.Sites.FirstOrDefault(site => site.Id == id)), changes);
            if (now.Offline.Contains(id) || then.Offline.Contains(id))
            {
                // What others use there is not known; that a site is back stands in no plan's way.
                changes.AddRange(then.Offline.Contains(id) ? [] : [$"site {id}: online -> offline"]);
                continue;
            }

            Compare(
                $"use of {id} by the tenant's other applications",
                Node(then.UsedByOthers.GetValueOrDefault(id) with { CoreHours = 0 }),
                Node(now.UsedByOthers.GetValueOrDefault(id) with { CoreHours = 0 }),
                changes);
        }

        return changes.Count <= MostNamed
            ? [.. changes]
            : [.. changes.Take(MostNamed), $"and {changes.Count - MostNamed} more"];
    }

    // What is left of the run and of the deadline falls with the hour: only a new description changes them.
    private static void CompareApplications(PlacementView then, PlacementView now, List<string> changes)
    {
        var current = then.Revision != now.Revision
            ? now.Application
            : now.Application with { Remaining = then.Application.Remaining, Deadline = then.Application.Deadline };
        Compare($"application {then.Application.Id}", Node(then.Application), Node(current), changes);
    }

    private static JsonNode? Node<T>(T value) => JsonSerializer.SerializeToNode(value, DomainJson.Options);

    private static void Compare(string path, JsonNode? then, JsonNode? now, List<string> changes)
    {
        if (JsonNode.DeepEquals(then, now))
        {
            return;
        }

        switch (then, now)
        {
            case (JsonObject a, JsonObject b):
                foreach (var key in a.Select(entry => entry.Key).Union(b.Select(entry => entry.Key)))
                {
                    Compare(Inner(path, key), a[key], b[key], changes);
                }

                break;
            case (JsonArray a, JsonArray b) when a.Count == b.Count:
                for (var i = 0; i < a.Count; i++)
                {
                    Compare($"{path}[{Name(a[i]) ?? $"{i}"}]", a[i], b[i], changes);
                }

                break;
            default:
                changes.Add($"{path} {Text(then)} -> {Text(now)}");
                break;
        }
    }

    private static string Inner(string path, string key) => path.Contains(": ", StringComparison.Ordinal) ? $"{path}.{key}" : $"{path}: {key}";

    // A list's entries are known by their names where they have one.
    private static string? Name(JsonNode? entry) => entry is JsonObject named ? (named["name"] ?? named["id"])?.ToString() : null;

    private static string Text(JsonNode? node) => node switch
    {
        null => "none",
        JsonValue value => value.ToString(),
        _ => node.ToJsonString(DomainJson.Options) is { Length: <= 120 } text ? text : $"{node.ToJsonString(DomainJson.Options)[..117]}...",
    };
}
