using Federation.Contracts;
using Federation.Contracts.Access;
using Federation.Domain.Access;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Federation.Silo.Hosting;

/// <summary>Whether the service can answer: a grain call that needs the cluster and the database.</summary>
public sealed class ServiceHealth(IGrainFactory grains) : IHealthCheck
{
    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        CallerContext.Current = Caller.Service;
        var sites = await grains.Federation().Sites().WaitAsync(TimeSpan.FromSeconds(5), cancellationToken);
        return HealthCheckResult.Healthy($"{sites.Length} sites");
    }
}
