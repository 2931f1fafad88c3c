using Orleans.Placement;

namespace Federation.Grains.Placing;

/// <summary>Keeps a grain on the silos of the site that its key begins with: <c>rennes</c>, or <c>rennes/what belongs to it</c>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SitePlacementAttribute() : PlacementFilterAttribute(new SitePlacement());

/// <summary>The strategy behind <see cref="SitePlacementAttribute"/>.</summary>
public sealed class SitePlacement() : PlacementFilterStrategy(order: 0);
