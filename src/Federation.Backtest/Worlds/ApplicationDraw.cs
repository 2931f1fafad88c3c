using System.Collections.Immutable;
using Federation.Backtest.Scenarios;
using Federation.Domain.Applications;
using Federation.Domain.Groups;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Backtest.Worlds;

/// <summary>Draws the applications of a scenario.</summary>
internal static class ApplicationDraw
{
    // The standard deviation of the logarithm of how much louder than its kind an application is.
    private const double SpreadOfTraffic = 0.3;

    private static readonly GroupDetectors Detector = new();

    /// <summary>The applications, by arrival.</summary>
    public static ImmutableArray<SimulatedApplication> All(Scenario scenario) =>
        [.. scenario.Applications.SelectMany(kind => Enumerable.Range(1, kind.Count).Select(number => Draw(scenario, kind, number)))
            .OrderBy(application => application.Arrival).ThenBy(application => application.Spec.Id)];

    private static SimulatedApplication Draw(Scenario scenario, ApplicationClass kind, int number)
    {
        var id = new AppId(kind.Tenant, $"{kind.Name}-{number}");
        var random = Chance.Of(scenario.Seed, id.Name);
        var arrival = scenario.Start + TimeSpan.FromSeconds(Math.Floor(scenario.Length.TotalSeconds * random.NextDouble()));
        var runs = kind.Shortest + ((kind.Longest - kind.Shortest) * random.NextDouble());
        var loudness = Math.Exp(SpreadOfTraffic * random.NextNormal());
        ImmutableArray<VmId> vms = [.. Enumerable.Range(1, kind.Vms).Select(vm => new VmId($"vm{vm}"))];
        var spec = new Application
        {
            Id = id,
            Objective = kind.Objective,
            Remaining = TimeSpan.FromSeconds(Math.Max(1, Math.Round(runs.TotalSeconds))),
            Overlap = kind.Overlap,
            PacketsPerExchange = kind.PacketsPerExchange,
            Margin = scenario.Margin,
            Vms = [.. vms.Select(vm => new VmSpec
            {
                Id = vm, Vcpus = kind.Vcpus, MemoryBytes = kind.MemoryBytes, DirtyBytesPerSecond = kind.DirtyBytesPerSecond, Guest = DisksOf(kind),
            })],
        };
        return new(spec, arrival, kind.Phases.IsEmpty
            ? [new(spec.Remaining.TotalSeconds, TrafficMatrix.Empty(Window.Length), [])]
            : [.. kind.Phases.Select(phase => PhaseOf(phase, vms, loudness))]);
    }

    private static VmGuest? DisksOf(ApplicationClass kind) => kind is { DiskBytes: 0, DiskBytesPerSecond: 0 }
        ? null
        : new() { Disks = [new("disk", null, Math.Max(kind.DiskBytes, 1), kind.DiskBytes, kind.DiskBytesPerSecond)] };

    private static SimulatedPhase PhaseOf(TrafficPhase phase, ImmutableArray<VmId> vms, double loudness)
    {
        var builder = new TrafficMatrixBuilder();
        var groupOf = Enumerable.Range(0, vms.Length).Select(vm => vm * phase.Groups / vms.Length).ToArray();
        for (var from = 0; from < vms.Length; from++)
        {
            var inside = groupOf.Count(group => group == groupOf[from]) - 1;
            var between = vms.Length - 1 - inside;
            builder.AddSentOutside(vms[from], FlowOf(phase.OutsideBytesPerSecond));
            for (var to = 0; to < vms.Length; to++)
            {
                builder.Add(vms[from], vms[to], groupOf[from] == groupOf[to]
                    ? FlowOf(phase.InsideBytesPerSecond / Math.Max(1, inside))
                    : FlowOf(phase.BetweenBytesPerSecond / Math.Max(1, between)));
            }
        }

        var traffic = builder.Build(Window.Length);
        var options = new GroupingOptions { Detector = DetectorKind.Auto };
        var groups = Detector.Detect(vms, PairWeights.From(traffic, options.Metric), options).Groups;
        return new(phase.Lasts.TotalSeconds, traffic, [.. groups.Select(group => group.Members)]);

        Flow FlowOf(double bytesPerSecond)
        {
            var bytes = bytesPerSecond * loudness * Window.Length.TotalSeconds;
            return new(bytes / phase.PacketBytes, bytes);
        }
    }
}
