using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.Json;
using Federation.Api;
using Federation.Cli.Files;
using Federation.Domain.Applications;
using Federation.Domain.Detection;
using Federation.Domain.Estimation;
using Federation.Domain.Groups;
using Federation.Domain.Identity;
using Federation.Domain.Json;
using Federation.Domain.Sites;
using Federation.Domain.Traffic;

namespace Federation.Cli.Offline;

/// <summary>The files that an offline plan is made from.</summary>
/// <param name="Sites">A folder of site files.</param>
/// <param name="Application">An application file.</param>
/// <param name="Traffic">A CSV file, and how long its traffic was counted, more than zero; null: none is known, as before the first placement.</param>
internal sealed record OfflineInputs(string Sites, string Application, (string File, TimeSpan Period)? Traffic)
{
    /// <summary>Reads all of them; every fault of every file is told.</summary>
    /// <param name="now">The moment to plan for.</param>
    public Checked<OfflineView?> Read(DateTimeOffset now)
    {
        var (sites, application, faults) = FederationFiles.Read(Sites, Application);
        if (Traffic is not { } given)
        {
            return new(faults.IsEmpty ? new(View([.. sites!.Values], application!, TrafficMatrix.Empty(Window.Length), now) with { TrafficKnown = TrafficKnown.Nothing }, default) : null, faults);
        }

        var traffic = TrafficCsv.Read(UserFile.Read(given.File), given.File, application, given.Period);
        faults = [.. faults, .. traffic.Faults];
        return new(faults.IsEmpty ? new(View([.. sites!.Values], application!, traffic.Value.Matrix, now), traffic.Value.LeftOut) : null, faults);
    }

    private static PlacementView View(
        ImmutableArray<Site> sites, Application application, TrafficMatrix traffic, DateTimeOffset now) => new()
    {
        Application = application,
        Sites = sites,
        Traffic = traffic,
        Now = now,
        Groups = Groups(application, traffic, sites, now),
    };

    private static ImmutableArray<ImmutableArray<VmId>> Groups(
        Application application, TrafficMatrix traffic, ImmutableArray<Site> sites, DateTimeOffset now)
    {
        var options = DetectionChoice.Of(application, traffic, sites, Metric.Packets, now).ToOptions();
        var partition = new GroupDetectors().Detect(
            [.. application.Vms.Select(vm => vm.Id)], PairWeights.From(traffic, options.Metric), options);
        return [.. partition.Groups.Select(group => group.Members)];
    }
}

/// <summary>What was read. Compared by reference.</summary>
/// <param name="View">What the planner takes.</param>
/// <param name="LeftOut">The rows of the traffic that are not in it.</param>
internal sealed record OfflineView(PlacementView View, LeftOutRows LeftOut);

/// <summary>Plans that were made without a service.</summary>
internal static class OfflinePlan
{
    /// <summary>The document as JSON, without the keys that only a service's plan has, and with the rows of traffic that were left out.</summary>
    public static JsonElement ToJson(PlanDocument plan, LeftOutRows leftOut)
    {
        var json = JsonSerializer.SerializeToNode(plan, DomainJson.Options)!.AsObject();
        foreach (var key in new[] { nameof(PlanDocument.Id), nameof(PlanDocument.State) })
        {
            json.Remove(JsonNamingPolicy.CamelCase.ConvertName(key));
        }

        json["trafficRowsLeftOut"] = JsonSerializer.SerializeToNode(leftOut, DomainJson.Options);
        return JsonSerializer.SerializeToElement((JsonNode)json, DomainJson.Options);
    }
}
