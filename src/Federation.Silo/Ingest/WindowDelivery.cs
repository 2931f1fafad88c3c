using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Silo.Ingest;

/// <summary>Tells the VMs and their applications of windows that the traffic store has.</summary>
internal sealed class WindowDelivery(IGrainFactory grains)
{
    /// <summary>Tells everybody whom a batch concerns.</summary>
    /// <remarks>
    /// Duplicates count too: the service may have ended between storing them and telling the VMs. What is told of them is only that they
    /// are there, since another report than this one may be the one that was stored.
    /// </remarks>
    public async Task Tell(string sensor, IReadOnlyList<SubmittedReport> reports, ImmutableArray<AppendOutcome> outcomes)
    {
        var byVm = reports.Zip(outcomes).GroupBy(entry => new VmRef(entry.First.Application, entry.First.Report.Vm));
        await Task.WhenAll(byVm.Select(vm => Tell(grains.Vm(vm.Key), sensor, [.. vm])));
        await Task.WhenAll(reports.GroupBy(report => report.Application).Select(
            application => grains.Application(application.Key).WindowsStored(Stored(application))));
    }

    private static async Task Tell(IVmGrain vm, string sensor, (SubmittedReport Submitted, AppendOutcome Outcome)[] entries)
    {
        var stored = entries.Where(entry => entry.Outcome == AppendOutcome.Stored)
            .Select(entry => PackedPart.Of(new(sensor, entry.Submitted.Report))).ToArray();
        if (stored.Length > 0)
        {
            await vm.Take(new(stored));
        }

        var known = entries.Where(entry => entry.Outcome == AppendOutcome.Duplicate)
            .Select(entry => PackedPart.NumberOf(entry.Submitted.Report.Window)).ToArray();
        if (known.Length > 0)
        {
            await vm.Recall(sensor, known);
        }
    }

    private static StoredWindows Stored(IEnumerable<SubmittedReport> reports)
    {
        var windows = reports.GroupBy(report => PackedPart.NumberOf(report.Report.Window)).OrderBy(window => window.Key).ToArray();
        return new(
            [.. windows.Select(window => window.Key)],
            [.. windows.Select(window => window.Select(report => report.Report.Vm.Value).Distinct().ToArray())]);
    }
}
