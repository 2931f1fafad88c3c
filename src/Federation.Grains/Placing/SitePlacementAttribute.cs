using Orleans.Placement;

namespace Federation.Grains.Placing;

/// <summary>Keeps a grain on the silos of the site that its key begins with: <c>rennes</c>, or <c>rennes/what belongs to it</c>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SitePlacementAttribute() : PlacementFilterAttribute(new SitePlacement());

/// <summary>The strategy behind <see cref="SitePlacementAttribute"/>.</summary>
public sealed class SitePlacement() : PlacementFilterStrategy(order: 0);

/// <summary>As <see cref="SitePlacementAttribute"/>, but while the site has no silo any silo will do: for what decides nothing for the site.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NearSitePlacementAttribute() : PlacementFilterAttribute(new NearSitePlacement());

/// <summary>The strategy behind <see cref="NearSitePlacementAttribute"/>.</summary>
public sealed class NearSitePlacement() : PlacementFilterStrategy(order: 0);
