using System.Globalization;
using System.Text.Json.Nodes;
using Federation.Domain.Identity;

namespace Federation.Storage.Upgrading;

/// <summary>Plans and migrations get structured names: <c>cg-3</c> becomes <c>astro/cg.1.3</c>, <c>cg-3-vm1</c> <c>astro/cg.1.3.2</c>.</summary>
internal static class PlanSteps
{
    /// <summary>The placements, with their plans and the worlds that they were made from.</summary>
    public static void Plans(UpgradeWork work)
    {
        foreach (var grain in work.Grains.Of("placement"))
        {
            var application = work.Lives.Last(grain.Key);
            if (grain.State is not { } state)
            {
                work.Grains.Remove(grain);
                continue;
            }

            foreach (var record in state["plans"]!.AsArray().OfType<JsonObject>())
            {
                Rename(work, application, record);
            }

            if (state["departure"] is JsonObject departure)
            {
                departure["plan"] = work.NameOf((string)departure["plan"]!);
            }

            work.Grains.Move(grain, application.Key, state);
        }
    }

    /// <summary>The migrations; one whose plan is kept no more is numbered among those of the same plan.</summary>
    public static void Migrations(UpgradeWork work)
    {
        var loose = new Dictionary<PlanId, int>();
        foreach (var grain in work.Grains.Of("migration"))
        {
            if (grain.State?["migration"] is not JsonObject migration)
            {
                work.Grains.Remove(grain);
                continue;
            }

            var order = migration["order"]!.AsObject();
            var vm = (string)order["vm"]!;
            var application = work.Lives.At(Lives.NameOf(vm), Lives.TimeOf((string)migration["startedAt"]!));
            var plan = PlanOf(application, (string)migration["plan"]!);
            if (!work.Renamed.TryGetValue(grain.Key, out var id))
            {
                loose[plan] = loose.GetValueOrDefault(plan) + 1;
                work.Renamed[grain.Key] = id = new MigrationId(plan, loose[plan]).Key;
            }

            (order["id"], order["vm"]) = (id, new VmRef(application, Lives.VmOf(vm)).Key);
            migration["plan"] = plan.Key;
            migration.Remove("tenant");
            work.Grains.Move(grain, id, grain.State);
        }
    }

    private static void Rename(UpgradeWork work, AppId application, JsonObject record)
    {
        var old = (string)record["id"]!;
        var id = PlanOf(application, old);
        var steps = record["plan"]!["steps"]!.AsArray().Select(step => (string)step!["vm"]!).ToList();
        for (var step = 0; step < steps.Count; step++)
        {
            // A move with a stop on the way has two legs.
            var leg = steps.Take(step).Contains(steps[step]) ? "-2" : "";
            work.Renamed[$"{old}-{steps[step]}{leg}"] = new MigrationId(id, step + 1).Key;
        }

        work.Renamed[old] = id.Key;
        record["id"] = id.Key;
        record["plan"]!["application"] = application.Key;
        ApplicationSteps.Identify(record["view"]!["application"]!.AsObject(), application);
    }

    private static PlanId PlanOf(AppId application, string old) =>
        new(application, int.Parse(old[(application.Name.Length + 1)..], NumberStyles.None, CultureInfo.InvariantCulture));
}
