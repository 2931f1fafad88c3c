using System.Diagnostics.Metrics;
using Federation.Domain.Clocks;
using Federation.Grains;

namespace Federation.Silo.Observing;

/// <summary>Notices when this silo's clock is set, and says so in the log, in the event log and as a figure.</summary>
/// <remarks>
/// Nothing is mended here: windows ahead of the clock wait aside, and what is counted by the clock bears that it is set. But whoever looks for
/// why something came early or late has to find it.
/// </remarks>
internal sealed partial class ClockWatch : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    // NTP slews less than 1 ms/s; a process that was frozen has not jumped, as both clocks went on.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    private readonly TimeProvider clock;
    private readonly EventRecorder events;
    private readonly ILogger<ClockWatch> log;
    private readonly string silo;
    private readonly Counter<long> jumps;
    private readonly Queue<string> unrecorded = new();

    public ClockWatch(TimeProvider clock, EventRecorder events, IMeterFactory meters, ILocalSiloDetails silo, ILogger<ClockWatch> log)
    {
        (this.clock, this.events, this.log, this.silo) = (clock, events, log, $"{silo.SiloAddress}");
        jumps = meters.Create(ServiceMetrics.MeterName).CreateCounter<long>("federation.clock.jumps", "{jump}", "How often this silo's clock was set by more than a second");
        // There from the start, so that a rate over the first one is no gap.
        jumps.Add(0);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var last = Now();
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            (var before, last) = (last, Now());
            if (before.StepTo(last, Tolerance) is var step && step != TimeSpan.Zero)
            {
                Jumped(step, last.Wall);
            }

            await Record();
        }
    }

    private void Jumped(TimeSpan step, DateTimeOffset now)
    {
        jumps.Add(1);
        LogJumped(silo, step, now);
        unrecorded.Enqueue($"the clock of silo {silo} was set {(step > TimeSpan.Zero ? "forward" : "back")} by {step.Duration():c} and says {now.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}");
    }

    // Where the database is away, at one of the next looks.
    private async Task Record()
    {
        while (unrecorded.TryPeek(out var text))
        {
            try
            {
                await events.Record("clock.jumped", text);
            }
            catch (Exception fault)
            {
                LogUnrecorded(fault);
                return;
            }

            unrecorded.Dequeue();
        }
    }

    private ClockReading Now() => new(clock.GetUtcNow(), clock.GetElapsedTime(0));

    [LoggerMessage(4020, LogLevel.Warning, "The clock of silo {Silo} was set by {Step}, and says {Now} now")]
    private partial void LogJumped(string silo, TimeSpan step, DateTimeOffset now);

    [LoggerMessage(4021, LogLevel.Warning, "That the clock was set is not in the event log yet")]
    private partial void LogUnrecorded(Exception fault);
}
