using System.Collections.Immutable;
using Federation.Domain.Access;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Silo.Access;
using Federation.Silo.Http;
using Federation.Silo.Observing;
using Federation.Silo.Settings;
using Microsoft.Extensions.Options;

namespace Federation.Silo.Ingest;

/// <summary>Takes sensors' windows: into the traffic store first, then to the VMs, then the answer. What was answered is never lost.</summary>
internal sealed partial class WindowIngest(
    IGrainFactory grains, BatchReader reader, SensorBudgets budgets, RosterCache rosters, WindowDelivery delivery, ITrafficStore store, ServiceMetrics metrics, TimeProvider clock,
    IOptions<ServiceOptions> options, ILogger<WindowIngest> log)
{
    private static readonly TimeSpan WhileDatabaseIsAway = TimeSpan.FromSeconds(2);

    /// <summary>Takes a batch; what is wrong with one window does not stop its neighbours.</summary>
    public async Task<IResult> Take(HttpRequest request, CancellationToken cancel)
    {
        // Bodies are large when they are read: so many at once, and no more.
        using var turn = await reader.Enter(cancel);
        if (turn is null)
        {
            return Problems.Busy(request.HttpContext, "more batches are coming in than the service can take", TimeSpan.FromSeconds(1));
        }

        var (batch, refusal) = await reader.Read(request, cancel);
        return batch is null ? refusal! : await Take(batch, request.HttpContext, cancel);
    }

    private async Task<IResult> Take(WindowBatch batch, HttpContext context, CancellationToken cancel)
    {
        var reading = WindowBatchReading.Of(batch);
        if (!reading.Faults.IsEmpty)
        {
            return Problems.Bad(string.Join("; ", reading.Faults));
        }

        if (budgets.Spend(batch.Sensor, batch.Windows.Length) is { } delay)
        {
            return Problems.TooMany(context, $"sensor '{batch.Sensor}' sends more windows than it may", delay);
        }

        try
        {
            return await Take(batch.Sensor, reading, context.Caller().Sensor, cancel);
        }
        catch (Exception away) when (Outage.Is(away))
        {
            LogAway(away.Message);
            return Problems.Away(context, away, WhileDatabaseIsAway);
        }
    }

    private async Task<IResult> Take(string sensor, WindowBatchReading reading, SensorPost? identity, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var known = await rosters.Of(reading.Reports.Select(report => report.Application ?? reading.Application).Distinct());
        if (known.Count > 0 && known.Values.All(roster => roster is null))
        {
            return Problems.NotFound("application", $"{known.Keys.Min()}", Remedy.Applications);
        }

        var permission = await SensorPermission.Of(identity, sensor, VmsOf(reading, known), grains);
        if (permission.Refusal is { } refusal)
        {
            return Problems.Forbidden(refusal);
        }

        var taken = new List<SubmittedReport>(reading.Reports.Length);
        var refused = reading.Refused.ToBuilder();
        foreach (var numbered in reading.Reports)
        {
            var named = numbered.Application ?? reading.Application;
            if ((ReasonAgainst(numbered.Report, named, known[named]?.Vms, now) ?? permission.Against(known[named]!.Application, numbered.Report)) is { } reason)
            {
                refused.Add(new(numbered.Report.Vm.Value, numbered.Report.Window.ToString(), reason));
            }
            else
            {
                taken.Add(new(known[named]!.Application, numbered.Origin, numbered.Report));
            }
        }

        var outcomes = taken.Count == 0 ? [] : await store.Append(taken, cancel);
        await delivery.Tell(sensor, taken, outcomes);
        var answer = AnswerOf(outcomes, refused.ToImmutable(), now);
        metrics.Windows(answer.Accepted, answer.Duplicates, answer.Refused.Length);
        return Results.Json(answer, WindowBatchJson.Default.WindowBatchAnswer);
    }

    private static IEnumerable<VmRef> VmsOf(WindowBatchReading reading, Dictionary<AppId, KnownRoster?> known) =>
        from numbered in reading.Reports
        let roster = known[numbered.Application ?? reading.Application]
        where roster is not null && roster.Vms.Contains(numbered.Report.Vm.Value)
        select new VmRef(roster.Application, numbered.Report.Vm);

    private static WindowBatchAnswer AnswerOf(
        ImmutableArray<AppendOutcome> outcomes, ImmutableArray<RefusedWindow> refused, DateTimeOffset now) => new()
    {
        Accepted = outcomes.Count(outcome => outcome == AppendOutcome.Stored),
        Duplicates = outcomes.Count(outcome => outcome == AppendOutcome.Duplicate),
        Refused = refused,
        Now = now,
    };

    private string? ReasonAgainst(WindowReport report, AppId application, IReadOnlySet<string>? vms, DateTimeOffset now)
    {
        if (vms is null)
        {
            return $"there is no application '{application}'";
        }

        if (!vms.Contains(report.Vm.Value))
        {
            return $"application {application} has no VM '{report.Vm}'";
        }

        var tolerance = TimeSpan.FromSeconds(options.Value.ClockToleranceSeconds);
        return report.Window.End - tolerance > now
            ? $"the window from {report.Window} is from the future: it has not closed at {now.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}, check the sensor's clock"
            : null;
    }

    [LoggerMessage(4010, LogLevel.Warning, "Windows were turned away for now, and are not lost: {Reason}")]
    private partial void LogAway(string reason);
}
