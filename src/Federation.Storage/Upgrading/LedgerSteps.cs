using System.Text.Json.Nodes;
using Federation.Domain.Identity;
using Federation.Domain.Sites;

namespace Federation.Storage.Upgrading;

/// <summary>Places become allocations that say themselves what they take, and what they are kept for.</summary>
internal static class LedgerSteps
{
    /// <summary>The allocations of every site.</summary>
    /// <remarks>No plan is under way: what is still on its way here was left behind, and a reconciler or its expiry gives it back.</remarks>
    public static void Allocations(UpgradeWork work)
    {
        var vms = VmsOf(work);
        foreach (var grain in work.Grains.Of("site"))
        {
            if (grain.State?["ledger"]?["holds"] is not JsonObject holds)
            {
                continue;
            }

            foreach (var place in holds.Select(place => place.Value!.AsObject()))
            {
                Rewrite(place, OfferOf(grain.State["site"], (string)place["offer"]!), vms.GetValueOrDefault((string)place["vm"]!));
            }

            work.Grains.Write(grain, grain.State);
        }
    }

    private static void Rewrite(JsonObject place, JsonNode? offer, JsonNode? vm)
    {
        // An offer that is gone: at least what the VM needs.
        place["vcpus"] = (offer ?? vm)?["vcpus"]?.DeepClone() ?? 0;
        place["memoryBytes"] = (offer ?? vm)?["memoryBytes"]?.DeepClone() ?? 0;
        place["residency"] = vm?["residency"]?.DeepClone() ?? new JsonArray();
        place["state"] = ((string)place["state"]!, place["expiresAt"]) switch
        {
            ("arriving", null) => "confirmed",
            ("arriving", _) => "reserved",
            _ => "occupied",
        };
        place["expiresAt"] = (string)place["state"]! == "reserved" ? place["expiresAt"]?.DeepClone() : null;
        place["reservation"] = ReservationOf((string)place["reservation"]!, VmRef.Parse((string)place["vm"]!).Application).Key;
        place.Remove("tenant");
    }

    // What was adopted, or came by a plan that is kept no more, is kept as found: it is there.
    private static ReservationId ReservationOf(string name, AppId application) =>
        MigrationId.TryParse(name, out var step) && step.Plan.Application == application ? ReservationId.OfStep(step)
        : PlanId.TryParse(name, out var plan) && plan.Application == application ? ReservationId.OfStart(plan)
        : ReservationId.OfFound(application);

    private static JsonNode? OfferOf(JsonNode? site, string name) =>
        site?["offers"]?.AsArray().FirstOrDefault(offer => (string)offer!["name"]! == name);

    private static Dictionary<string, JsonNode> VmsOf(UpgradeWork work) =>
        (from grain in work.Grains.Of("application")
         let application = grain.State?["application"]
         where application is not null
         from vm in application["vms"]!.AsArray()
         select (Key: $"{application["id"]}/{vm["id"]}", Vm: vm)).ToDictionary(vm => vm.Key, vm => (JsonNode)vm.Vm);
}
