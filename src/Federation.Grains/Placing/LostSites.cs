using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Identity;

namespace Federation.Grains.Placing;

/// <summary>A silo's own copy of which sites have no silo, and since when: what is shown of VMs there says so without asking anybody. For all threads.</summary>
public sealed class LostSites
{
    private volatile ImmutableSortedDictionary<SiteId, DateTimeOffset> lost = ImmutableSortedDictionary<SiteId, DateTimeOffset>.Empty;

    /// <summary>Since when a site has none; null: it has one, or it was lost a moment ago.</summary>
    public DateTimeOffset? Since(SiteId site) => lost.TryGetValue(site, out var since) ? since : null;

    /// <summary>Replaces what is known.</summary>
    public void Keep(IEnumerable<LostSite> sites) => lost = sites.ToImmutableSortedDictionary(site => site.Site, site => site.Since);
}
