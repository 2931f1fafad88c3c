using System.Text.Json.Nodes;
using Federation.Domain.Identity;

namespace Federation.Storage.Upgrading;

/// <summary>Applications, their groups and their retention.</summary>
internal static class ApplicationSteps
{
    /// <summary>The communication groups: those of the newest life.</summary>
    public static void Groups(UpgradeWork work)
    {
        foreach (var grain in work.Grains.Of("groups"))
        {
            if (grain.State is { } state)
            {
                work.Grains.Move(grain, work.Lives.Last(grain.Key).Key, state);
            }
            else
            {
                work.Grains.Remove(grain);
            }
        }
    }

    /// <summary>How long traffic is kept: for every life of a name, so that none is kept longer than was promised.</summary>
    public static void Retention(UpgradeWork work)
    {
        foreach (var grain in work.Grains.Of("retention"))
        {
            work.Grains.Remove(grain);
            foreach (var life in work.Lives.Of(grain.Key).Where(_ => grain.State is not null))
            {
                work.Grains.Add("retention", life.Id.Key, grain.State!);
            }
        }
    }

    /// <summary>The applications by tenant and name; of those that were deleted, the count of their lives.</summary>
    public static void Applications(UpgradeWork work)
    {
        foreach (var grain in work.Grains.Of("application"))
        {
            var id = work.Lives.Last(grain.Key);
            work.Grains.Remove(grain);
            if (grain.State?["application"] is JsonObject application)
            {
                Identify(application, id);
                grain.State["incarnation"] = id.Incarnation;
                work.Grains.Add("application", id.Named.Key, grain.State);
            }
        }

        var stored = work.Grains.Of("application").Select(grain => grain.Key).ToHashSet();
        foreach (var name in work.Lives.All.SelectMany(name => name.Lives).GroupBy(life => life.Id.Named).Where(name => !stored.Contains(name.Key.Key)))
        {
            work.Grains.Add("application", name.Key.Key, new JsonObject
            {
                ["application"] = null,
                ["incarnation"] = name.Max(life => life.Id.Incarnation),
                ["revision"] = 0,
                ["progress"] = null,
            });
        }
    }

    /// <summary>The federation's list of applications.</summary>
    public static void Federation(UpgradeWork work)
    {
        foreach (var grain in work.Grains.Of("federation").Where(grain => grain.State?["applications"] is JsonArray))
        {
            var ids = grain.State!["applications"]!.AsArray().Select(name => (JsonNode)work.Lives.Last((string)name!).Key);
            grain.State["applications"] = new JsonArray([.. ids]);
            work.Grains.Write(grain, grain.State);
        }
    }

    /// <summary>An application's description says whose it is in its identity.</summary>
    public static void Identify(JsonObject application, AppId id)
    {
        application["id"] = id.Key;
        application.Remove("tenant");
    }
}
