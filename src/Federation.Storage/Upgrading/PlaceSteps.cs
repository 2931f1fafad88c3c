using System.Text.Json.Nodes;
using Federation.Domain.Identity;

namespace Federation.Storage.Upgrading;

/// <summary>Where VMs are: sites' ledgers, hosts, and the VMs themselves.</summary>
internal static class PlaceSteps
{
    /// <summary>The places that sites have given, by VM.</summary>
    public static void Ledgers(UpgradeWork work)
    {
        foreach (var grain in work.Grains.Of("site"))
        {
            if (grain.State?["ledger"]?["holds"] is not JsonObject holds)
            {
                continue;
            }

            var renamed = new JsonObject();
            foreach (var place in holds.Select(place => place.Value!.DeepClone().AsObject()))
            {
                var vm = (string)place["vm"]!;
                var life = work.Lives.At(Lives.NameOf(vm), Lives.TimeOf((string)place["since"]!));
                // Of a life whose owner nobody else knows, the place knows it.
                var owner = life with { Tenant = life.Tenant == Lives.Unknown ? new((string)place["tenant"]!) : life.Tenant };
                var now = new VmRef(owner, Lives.VmOf(vm)).Key;
                (place["vm"], place["reservation"]) = (now, work.NameOf((string)place["reservation"]!));
                renamed[now] = place;
            }

            grain.State["ledger"]!["holds"] = renamed;
            work.Grains.Write(grain, grain.State);
        }
    }

    /// <summary>The VMs that may be on a host.</summary>
    public static void Hosts(UpgradeWork work)
    {
        foreach (var grain in work.Grains.Of("host").Where(grain => grain.State is not null))
        {
            var vms = grain.State!["vms"]!.AsArray().Select(vm => (JsonNode)work.Lives.LastVm((string)vm!).Key);
            grain.State["vms"] = new JsonArray([.. vms]);
            work.Grains.Write(grain, grain.State);
        }
    }

    /// <summary>The VMs. Where one was in former lives of its application's name stays with those.</summary>
    public static void Vms(UpgradeWork work)
    {
        foreach (var grain in work.Grains.Of("vm"))
        {
            if (grain.State is not { } state)
            {
                work.Grains.Remove(grain);
                continue;
            }

            var vm = work.Lives.LastVm(grain.Key);
            var stays = state["stays"] as JsonArray ?? [];
            foreach (var former in stays.GroupBy(stay => LifeOf(work, vm, stay!)).Where(life => life.Key != vm.Application))
            {
                work.Grains.Add("vm", (vm with { Application = former.Key }).Key, new JsonObject
                {
                    ["at"] = null,
                    ["host"] = null,
                    ["stays"] = new JsonArray([.. former.Select(stay => stay!.DeepClone())]),
                    ["epoch"] = state["epoch"]!.DeepClone(),
                    ["epochReason"] = null,
                });
            }

            state["stays"] = new JsonArray([.. stays.Where(stay => LifeOf(work, vm, stay!) == vm.Application).Select(stay => stay!.DeepClone())]);
            state["epochReason"] = (string?)state["epochReason"] is { } reason ? work.NameOf(reason) : null;
            work.Grains.Move(grain, vm.Key, state);
        }
    }

    // One that goes on is the present life's, whenever it began.
    private static AppId LifeOf(UpgradeWork work, VmRef vm, JsonNode stay) => stay["until"] is null
        ? vm.Application
        : work.Lives.At(vm.Application.Name, Lives.TimeOf((string)stay["from"]!));
}
