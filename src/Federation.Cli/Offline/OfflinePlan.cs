using System.Text.Json;
using System.Text.Json.Nodes;
using Federation.Api;
using Federation.Domain.Json;

namespace Federation.Cli.Offline;

/// <summary>Plans that were made without a service.</summary>
internal static class OfflinePlan
{
    /// <summary>The document as JSON, without the keys that only a service's plan has.</summary>
    public static JsonElement ToJson(PlanDocument plan)
    {
        var json = JsonSerializer.SerializeToNode(plan, DomainJson.Options)!.AsObject();
        foreach (var key in new[] { nameof(PlanDocument.Id), nameof(PlanDocument.State) })
        {
            json.Remove(JsonNamingPolicy.CamelCase.ConvertName(key));
        }

        return JsonSerializer.SerializeToElement((JsonNode)json, DomainJson.Options);
    }
}
