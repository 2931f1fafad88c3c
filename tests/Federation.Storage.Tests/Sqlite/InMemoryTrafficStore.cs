using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Storage.Tests.Sqlite;

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

    public IEnumerable<WindowReport> Read(AppId application, VmId? vm, Window first, Window last) => stored
        .Where(entry => entry.Application == application && (vm is null || entry.Report.Vm == vm))
        .Select(entry => entry.Report)
        .Where(report => report.Window.Start >= first.Start && report.Window.Start <= last.Start)
        .OrderBy(report => report.Window)
        .ThenBy(report => report.Vm);

    public Window? Latest(AppId application)
    {
        var windows = stored.Where(entry => entry.Application == application).Select(entry => entry.Report.Window).ToList();
        return windows.Count == 0 ? null : windows.Max();
    }

    public int DeleteBefore(AppId application, Window oldestKept) =>
        stored.RemoveAll(entry => entry.Application == application && entry.Report.Window.Start < oldestKept.Start);

    private static bool SameWindow(SubmittedReport a, SubmittedReport b) =>
        (a.Application, a.Report.Vm, a.Report.Window) == (b.Application, b.Report.Vm, b.Report.Window);
}
