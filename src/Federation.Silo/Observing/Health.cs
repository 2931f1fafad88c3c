using Federation.Contracts;
using Federation.Files.Feeds;
using Federation.Grains.Access;
using Federation.Silo.Outages;
using Federation.Silo.Policies;
using Federation.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Federation.Silo.Observing;

/// <summary>Health, for service managers, balancers and people.</summary>
internal static class HealthRoutes
{
    private const string Ready = "ready";

    public static void AddHealth(this IServiceCollection services) => services
        .AddSingleton<ClusterHealth>().AddSingleton<DatabaseHealth>().AddSingleton<RecentOutages>()
        .AddHealthChecks()
        .AddCheck<ClusterHealth>("cluster", tags: [Ready])
        .AddCheck<DatabaseHealth>("database", tags: [Ready])
        // The service works on without these, on what it knows.
        .AddCheck<SiteFilesHealth>("site files")
        .AddCheck<FeedsHealth>("price feeds");

    /// <summary>Open to all: they tell what is up and what is down, in the words of the API, and nothing of where it is.</summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks("/health/live", new() { Predicate = _ => false }).AllowAnonymous();
        app.MapHealthChecks("/health/ready", new() { Predicate = check => check.Tags.Contains(Ready), ResponseWriter = WriteWords }).AllowAnonymous();
        app.MapHealthChecks("/health/dependencies", new()
        {
            ResponseWriter = (context, report) => context.Response.WriteAsJsonAsync(
                report.Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Status.ToString().ToLowerInvariant())),
        }).AllowAnonymous();
    }

    private static Task WriteWords(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        var wrong = report.Entries.Where(entry => entry.Value.Status == HealthStatus.Unhealthy).Select(entry => $"{entry.Key}: {entry.Value.Description}");
        return context.Response.WriteAsync(string.Join('\n', [$"{report.Status}", .. wrong]));
    }
}

/// <summary>Whether a grain can be called.</summary>
internal sealed class ClusterHealth(IGrainFactory grains, TimeProvider clock) : IHealthCheck
{
    private readonly SteadyCheck check = new(
        async _ =>
        {
            CallOrigin.Current = CallOrigin.Service;
            await grains.Federation().Sites();
        },
        clock);

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        HealthWords.Of(await check.Fault());
}

/// <summary>Whether the database can be written.</summary>
internal sealed class DatabaseHealth(FederationDatabase database, ILocalSiloDetails silo, RecentOutages recent, TimeProvider clock) : IHealthCheck
{
    private readonly SteadyCheck check = new(
        cancel => database.Heartbeat.Beat($"{silo.SiloAddress.Endpoint}", clock.GetUtcNow(), cancel), clock);

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        // A row that replaces another one may find room where what is new finds none.
        recent.DiskIsFull ? HealthWords.Of(OutageKind.Disk) : HealthWords.Of(await check.Fault());
}

/// <summary>What a check says of what it found.</summary>
internal static class HealthWords
{
    /// <summary>Of what a look has thrown; null: nothing is wrong.</summary>
    public static HealthCheckResult Of(Exception? fault) => fault is null ? HealthCheckResult.Healthy()
        : Outage.KindOf(fault) is { } outage ? Of(outage)
        : HealthCheckResult.Unhealthy("it fails, the service's log says more", fault);

    /// <summary>Of what is out.</summary>
    public static HealthCheckResult Of(OutageKind outage) => HealthCheckResult.Unhealthy(OutageWords.Of(outage).Detail);
}

/// <summary>Whether the site files that are there are those that are in force.</summary>
internal sealed class SiteFilesHealth(SiteFolderStatus folder) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(folder.Fault is { } fault ? HealthCheckResult.Degraded(fault) : HealthCheckResult.Healthy());
}

/// <summary>Whether all price feeds can be had.</summary>
internal sealed class FeedsHealth(RemoteFeeds feeds) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(feeds.Failing is { Count: > 0 } failing
            ? HealthCheckResult.Degraded(string.Join("; ", failing.Select(feed => $"{feed.Key}: {feed.Value}")))
            : HealthCheckResult.Healthy());
}
