using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Storage.Tests.Traffic;

/// <summary>What the traffic store says it does, in the plainest way: the oracle of the property test.</summary>
internal sealed class InMemoryTrafficStore
{
    private readonly List<SubmittedReport> stored = [];

    public AppendOutcome Append(SubmittedReport report)
    {
        if (stored.Any(old => old.Origin == report.Origin || SameWindow(old, report)))
        {
            return AppendOutcome.Duplicate;
        }

        stored.Add(report);
        return AppendOutcome.Stored;
    }

    public IEnumerable<WindowReport> Read(AppId application, Window first, Window last) => stored
        .Where(entry => entry.Application == application)
        .Select(entry => entry.Report)
        .Where(report => report.Window.Start >= first.Start && report.Window.Start <= last.Start)
        .GroupBy(report => (report.Window, report.Vm))
        .OrderBy(parts => parts.Key)
        .Select(parts => SensorPart.Sum([.. parts]));

    public IEnumerable<SensorPart> ReadParts(AppId application, Window first, Window last) => stored
        .Where(entry => entry.Application == application)
        .Where(entry => entry.Report.Window.Start >= first.Start && entry.Report.Window.Start <= last.Start)
        .OrderBy(entry => entry.Report.Window)
        .ThenBy(entry => entry.Report.Vm)
        .ThenBy(entry => entry.Origin.Sensor, StringComparer.Ordinal)
        .Select(entry => new SensorPart(entry.Origin.Sensor, entry.Report));

    public IEnumerable<SensorPart> ReadParts(AppId application, VmId vm, Window first, Window last) => stored
        .Where(entry => entry.Application == application && entry.Report.Vm == vm)
        .Where(entry => entry.Report.Window.Start >= first.Start && entry.Report.Window.Start <= last.Start)
        .OrderBy(entry => entry.Report.Window)
        .ThenBy(entry => entry.Origin.Sensor, StringComparer.Ordinal)
        .Select(entry => new SensorPart(entry.Origin.Sensor, entry.Report));

    public Window? Latest(AppId application, Window? notAfter)
    {
        var windows = stored.Where(entry => entry.Application == application).Select(entry => entry.Report.Window)
            .Where(window => notAfter is not { } last || window.CompareTo(last) <= 0).ToList();
        return windows.Count == 0 ? null : windows.Max();
    }

    public int DeleteBefore(AppId application, Window oldestKept) =>
        stored.RemoveAll(entry => entry.Application == application && entry.Report.Window.Start < oldestKept.Start);

    private static bool SameWindow(SubmittedReport a, SubmittedReport b) =>
        (a.Application, a.Report.Vm, a.Report.Window, a.Origin.Sensor) == (b.Application, b.Report.Vm, b.Report.Window, b.Origin.Sensor);
}
