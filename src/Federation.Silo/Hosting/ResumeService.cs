using System.Threading.Channels;
using Federation.Contracts;
using Federation.Grains.Access;

namespace Federation.Silo.Hosting;

/// <summary>
/// Goes on with what an end interrupted, of this process before it started or of another silo: plans, migrations, group detection.
/// </summary>
/// <remarks>A grain that a lost silo hosted comes back when it is called, and not before: somebody has to call those that were at work.</remarks>
public sealed partial class ResumeService(IGrainFactory grains, ISiloStatusOracle silos, ILogger<ResumeService> log)
    : BackgroundService, ISiloStatusListener
{
    // One entry is enough: whoever goes on goes on with everything.
    private readonly Channel<SiloAddress?> lost = Channel.CreateBounded<SiloAddress?>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <inheritdoc/>
    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status == SiloStatus.Dead)
        {
            lost.Writer.TryWrite(updatedSilo);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        CallOrigin.Current = CallOrigin.Service;
        silos.SubscribeToSiloStatusEvents(this);
        lost.Writer.TryWrite(null);
        await foreach (var silo in lost.Reader.ReadAllAsync(stoppingToken))
        {
            if (silo is not null)
            {
                LogLost(silo);
            }

            await ResumeAll();
        }
    }

    private async Task ResumeAll()
    {
        try
        {
            await grains.Reconciler().Start();
            foreach (var application in await grains.Federation().Applications())
            {
                await Resume(application);
            }
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            LogResumeFailed(fault, "(all)");
        }
    }

    private async Task Resume(Domain.Identity.AppId application)
    {
        try
        {
            await grains.Application(application).Resume();
            await grains.Placement(application).Resume();
            await grains.Groups(application).CatchUp();
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // One application's trouble must not keep the others waiting; its reminder tries again.
            LogResumeFailed(fault, application.Key);
        }
    }

    [LoggerMessage(4001, LogLevel.Error, "Application {Application} could not go on")]
    private partial void LogResumeFailed(Exception fault, string application);

    [LoggerMessage(4002, LogLevel.Warning, "Silo {Silo} is dead: what it was at goes on elsewhere")]
    private partial void LogLost(SiloAddress silo);
}
