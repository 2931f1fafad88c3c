using System.Collections.Immutable;
using Federation.Domain.Applications;
using Federation.Domain.Sites;

namespace Federation.Grains;

/// <summary>The federation's sites as of some minutes ago: enough to weigh metrics by, without asking every site at each window's close.</summary>
internal sealed class SiteCache(SiteViews views, TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    private ImmutableArray<Site> sites = [];
    private long seenAt;

    /// <summary>The sites.</summary>
    /// <param name="application">For whom.</param>
    public async Task<ImmutableArray<Site>> Of(Application application)
    {
        if (sites.IsEmpty || clock.GetElapsedTime(seenAt) > Kept)
        {
            sites = [.. (await views.Of(application.Id, newest: false)).Select(view => view.Site)];
            seenAt = clock.GetTimestamp();
        }

        return sites;
    }
}
