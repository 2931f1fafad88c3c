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

    /// <summary>Why a host that has an agent cannot be called so; null if it can.</summary>
    public static string? FaultOf(string host) => SensorName.FaultOfHost(host)
        ?? (host is "." or ".." or "self" ? $"host '{host}' is no name for a host that has an agent: addresses mean something else by it; choose another one" : null);

    /// <summary>As <c>rennes/host1</c>.</summary>
    public override string ToString() => $"{Place}";
}
