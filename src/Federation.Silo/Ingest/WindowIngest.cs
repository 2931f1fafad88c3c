using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;
using Federation.Domain.Traffic;
using Federation.Grains.Access;
using Federation.Silo.Observing;
using Federation.Silo.Outages;
using Federation.Silo.Settings;
using Microsoft.Extensions.Options;

namespace Federation.Silo.Ingest;

/// <summary>Takes a sensor's windows to the applications that they belong to, in one call each. Knows nothing of HTTP.</summary>
internal sealed partial class WindowIngest(
    IGrainFactory grains, SensorBudgets budgets, ServiceMetrics metrics, TimeProvider clock, IOptions<ServiceOptions> options, ILogger<WindowIngest> log)
{
    /// <summary>Takes a batch; what is wrong with one window does not stop its neighbours. What is answered as taken is never lost.</summary>
    /// <remarks>Who sends it is told to the grains by the call's context.</remarks>
    /// <param name="parsed">The batch.</param>
    /// <param name="budget">Whose budget it is taken from.</param>
    public async Task<IngestResult> Take(ParsedBatch parsed, BudgetKey budget)
    {
        var batch = parsed.Batch;
        var reading = WindowBatchReading.Of(parsed);
        if (!reading.Faults.IsEmpty)
        {
            return new IngestResult.Unreadable(reading.Faults);
        }

        if (budgets.Spend(budget, reading.Reports.Length + reading.Refused.Length) is { } delay)
        {
            return new IngestResult.OverBudget(delay);
        }

        try
        {
            var now = clock.GetUtcNow();
            return ResultOf(reading, await Take(batch, reading, now), now);
        }
        catch (Exception away) when (Outage.KindOf(away) is { } outage)
        {
            LogAway(away.Message);
            return new IngestResult.Away(outage);
        }
    }

    // What became of each report, in their order.
    private async Task<WindowFate[]> Take(WindowBatch batch, WindowBatchReading reading, DateTimeOffset now)
    {
        var fates = new WindowFate[reading.Reports.Length];
        var byName = Enumerable.Range(0, fates.Length).GroupBy(place => reading.Reports[place].Application ?? reading.Application);
        await Task.WhenAll(byName.Select(async places =>
        {
            var application = await Whole(places.Key);
            foreach (var place in places)
            {
                fates[place] = new(default, application is null ? Refusal.ReportOfNoApplication(places.Key) : ReasonAgainst(reading.Reports[place].Report, now));
            }

            int[] sent = [.. places.Where(place => fates[place].Refusal is null)];
            if (sent.Length > 0)
            {
                SentWindow[] windows = [.. sent.Select(place => Sent(reading.Reports[place]))];
                var taken = await grains.Traffic(application!.Value).Take(new(batch.Sensor, batch.Boot, windows));
                foreach (var (place, fate) in sent.Zip(taken.Fates))
                {
                    fates[place] = fate;
                }
            }
        }));
        return fates;
    }

    // Sensors name an application as the service told them; people who replay a capture write its bare name.
    private async Task<AppId?> Whole(AppId named)
    {
        if (string.IsNullOrEmpty(named.Tenant.Value))
        {
            return await CallOrigin.AsService(() => grains.Federation().ApplicationsNamed(named.Name)) is [var only] ? only : null;
        }

        return named.IsWhole ? named : await CallOrigin.AsService(() => grains.Application(named).Identity());
    }

    private Refusal? ReasonAgainst(WindowReport report, DateTimeOffset now) =>
        report.Window.WindowsSince(Window.Newest(now)) > options.Value.WindowsAhead
            ? Refusal.ReportFromTheFuture($"{report.Window}", now, options.Value.WindowsAhead)
            : null;

    private static SentWindow Sent(NumberedReport numbered) =>
        new(numbered.Origin.Sequence, numbered.Report.Vm, PackedPart.Of(new(numbered.Origin.Sensor, numbered.Report)));

    private IngestResult ResultOf(WindowBatchReading reading, WindowFate[] fates, DateTimeOffset now)
    {
        if (OfAll(fates, RefusalCode.ReportOfNoApplication) is { } unknown)
        {
            return new IngestResult.NoApplication(unknown.Arguments.Application!.Value);
        }

        if ((OfAll(fates, RefusalCode.ReportUnderOtherName) ?? OfAll(fates, RefusalCode.ReportOfStranger)) is { } refusal)
        {
            return new IngestResult.Forbidden(refusal);
        }

        var refused = reading.Refused.AddRange(reading.Reports.Zip(fates).Where(entry => entry.Second.Refusal is not null).Select(
            entry => new RefusedWindow(entry.First.Report.Vm.Value, entry.First.Report.Window.ToString(), RefusalText.Of(entry.Second.Refusal!))));
        var answer = new WindowBatchAnswer
        {
            Accepted = fates.Count(fate => fate is { Refusal: null, Outcome: AppendOutcome.Stored }),
            Duplicates = fates.Count(fate => fate is { Refusal: null, Outcome: AppendOutcome.Duplicate }),
            Refused = refused,
            Now = now,
        };
        metrics.Windows(answer.Accepted, answer.Duplicates, answer.Refused.Length);
        return new IngestResult.Taken(answer);
    }

    // The first refusal if all windows are refused for the same reason: then it is the batch that is refused.
    private static Refusal? OfAll(WindowFate[] fates, RefusalCode code) =>
        Array.TrueForAll(fates, fate => fate.Refusal?.Code == code) ? fates.FirstOrDefault().Refusal : null;

    [LoggerMessage(4010, LogLevel.Warning, "Windows were turned away for now, and are not lost: {Reason}")]
    private partial void LogAway(string reason);
}

/// <summary>What became of a batch of windows.</summary>
internal abstract record IngestResult
{
    private IngestResult()
    {
    }

    /// <summary>It was taken, but for the windows that the answer names.</summary>
    public sealed record Taken(WindowBatchAnswer Answer) : IngestResult;

    /// <summary>It is no batch; every fault of it. Compared by reference.</summary>
    public sealed record Unreadable(ImmutableArray<string> Faults) : IngestResult;

    /// <summary>None of the applications that it names is there.</summary>
    public sealed record NoApplication(AppId Application) : IngestResult;

    /// <summary>Its sender may report none of its windows.</summary>
    public sealed record Forbidden(Refusal Refusal) : IngestResult;

    /// <summary>Its sensor has to wait so long before it may send as many windows.</summary>
    public sealed record OverBudget(TimeSpan Delay) : IngestResult;

    /// <summary>A part of the service is out: the same batch can be sent again later, and loses nothing.</summary>
    public sealed record Away(OutageKind Outage) : IngestResult;
}
