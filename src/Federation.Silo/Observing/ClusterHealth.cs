using Federation.Contracts;
using Federation.Contracts.Access;
using Federation.Domain.Access;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Federation.Silo.Observing;

/// <summary>Whether a grain can be called.</summary>
public sealed class ClusterHealth(IGrainFactory grains) : IHealthCheck
{
    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        CallerContext.Current = Caller.Service;
        var sites = await grains.Federation().Sites().WaitAsync(TimeSpan.FromSeconds(5), cancellationToken);
        return HealthCheckResult.Healthy($"{sites.Length} sites");
    }
}
