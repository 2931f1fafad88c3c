using Federation.Contracts;
using Federation.Domain.Audit;
using Federation.Files.Feeds;
using Federation.Grains.Access;
using Federation.Silo.Policies;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Federation.Silo.Observing;

/// <summary>Health, for service managers, balancers and people.</summary>
internal static class HealthRoutes
{
    private const string Ready = "ready";

    public static void AddHealth(this IServiceCollection services) => services.AddHealthChecks()
        .AddCheck<ClusterHealth>("cluster", tags: [Ready])
        .AddCheck<DatabaseHealth>("database", tags: [Ready])
        // The service works on without these, on what it knows.
        .AddCheck<SiteFilesHealth>("site files")
        .AddCheck<FeedsHealth>("price feeds");

    /// <summary>Open to all: they tell what is up and what is down, and not why.</summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks("/health/live", new() { Predicate = _ => false }).AllowAnonymous();
        app.MapHealthChecks("/health/ready", new() { Predicate = check => check.Tags.Contains(Ready) }).AllowAnonymous();
        app.MapHealthChecks("/health/dependencies", new()
        {
            ResponseWriter = (context, report) => context.Response.WriteAsJsonAsync(
                report.Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Status.ToString().ToLowerInvariant())),
        }).AllowAnonymous();
    }
}

/// <summary>Whether a grain can be called.</summary>
public sealed class ClusterHealth(IGrainFactory grains) : IHealthCheck
{
    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        CallOrigin.Current = CallOrigin.Service;
        var sites = await grains.Federation().Sites().WaitAsync(TimeSpan.FromSeconds(5), cancellationToken);
        return HealthCheckResult.Healthy($"{sites.Length} sites");
    }
}

/// <summary>Whether the database answers.</summary>
internal sealed class DatabaseHealth(IAuditLog audit) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await audit.ReadAfter(long.MaxValue - 1, 1, cancellationToken);
        return HealthCheckResult.Healthy();
    }
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
