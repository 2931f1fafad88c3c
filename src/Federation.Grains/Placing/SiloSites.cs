using Federation.Domain.Identity;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Federation.Grains.Placing;

/// <summary>Which silos are of which site, as the silos themselves say in their metadata.</summary>
/// <remarks>
/// In a federation each silo has a site, and a site lives on its own silos only. Where no silo has one, it is the embedded service, and
/// every silo serves every site.
/// </remarks>
/// <param name="metadata">What silos say of themselves; a silo that has just joined may not have been heard yet.</param>
/// <param name="silos">The silos that take part.</param>
/// <param name="own">The site of this silo.</param>
public sealed class SiloSites(ISiloMetadataCache metadata, ISiloStatusOracle silos, OwnSite own)
{
    /// <summary>The name under which a silo tells its site.</summary>
    public const string MetadataKey = "federation.site";

    /// <summary>The site that a grain belongs to, by its key.</summary>
    public static SiteId SiteOf(GrainId grain)
    {
        var key = grain.Key.ToString()!;
        return new(key.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? key[..slash] : key);
    }

    /// <summary>Of some silos, those that may host a site's grains.</summary>
    public IReadOnlyList<SiloAddress> Hosting(SiteId site, IEnumerable<SiloAddress> candidates)
    {
        var sites = candidates.Select(silo => (silo, site: SiteOf(silo))).ToList();
        var isFederation = own.Site is not null || sites.Exists(entry => entry.site is { Length: > 0 });
        return [.. sites.Where(entry => entry.site == (isFederation ? site.Value : "")).Select(entry => entry.silo)];
    }

    /// <summary>Whether no silo that takes part may host a site's grains.</summary>
    public bool IsOffline(SiteId site) => Hosting(site, silos.GetActiveSilos()).Count == 0;

    // A silo knows itself before its own metadata comes round.
    private string? SiteOf(SiloAddress silo) =>
        silo.Equals(silos.SiloAddress) ? own.Site?.Value ?? "" : metadata.GetSiloMetadata(silo).Metadata.GetValueOrDefault(MetadataKey);
}

/// <summary>The site of a silo; null: it is the embedded service, which serves every site.</summary>
public sealed record OwnSite(SiteId? Site);
