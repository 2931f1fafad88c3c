using Federation.Contracts;

namespace Federation.Grains.Placing;

/// <summary>Answers a call to a site that has no silo at once, with a <see cref="SiteOfflineException"/>.</summary>
public sealed class SiteCalls(SiloSites sites) : IOutgoingGrainCallFilter
{
    /// <inheritdoc/>
    public Task Invoke(IOutgoingGrainCallContext context) =>
        context.InterfaceMethod.DeclaringType == typeof(ISiteGrain) ? InvokeAtSite(context) : context.Invoke();

    private async Task InvokeAtSite(IOutgoingGrainCallContext context)
    {
        var site = SiloSites.SiteOf(context.TargetId);
        if (sites.IsOffline(site))
        {
            throw new SiteOfflineException(site);
        }

        try
        {
            await context.Invoke();
        }
        catch (OrleansException fault) when (HasNoPlace(fault) || sites.IsOffline(site))
        {
            throw new SiteOfflineException(site, fault);
        }
    }

    // Another silo, which places the grain, may know sooner than this one that the site has gone.
    private static bool HasNoPlace(OrleansException fault) => fault.Message.Contains("compatible", StringComparison.Ordinal);
}
