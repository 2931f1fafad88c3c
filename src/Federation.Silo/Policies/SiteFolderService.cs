using Federation.Domain.Identity;
using Federation.Files.Feeds;
using Federation.Grains.Access;
using Federation.Silo.Auditing;
using Federation.Silo.Settings;
using Microsoft.Extensions.Options;

namespace Federation.Silo.Policies;

/// <summary>Adds what keeps site files in force.</summary>
internal static class SiteFolderHosting
{
    public static void AddSiteFolder(this IServiceCollection services)
    {
        services.AddOptions<SiteFolderOptions>().BindConfiguration("Federation:Sites").ValidateOnStart();
        services.AddSingleton<IValidateOptions<SiteFolderOptions>, SiteFolderOptionsValidator>();
        services.AddSingleton<SiteFolderStatus>();
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<SiteFolderOptions>>().Value;
            // An address is followed where it was written, and nowhere else.
            var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };
            return new RemoteFeeds(
                http,
                new() { Interval = TimeSpan.FromSeconds(options.FeedSeconds), StaleAfter = TimeSpan.FromSeconds(options.FeedStaleSeconds) },
                provider.GetRequiredService<TimeProvider>());
        });
        services.AddHostedService<SiteFolderService>();
    }
}

/// <summary>Looks at the folder of site files now and then.</summary>
/// <remarks>By looking, not by being told: changes of mounted and of network file systems are told by none.</remarks>
internal sealed partial class SiteFolderService(
    IOptions<SiteFolderOptions> options, IOptions<ServiceOptions> service, RemoteFeeds feeds,
    SiteFolderStatus status, IGrainFactory grains, AuditTrail audit, TimeProvider clock, ILogger<SiteFolderService> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.Folder.Length == 0)
        {
            return;
        }

        CallOrigin.Current = CallOrigin.Service;
        var folder = new SiteFolder(options.Value.Folder, service.Value.Site is { Length: > 0 } own ? new SiteId(own) : null, feeds, status, grains, audit, clock);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.LookSeconds), clock);
        do
        {
            try
            {
                await folder.Look(stoppingToken);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                // A file that is being written, a site that is offline, a database that is away: the next look may do.
                LogLookFailed(fault, options.Value.Folder);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(4020, LogLevel.Warning, "The site files in {Folder} could not be put into force; what was in force stays")]
    private partial void LogLookFailed(Exception fault, string folder);
}
