using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace Federation.Grains.Placing;

/// <summary>Leaves, of the silos on which a grain could be, those of its site. None is left: the call fails.</summary>
public sealed class SitePlacementDirector(SiloSites sites) : IPlacementFilterDirector
{
    /// <inheritdoc/>
    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos) =>
        sites.Hosting(SiloSites.SiteOf(target.GrainIdentity), silos);
}

/// <summary>Leaves, of the silos on which a grain could be, those of its site, or all where there is none of its site.</summary>
public sealed class NearSitePlacementDirector(SiloSites sites) : IPlacementFilterDirector
{
    /// <inheritdoc/>
    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos)
    {
        var all = silos.ToList();
        return sites.Hosting(SiloSites.SiteOf(target.GrainIdentity), all) is { Count: > 0 } own ? own : all;
    }
}
