using System.Collections.Immutable;
using Federation.Domain.Identity;

namespace Federation.Domain.Traffic;

/// <summary>The reports of an application's VMs, by VM and window; the parts of different sensors are added up.</summary>
internal sealed class ReportTable
{
    private readonly Dictionary<(VmId Vm, Window Window), WindowReport> reports = [];

    public ReportTable(TrafficView view)
    {
        Vms = [.. view.Vms.Distinct().Order()];
        var known = view.Vms.ToHashSet();
        foreach (var report in view.Reports.Where(report => known.Contains(report.Vm)))
        {
            var key = (report.Vm, report.Window);
            reports[key] = reports.TryGetValue(key, out var other) ? SensorPart.Sum([other, report]) : report;
        }
    }

    /// <summary>The application's VMs, in order.</summary>
    public ImmutableArray<VmId> Vms { get; }

    /// <summary>The newest window of which there is a report; null if there is none.</summary>
    public Window? Newest => reports.Count == 0 ? null : reports.Keys.Max(key => key.Window);

    /// <summary>What a VM reported of a window; null if it is silent.</summary>
    public WindowReport? Find(VmId vm, Window window) => reports.GetValueOrDefault((vm, window));

    /// <summary>The VMs that have not reported a window, in order.</summary>
    public ImmutableArray<VmId> MissingIn(Window window) => [.. Vms.Where(vm => Find(vm, window) is null)];
}
