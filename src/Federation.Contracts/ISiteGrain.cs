using System.Collections.Immutable;
using Federation.Contracts.Access;
using Federation.Domain;
using Federation.Domain.Access;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Reconciling;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;

namespace Federation.Contracts;

/// <summary>One site: what it sells, and the ledger of who holds what. The authority over its capacity.</summary>
[Alias("Federation.ISiteGrain")]
public interface ISiteGrain : IGrainWithStringKey
{
    /// <summary>Makes or replaces the site's description; what is held stays held.</summary>
    [OpenTo(Role.SiteAdmin, OwnSite = true)]
    [Alias("Apply")]
    Task<SiteChange> Apply(Site site);

    /// <summary>The site and its ledger; null if nobody has described it yet.</summary>
    [OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor)]
    [Alias("Get")]
    Task<SiteStatus?> Get();

    /// <summary>The site, and what a tenant's applications but one occupy of it; null if nobody has described it yet.</summary>
    [Alias("View")]
    Task<SiteView?> View(TenantId tenant, AppId except);

    /// <summary>Keeps places for VMs for a time, all or none. Asking again under the same reservations prolongs them.</summary>
    [Alias("Reserve")]
    Task<Verdict> Reserve(ImmutableArray<Allocation> allocations);

    /// <summary>Keeps a reserved place for good, before its VM starts there; a no if the reservation has run out.</summary>
    [Alias("Confirm")]
    Task<Verdict> Confirm(VmRef vm, string reservation);

    /// <summary>Gives back all places of a reservation whose VMs have not arrived.</summary>
    [Alias("Cancel")]
    Task Cancel(string reservation);

    /// <summary>Notes that a VM, for which a place is kept, has arrived.</summary>
    [Alias("Arrive")]
    Task Arrive(VmRef vm);

    /// <summary>Notes that a VM begins to leave; a no if the policy lets no more go at this time.</summary>
    [Alias("BeginLeaving")]
    Task<Verdict> BeginLeaving(VmRef vm);

    /// <summary>Notes that a VM stays after all.</summary>
    [Alias("CancelLeaving")]
    Task CancelLeaving(VmRef vm);

    /// <summary>Gives VMs' places back.</summary>
    [Alias("Release")]
    Task Release(ImmutableArray<VmRef> vms);

    /// <summary>The places on its ledger as they are, those whose time is over too.</summary>
    [Alias("Places")]
    Task<ImmutableArray<PlaceLook>> Places();

    /// <summary>Does the repairs that are about places here, <see cref="Repair.FreePlace"/> and <see cref="Repair.KeepPlace"/>.</summary>
    [Alias("Repair")]
    Task Repair(ImmutableArray<Repair> repairs);

    /// <summary>Gives back every place of an incarnation of an application: reserved, confirmed or occupied.</summary>
    [Alias("ReleaseAll")]
    Task ReleaseAll(AppId application);
}

/// <summary>A site as it stands.</summary>
/// <param name="Site">Its description.</param>
/// <param name="Revision">Counts the description's changes from 1.</param>
/// <param name="Ledger">Who holds what.</param>
[GenerateSerializer, Immutable, Alias("Federation.SiteStatus")]
public sealed record SiteStatus([property: Id(0)] Site Site, [property: Id(1)] long Revision, [property: Id(2)] SiteLedger Ledger);

/// <summary>A site as a planner sees it.</summary>
/// <param name="Site">Its description.</param>
/// <param name="UsedByOthers">What the tenant's other applications occupy; nothing is known of it while the site is offline.</param>
/// <param name="IsOffline">Whether no silo of the site is in the federation: the description is the last that it gave.</param>
[GenerateSerializer, Immutable, Alias("Federation.SiteView")]
public sealed record SiteView(
    [property: Id(0)] Site Site, [property: Id(1)] Occupancy UsedByOthers, [property: Id(2)] bool IsOffline = false);

/// <summary>What applying a description did.</summary>
/// <param name="Revision">The revision now.</param>
/// <param name="Created">Whether it was the first.</param>
/// <param name="Changed">Whether anything is different from before.</param>
/// <param name="Refused">Why it was not taken; null if it was.</param>
[GenerateSerializer, Immutable, Alias("Federation.SiteChange")]
public sealed record SiteChange(
    [property: Id(0)] long Revision, [property: Id(1)] bool Created, [property: Id(2)] bool Changed, [property: Id(3)] Refusal? Refused = null);
