using System.Collections.Immutable;
using Federation.Contracts.Access;
using Federation.Domain;
using Federation.Domain.Access;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Sites;

namespace Federation.Contracts;

/// <summary>The directory of sites and applications, and who is to look when a site changes.</summary>
[Alias("Federation.IFederationGrain")]
public interface IFederationGrain : IGrainWithIntegerKey
{
    /// <summary>Takes a site into the directory; a no if it does not fit the others (its currency).</summary>
    [Alias("RegisterSite")]
    Task<Verdict> RegisterSite(SiteId site, string currency);

    /// <summary>Takes a site out of the directory. With the last one the currency is free again: the next first site chooses it.</summary>
    [Alias("RemoveSite")]
    Task<SiteRemoval> RemoveSite(SiteId site);

    /// <summary>Keeps what a site says of itself, for the time when it is offline.</summary>
    [Alias("Describe")]
    Task Describe(Site site);

    /// <summary>What a site last said of itself; null if it never did.</summary>
    [OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor)]
    [Alias("Description")]
    Task<Site?> Description(SiteId site);

    /// <summary>Makes the applications that a site's change can touch look at their placement.</summary>
    /// <param name="impact">What has changed.</param>
    /// <param name="occupants">Those that have VMs there.</param>
    [Alias("SiteChanged")]
    Task SiteChanged(SiteImpact impact, ImmutableArray<WantedLook> occupants);

    /// <summary>Takes an application into the directory.</summary>
    /// <param name="application">The application.</param>
    /// <param name="needs">What sites can be of use to it; null: not known, so any can.</param>
    [Alias("RegisterApplication")]
    Task RegisterApplication(AppId application, ApplicationNeeds? needs);

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

    /// <summary>The other applications on its network, of any tenant, that have an address of an application, each with the least such address; few of many.</summary>
    /// <param name="application">The application.</param>
    /// <param name="needs">What it is, or would be.</param>
    [Alias("SharingAddresses")]
    Task<ImmutableArray<SharedAddress>> SharingAddresses(AppId application, ApplicationNeeds needs);

    /// <summary>The applications of a name, one a tenant at most.</summary>
    [Alias("ApplicationsNamed")]
    Task<ImmutableArray<AppId>> ApplicationsNamed(string name);
}

/// <summary>An address that two applications have.</summary>
/// <param name="Other">The other application.</param>
/// <param name="Address">The address.</param>
[GenerateSerializer, Immutable, Alias("Federation.SharedAddress")]
public sealed record SharedAddress([property: Id(0)] AppId Other, [property: Id(1)] Address Address);
