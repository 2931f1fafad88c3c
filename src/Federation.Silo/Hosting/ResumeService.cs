using Federation.Contracts;
using Federation.Contracts.Access;
using Federation.Domain.Access;

namespace Federation.Silo.Hosting;

/// <summary>Goes on, after a start, with what the end of the process before interrupted: plans, migrations, group detection.</summary>
public sealed partial class ResumeService(IGrainFactory grains, ILogger<ResumeService> log) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        CallerContext.Current = Caller.Service;
        foreach (var application in await grains.Federation().Applications())
        {
            try
            {
                await grains.Placement(application).Resume();
                await grains.Groups(application).CatchUp();
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                // One application's trouble must not keep the others waiting; its reminder tries again.
                LogResumeFailed(fault, application.Value);
            }
        }
    }

    [LoggerMessage(4001, LogLevel.Error, "Application {Application} could not go on after the start")]
    private partial void LogResumeFailed(Exception fault, string application);
}
