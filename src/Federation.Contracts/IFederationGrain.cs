using System.Collections.Immutable;
using Federation.Contracts.Access;
using Federation.Domain;
using Federation.Domain.Access;
using Federation.Domain.Identity;
using Federation.Domain.Sites;

namespace Federation.Contracts;

/// <summary>The directory of sites and applications, and the view of all sites that planners take.</summary>
[Alias("Federation.IFederationGrain")]
public interface IFederationGrain : IGrainWithIntegerKey
{
    /// <summary>Takes a site into the directory; a no if it does not fit the others (its currency).</summary>
    [Alias("RegisterSite")]
    Task<Verdict> RegisterSite(SiteId site, string currency);

    /// <summary>Keeps what a site says of itself, for the time when it is offline.</summary>
    [Alias("Describe")]
    Task Describe(Site site);

    /// <summary>What a site last said of itself; null if it never did.</summary>
    [OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor)]
    [Alias("Description")]
    Task<Site?> Description(SiteId site);

    /// <summary>Tells every application that a site's description has changed.</summary>
    [Alias("SiteChanged")]
    Task SiteChanged(SiteId site);

    /// <summary>Takes an application into the directory.</summary>
    [Alias("RegisterApplication")]
    Task RegisterApplication(AppId application);

    /// <summary>Takes an application out of the directory.</summary>
    [Alias("RemoveApplication")]
    Task RemoveApplication(AppId application);

    /// <summary>The sites, by name.</summary>
    [OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor)]
    [Alias("Sites")]
    Task<ImmutableArray<SiteId>> Sites();

    /// <summary>The applications that the caller sees, by name.</summary>
    [OpenTo(Role.Tenant, Role.Auditor)]
    [Alias("Applications")]
    Task<ImmutableArray<AppId>> Applications();

    /// <summary>The applications of a name, one a tenant at most.</summary>
    [Alias("ApplicationsNamed")]
    Task<ImmutableArray<AppId>> ApplicationsNamed(string name);

    /// <summary>Every site, with what others than an application have of it. One that is offline is as it last described itself.</summary>
    [Alias("View")]
    Task<ImmutableArray<SiteView>> View(AppId application);
}
