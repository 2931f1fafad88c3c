using System.Threading.Channels;
using Federation.Contracts;
using Federation.Grains.Access;

namespace Federation.Silo.Hosting;

/// <summary>
/// Goes on with what an end interrupted, of this process before it started or of another silo: plans, migrations, group detection.
/// </summary>
/// <remarks>A grain that a lost silo hosted comes back when it is called, and not before: somebody has to call those that were at work.</remarks>
public sealed partial class ResumeService(IGrainFactory grains, ISiloStatusOracle silos, TimeProvider clock, ILogger<ResumeService> log)
    : BackgroundService, ISiloStatusListener
{
    private const int MostTries = 6;
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);

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

            // Just after a silo was lost, calls fail that find others of its grains.
            for (var (tries, pause) = (1, First); !await ResumeAll() && tries < MostTries; tries++, pause *= 2)
            {
                await Task.Delay(pause, clock, stoppingToken);
            }
        }
    }

    // False: something could not go on. Once it is given up, reminders try again.
    private async Task<bool> ResumeAll()
    {
        try
        {
            var isAll = true;
            foreach (var application in await grains.Federation().Applications())
            {
                isAll &= await Resume(application);
            }

            await grains.Reconciler().Start();
            return isAll;
        }
        catch (Exception fault)
        {
            LogResumeFailed(fault, "(all)");
            return false;
        }
    }

    private async Task<bool> Resume(Domain.Identity.AppId application)
    {
        try
        {
            await grains.Application(application).Resume();
            await grains.Placement(application).Resume();
            await grains.Groups(application).CatchUp();
            return true;
        }
        catch (Exception fault)
        {
            // One application's trouble must not keep the others waiting.
            LogResumeFailed(fault, application.Key);
            return false;
        }
    }

    [LoggerMessage(4001, LogLevel.Error, "Application {Application} could not go on")]
    private partial void LogResumeFailed(Exception fault, string application);

    [LoggerMessage(4002, LogLevel.Warning, "Silo {Silo} is dead: what it was at goes on elsewhere")]
    private partial void LogLost(SiloAddress silo);
}
