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
