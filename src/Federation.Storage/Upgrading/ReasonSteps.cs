using System.Text.Json;
using System.Text.Json.Nodes;
using Federation.Domain.Json;
using Federation.Domain.Refusals;

namespace Federation.Storage.Upgrading;

/// <summary>Reasons that early versions stored as sentences become refusals, which say the same.</summary>
internal static class ReasonSteps
{
    /// <summary>Why migrations were taken back, why sites were out of the question for plans, and what plans waited for.</summary>
    public static void Sentences(UpgradeWork work)
    {
        foreach (var grain in work.Grains.Of("migration"))
        {
            if (grain.State!["migration"] is JsonObject migration && Rename(migration))
            {
                work.Grains.Write(grain, grain.State);
            }
        }

        foreach (var grain in work.Grains.Of("placement"))
        {
            foreach (var plan in grain.State!["plans"]!.AsArray().Select(record => record!["plan"]!.AsObject()))
            {
                Rewrite(plan);
            }

            work.Grains.Write(grain, grain.State);
        }
    }

    private static void Rewrite(JsonObject plan)
    {
        foreach (var vm in plan["placement"]?.AsArray().OfType<JsonObject>() ?? [])
        {
            RenameAll(vm["rejected"]);
        }

        RenameAll(plan["rejected"]);
        if (plan["waits"] is JsonArray waits)
        {
            plan["waits"] = new JsonArray([.. waits.Select(wait => wait is JsonValue sentence ? Told((string)sentence!) : wait!.DeepClone())]);
        }
    }

    private static void RenameAll(JsonNode? rejections)
    {
        foreach (var rejection in rejections?.AsArray().OfType<JsonObject>() ?? [])
        {
            Rename(rejection);
        }
    }

    // False: there is no sentence.
    private static bool Rename(JsonObject said)
    {
        if (!said.Remove("reason", out var sentence) || sentence is not JsonValue)
        {
            return false;
        }

        said["refusal"] = Told((string)sentence!);
        return true;
    }

    private static JsonNode Told(string sentence) => JsonSerializer.SerializeToNode(Refusal.Told(sentence), DomainJson.Options)!;
}
