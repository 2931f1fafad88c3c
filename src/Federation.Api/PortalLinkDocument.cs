namespace Federation.Api;

/// <summary>A link that signs somebody in at the portal, once.</summary>
/// <param name="Address">Where to go with a browser. Whoever goes there first is signed in.</param>
/// <param name="Until">Until when it is good.</param>
public sealed record PortalLinkDocument(string Address, DateTimeOffset Until);
