using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Json;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;

namespace Federation.Storage.Upgrading;

/// <summary>Plans leave their placement: each becomes a grain of its own, with its life and the world that it was made from.</summary>
internal static class SagaSteps
{
    private const string Before = "the version before";

    /// <summary>The plans of every placement, which keeps what its decisions go by.</summary>
    /// <remarks>No plan is being applied, so none is half-way.</remarks>
    public static void Plans(UpgradeWork work)
    {
        var worlds = new HashSet<string>(StringComparer.Ordinal);
        var phases = work.Grains.Of("migration").ToDictionary(grain => grain.Key, grain => (string?)grain.State?["migration"]?["phase"]);
        foreach (var grain in work.Grains.Of("placement"))
        {
            var state = grain.State!;
            var records = state["plans"]!.AsArray().OfType<JsonObject>().ToList();
            foreach (var record in records)
            {
                Keep(work, record, worlds, phases);
            }

            var left = (string?)state["departure"]?["plan"];
            work.Grains.Write(grain, Json(new
            {
                LastNumber = (int)state["lastNumber"]!,
                Loop = new DecisionState
                {
                    History = state["history"].Deserialize<MoveHistory>(DomainJson.Options) ?? new(),
                    Departure = records.Where(record => (string)record["id"]! == left).Select(PlanOf).FirstOrDefault(),
                },
                Open = records.Where(record => StateOf(record) == PlanState.Proposed).ToImmutableSortedDictionary(record => IdOf(record).Number, StateOf),
            }));
        }
    }

    private static void Keep(UpgradeWork work, JsonObject record, HashSet<string> worlds, Dictionary<string, string?> phases)
    {
        var (id, plan, state) = (IdOf(record), PlanOf(record), StateOf(record));
        var view = record["view"].Deserialize<PlacementView>(DomainJson.Options)!;
        var (sites, rest) = WorldParts.Of(view);
        foreach (var (part, key) in new[] { sites, rest }.Select(part => (part, $"{id.Application.Key}/{part.Hash}")).Where(part => worlds.Add(part.Item2)))
        {
            work.Grains.Add("world", key, new() { ["part"] = JsonNode.Parse(part.Json) });
        }

        var nowhere = view.Application.Vms.Where(vm => vm.At is null).Select(vm => vm.Id).ToHashSet();
        work.Grains.Add("plan", id.Key, Json(new
        {
            Plan = plan, view.Revision, Departs = false, Cause = Before, Sites = sites.Hash, Rest = rest.Hash,
            Touches = PlanAtSites.Of(plan, nowhere).Keys.ToImmutableArray(),
        }));
        var saga = PlanSaga.Of(id, plan, nowhere);
        var ended = saga with
        {
            State = state, IsTold = true,
            Steps = [.. saga.Steps.Select(step => step with { State = state == PlanState.Applied ? StepState.Done : EndOf(new(id, step.Number), phases) })],
            Reason = state == PlanState.Failed ? Refusal.Told($"it failed in {Before}: the events say why") : null,
        };
        work.Grains.Add("saga", id.Key, Json(new
        {
            Saga = state.IsEnd() ? ended : saga,
            Record = ImmutableArray.Create(new PlanEntry(plan.MadeAt, "proposed", state)),
        }));
    }

    // Of a plan that failed its migrations tell how far it came.
    private static StepState EndOf(MigrationId step, Dictionary<string, string?> phases) => phases.GetValueOrDefault(step.Key) switch
    {
        "done" => StepState.Done,
        "rolledBack" => StepState.Failed,
        _ => StepState.Dropped,
    };

    private static PlanId IdOf(JsonObject record) => PlanId.Parse((string)record["id"]!);

    private static Plan PlanOf(JsonObject record) => record["plan"].Deserialize<Plan>(DomainJson.Options)!;

    private static PlanState StateOf(JsonObject record) => record["state"].Deserialize<PlanState>(DomainJson.Options);

    private static JsonObject Json(object state) => JsonSerializer.SerializeToNode(state, DomainJson.Options)!.AsObject();
}
