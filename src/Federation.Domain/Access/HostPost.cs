using Federation.Domain.Applications;
using Federation.Domain.Identity;

namespace Federation.Domain.Access;

/// <summary>A host, as its agent stands for it.</summary>
/// <param name="Site">The host's site.</param>
/// <param name="Host">Its name, unique at the site.</param>
public sealed record HostPost(SiteId Site, string Host)
{
    /// <summary>The host as a place of VMs.</summary>
    public HostPlace Place => new(Site, Host);

    /// <summary>As <c>rennes/host1</c>.</summary>
    public override string ToString() => $"{Place}";
}
