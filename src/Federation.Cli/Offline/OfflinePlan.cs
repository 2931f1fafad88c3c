using System.Text.Json;
using System.Text.Json.Nodes;
using Federation.Domain.Documents;
using Federation.Domain.Json;
using Federation.Domain.Plans;
using Federation.Planning;

namespace Federation.Cli.Offline;

/// <summary>Makes a plan without a service.</summary>
internal static class OfflinePlan
{
    /// <summary>Plans; null, once the faults are printed, if the files have any.</summary>
    /// <param name="inputs">The files.</param>
    /// <param name="now">The moment to plan for.</param>
    /// <param name="solver">A name out of <see cref="Solvers.Names"/>.</param>
    /// <param name="options">How long and how it looks.</param>
    /// <param name="error">Where faults go.</param>
    /// <param name="cancel">Gives the search up.</param>
    public static PlanDocument? Make(
        OfflineInputs inputs, DateTimeOffset now, string solver, SolverOptions options, TextWriter error, CancellationToken cancel) =>
        inputs.Read(now).TryGet(error, out var view)
            ? PlanDocument.Of(Planner.Plan(view!, Solvers.Named(solver)!, options, cancel))
            : null;

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
