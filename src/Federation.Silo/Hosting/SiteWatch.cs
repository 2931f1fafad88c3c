using System.Threading.Channels;
using Federation.Contracts;
using Federation.Grains.Access;
using Federation.Grains.Placing;

namespace Federation.Silo.Hosting;

/// <summary>Looks which sites have no silo, whenever a silo comes or goes and every few seconds, and keeps it for what this silo shows.</summary>
/// <remarks>Every silo of a federation does, so that it is done as long as there is one; the event log is told by one grain.</remarks>
public sealed partial class SiteWatch(IGrainFactory grains, ISiloStatusOracle silos, LostSites lost, TimeProvider clock, ILogger<SiteWatch> log)
    : BackgroundService, ISiloStatusListener
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly Channel<bool> changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <inheritdoc/>
    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status) => changes.Writer.TryWrite(true);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        CallOrigin.Current = CallOrigin.Service;
        silos.SubscribeToSiloStatusEvents(this);
        using var timer = new PeriodicTimer(Every, clock);
        var tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
        var change = changes.Reader.WaitToReadAsync(stoppingToken).AsTask();
        while (!stoppingToken.IsCancellationRequested)
        {
            await Look();
            var first = await Task.WhenAny(tick, change);
            await first;
            if (first == change)
            {
                changes.Reader.TryRead(out _);
                change = changes.Reader.WaitToReadAsync(stoppingToken).AsTask();
            }
            else
            {
                tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
            }
        }
    }

    private async Task Look()
    {
        try
        {
            lost.Keep(await grains.SiteWatch().Look());
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // The silo that hosted the watch may be the one that has gone, or the database is away: the next look comes soon.
            LogLookFailed(fault);
        }
    }

    [LoggerMessage(4060, LogLevel.Warning, "Nobody could look which sites have a silo; it is tried again")]
    private partial void LogLookFailed(Exception fault);
}
