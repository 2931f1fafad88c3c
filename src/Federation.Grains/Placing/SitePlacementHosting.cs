using Federation.Domain.Identity;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Federation.Grains.Placing;

/// <summary>Makes a silo one of a site.</summary>
public static class SitePlacementHosting
{
    /// <summary>Tells the cluster the silo's site, and keeps every site's grains on its own silos.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="site">Its site; null: it serves every site, alone.</param>
    public static ISiloBuilder UseSite(this ISiloBuilder silo, SiteId? site)
    {
        silo.UseSiloMetadata(new Dictionary<string, string> { [SiloSites.MetadataKey] = site?.Value ?? "" });
        silo.Services.AddSingleton(new OwnSite(site)).AddSingleton<SiloSites>().AddSingleton<LostSites>();
        silo.Services.AddPlacementFilter<SitePlacement, SitePlacementDirector>(ServiceLifetime.Singleton);
        silo.Services.AddPlacementFilter<NearSitePlacement, NearSitePlacementDirector>(ServiceLifetime.Singleton);
        silo.Services.AddSingleton<IOutgoingGrainCallFilter, SiteCalls>();
        return silo;
    }
}
