using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Files.ApplicationFiles;
using Federation.Yaml.Quantities;
using Federation.Yaml.Scalars;
using Federation.Yaml.Shapes;

namespace Federation.Backtest.Scenarios;

/// <summary>Reads a kind of applications.</summary>
internal static class ApplicationClassReader
{
    private const int MostApplications = 100_000;
    private const int MostVms = 1000;
    private const long OrdinaryPacket = 1000;

    private static readonly ScalarType<int> Count = Numbers.Count.That(
        count => count <= MostApplications, $"is more than {MostApplications}", "write fewer applications");

    private static readonly ScalarType<int> Vms = Numbers.Count.That(
        count => count <= MostVms, $"is more than {MostVms}", "write fewer VMs");

    /// <summary>The kind; it holds stand-ins wherever the report got a fault.</summary>
    public static ApplicationClass Read(Section section)
    {
        var runs = section.Inner("runs", ScenarioShapes.Runs);
        var shortest = runs?.ReadOptional("shortest", Durations.PositiveSpan);
        var longest = runs?.ReadOptional("longest", Durations.PositiveSpan);
        if (longest < shortest)
        {
            runs!.Refuse("longest", "is less than 'shortest'", "write the longer of the two here");
        }

        var vms = section.Read("vms", Vms, 1);
        return new()
        {
            Name = section.Read("name", Names.Application, "app"),
            Count = section.Read("count", Count, 1),
            Tenant = section.Read("tenant", Names.Tenant, new TenantId("astro")),
            Objective = section.Read("objective", ApplicationWords.Objectives.Type, Objective.Cost),
            Vms = vms,
            Vcpus = section.Read("vcpus", Numbers.Count, 1),
            MemoryBytes = section.Read("memory", Sizes.PositiveBytes, 1),
            DirtyBytesPerSecond = section.Read("dirtyRate", Rates.BytesPerSecond, 0),
            DiskBytes = section.Read("disk", Sizes.Bytes, 0),
            DiskBytesPerSecond = section.Read("writeRate", Rates.BytesPerSecond, 0),
            Shortest = shortest ?? TimeSpan.FromHours(1),
            Longest = longest ?? TimeSpan.FromHours(1),
            Overlap = section.Read("overlap", Numbers.Share, 0),
            PacketsPerExchange = section.ReadOptional("packetsPerExchange", Numbers.AtLeastOne),
            Phases = [.. section.Sections("traffic", ScenarioShapes.Phase).Select(phase => ReadPhase(phase, vms))],
        };
    }

    private static TrafficPhase ReadPhase(Section phase, int vms)
    {
        var groups = phase.Read("groups", Numbers.Count, 1);
        if (groups > vms)
        {
            phase.Refuse("groups", $"is more than the {vms} VMs", "write at most as many groups as VMs");
        }

        return new(
            phase.Read("lasts", Durations.PositiveSpan, TimeSpan.FromHours(1)),
            groups,
            phase.Read("inside", Rates.BytesPerSecond, 0),
            phase.Read("between", Rates.BytesPerSecond, 0),
            phase.Read("outside", Rates.BytesPerSecond, 0),
            phase.Read("packet", Sizes.PositiveBytes, OrdinaryPacket));
    }
}
