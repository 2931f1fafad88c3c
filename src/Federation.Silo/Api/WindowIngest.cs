using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Silo.Hosting;
using Microsoft.Extensions.Options;

namespace Federation.Silo.Api;

/// <summary>Takes sensors' windows: into the traffic store first, then to the VMs, then the answer. What was answered is never lost.</summary>
internal sealed class WindowIngest(IGrainFactory grains, ITrafficStore store, TimeProvider clock, IOptions<ServiceOptions> options)
{
    /// <summary>Takes a batch; what is wrong with one window does not stop its neighbours.</summary>
    public async Task<IResult> Take(WindowBatch batch, CancellationToken cancel)
    {
        var reading = WindowBatchReading.Of(batch);
        if (!reading.Faults.IsEmpty)
        {
            return Problems.Bad(string.Join("; ", reading.Faults));
        }

        if (await grains.Application(reading.Application).Get() is not { } status)
        {
            return Problems.NotFound("application", reading.Application.Value, ApplicationRoutes.Remedy);
        }

        var known = status.Application.Vms.Select(vm => vm.Id).ToHashSet();
        var now = clock.GetUtcNow();
        var checkedReports = reading.Reports.Select(numbered => (numbered, Reason: ReasonAgainst(numbered.Report, known, now, reading.Application))).ToList();
        var taken = checkedReports.Where(entry => entry.Reason is null).Select(entry => entry.numbered).ToList();
        var outcomes = taken.Count == 0 ? [] : await store.Append(
            [.. taken.Select(numbered => new SubmittedReport(reading.Application, numbered.Origin, numbered.Report))], cancel);

        // Duplicates go on too: the service may have ended between storing them and telling the VMs.
        await Tell(reading.Application, [.. taken.Select(numbered => new SensorPart(numbered.Origin.Sensor, numbered.Report))]);
        var refused = checkedReports.Where(entry => entry.Reason is not null)
            .Select(entry => new RefusedWindow(entry.numbered.Report.Vm.Value, entry.numbered.Report.Window.ToString(), entry.Reason!));
        return Results.Ok(new WindowBatchAnswer
        {
            Accepted = outcomes.Count(outcome => outcome == AppendOutcome.Stored),
            Duplicates = outcomes.Count(outcome => outcome == AppendOutcome.Duplicate),
            Refused = [.. reading.Refused, .. refused],
            Now = now,
        });
    }

    private string? ReasonAgainst(WindowReport report, HashSet<VmId> known, DateTimeOffset now, AppId application)
    {
        if (!known.Contains(report.Vm))
        {
            return $"application {application} has no VM '{report.Vm}'";
        }

        var tolerance = TimeSpan.FromSeconds(options.Value.ClockToleranceSeconds);
        return report.Window.End - tolerance > now
            ? $"the window from {report.Window} is from the future: it has not closed at {now.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}, check the sensor's clock"
            : null;
    }

    private async Task Tell(AppId application, ImmutableArray<SensorPart> parts)
    {
        if (parts.IsEmpty)
        {
            return;
        }

        await Task.WhenAll(parts.GroupBy(part => part.Report.Vm).Select(
            vm => grains.Vm(new(application, vm.Key)).Take([.. vm.OrderBy(part => part.Report.Window)])));
        await grains.Application(application).WindowsStored([.. parts.Select(part => part.Report.Window).Distinct().Order()]);
    }
}
