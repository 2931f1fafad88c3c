using Federation.Domain.Audit;
using Federation.Files.Feeds;
using Federation.Silo.Policies;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Federation.Silo.Observing;

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
