using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Sensor.Attribution;
using Federation.Sensor.Live;
using Federation.Sensor.Settings;

namespace Federation.Sensor.Daemon;

/// <summary>Turns what was counted in a window into reports of its VMs. Not safe for use by several threads.</summary>
internal sealed class WindowReports(SensorSettings settings)
{
    // Windows that a VM may be told of late: five minutes.
    private const int Remembered = 10;

    private readonly HostAttribution attribution = new(settings);
    private readonly Queue<(WindowCount Count, HashSet<VmRef> Handled)> recent = [];

    /// <summary>
    /// One report for each VM that was here, by application; none where nothing of the window was watched. A VM that was told of late also
    /// gets a report of each window of the last five minutes in which frames of its were counted.
    /// </summary>
    public IReadOnlyList<(AppId Application, ImmutableArray<WindowReport> Reports)> Of(WindowCount count)
    {
        var late = recent.SelectMany(earlier => Late(earlier.Count, earlier.Handled, count)).ToList();
        recent.Enqueue((count, [.. count.Vms.Select(vm => vm.Vm.Vm)]));
        while (recent.Count > Remembered)
        {
            recent.Dequeue();
        }

        return [.. ByApplication(late), .. ByApplication(Reports(count, count.Vms))];
    }

    private IEnumerable<(AppId Application, WindowReport Report)> Late(WindowCount earlier, HashSet<VmRef> handled, WindowCount now)
    {
        // On a bridge, what was for a VM on another host passes too; only the uplink tells.
        if (settings.Capture is { Kind: CaptureKind.Bridge, BridgeUplink: null })
        {
            return [];
        }

        var late = now.Vms.Where(vm => handled.Add(vm.Vm.Vm)).Select(vm => vm with { Stay = Stay.Came }).ToList();
        return late.Count == 0 ? [] : Reports(earlier with { Peers = now.Peers, Tallies = Certain(earlier.Tallies) }, late).Where(entry => !entry.Report.Records.IsEmpty);
    }

    // A frame to all passes the bridges of all hosts: it does not tell that the VM was on this one, and another may have counted it.
    private ImmutableArray<FrameTally> Certain(ImmutableArray<FrameTally> tallies) => settings.Capture.Kind == CaptureKind.Taps
        ? tallies
        : [.. tallies.Where(tally => !LinkScopes.IsGroup(tally.DestinationMac))];

    private List<(AppId Application, WindowReport Report)> Reports(WindowCount count, IReadOnlyCollection<PresentVm> vms)
    {
        var all = vms.UnionBy(count.Vms, vm => vm.Vm.Vm).ToList();
        var records = attribution.Attribute(count.Tallies, all, count.Peers);
        return [.. vms.OrderBy(vm => vm.Vm.Vm)
            .Select(vm => (vm.Vm.Vm, Covered: count.Covered - GapOf(vm, count)))
            .Where(vm => vm.Covered > TimeSpan.Zero)
            .Select(vm => (vm.Vm.Application, new WindowReport(vm.Vm.Vm, count.Window, records[vm.Vm], Min(vm.Covered, Window.Length), count.Dropped)))];
    }

    // A tap is one VM's, if it is known whose; every other interface is everybody's.
    private TimeSpan GapOf(PresentVm vm, WindowCount count)
    {
        var own = count.GapsOf.Where(gap => settings.Capture.Kind != CaptureKind.Taps
            || (vm.Vm.Tap ?? attribution.TapOf(vm.Vm.Vm)) is not { } tap
            || tap == gap.Key);
        return own.Select(gap => gap.Value).DefaultIfEmpty().Max();
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static IEnumerable<(AppId Application, ImmutableArray<WindowReport> Reports)> ByApplication(
        IEnumerable<(AppId Application, WindowReport Report)> reports) =>
        reports.GroupBy(entry => (entry.Application, entry.Report.Window), entry => entry.Report)
            .Select(group => (group.Key.Application, group.ToImmutableArray()));
}
