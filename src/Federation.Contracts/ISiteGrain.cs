using System.Collections.Immutable;
using Federation.Contracts.Access;
using Federation.Domain;
using Federation.Domain.Access;
using Federation.Domain.Consolidation;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Reconciling;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Orleans.Concurrency;

namespace Federation.Contracts;

/// <summary>One site: what it sells, and the ledger of who holds what. The authority over its capacity.</summary>
[Alias("Federation.ISiteGrain")]
public interface ISiteGrain : IGrainWithStringKey
{
    /// <summary>Makes or replaces the site's description; what is held stays held.</summary>
    /// <param name="site">The description.</param>
    /// <param name="revision">The revision that it may replace, 0: none; another one is left as it is. Null: whichever is in force.</param>
    [OpenTo(Role.SiteAdmin, OwnSite = true, Changes = true)]
    [Alias("Apply")]
    Task<SiteChange> Apply(Site site, long? revision = null);

    /// <summary>
    /// Takes the site out of the federation. Refused while VMs are there or on their way there, or a plan that has not ended counts on it. A place
    /// that is asked for at the same moment is given and the deletion refused, or the site is gone and the place refused.
    /// </summary>
    [OpenTo(Role.SiteAdmin, OwnSite = true, Changes = true)]
    [Alias("Delete"), AlwaysInterleave]
    Task<SiteRemoval> Delete();

    /// <summary>The last part of <see cref="Delete"/>, after plans were looked at: what the site itself knows decides.</summary>
    [Alias("Close")]
    Task<SiteRemoval> Close();

    /// <summary>The site and of its ledger what the caller sees; null if nobody has described it yet.</summary>
    [OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor)]
    [Alias("Get")]
    Task<SiteStatus?> Get();

    /// <summary>The site as a whole: room, fragmentation, power and who has how much; null if nobody has described it yet.</summary>
    [OpenTo(Role.SiteAdmin, Role.Auditor, OwnSite = true)]
    [Alias("Figures")]
    Task<SiteFigures?> Figures();

    /// <summary>Which of its hosts could be emptied, and how, within what the owners of its VMs allow; changes nothing. Null if nobody has described it yet.</summary>
    /// <param name="within">Whether VMs are left at the site; false: a few may be tried at other sites, which takes its time.</param>
    [OpenTo(Role.SiteAdmin, Role.Auditor, OwnSite = true)]
    [Alias("Advise"), AlwaysInterleave]
    Task<SiteAdvice?> Advise(bool within);

    /// <summary>As <see cref="Advise"/>, and asks for a plan of each application of which something would move. Its owner decides about it.</summary>
    [OpenTo(Role.SiteAdmin, OwnSite = true, Changes = true)]
    [Alias("ProposeAdvice"), AlwaysInterleave]
    Task<SiteAdvice?> ProposeAdvice(bool within);

    /// <summary>The site and the sums of its ledger, for a silo that keeps a copy; null: the copy that it knows is as the site is.</summary>
    /// <param name="known">The stamp of the copy that it knows; empty: none.</param>
    [Alias("Copy"), AlwaysInterleave]
    Task<SiteCopy?> Copy(Guid known);

    /// <summary>
    /// The only door: looks at all that is the site's to decide now, and keeps places for VMs for a time, all or none. Asking again for the same
    /// reservations prolongs them.
    /// </summary>
    [Alias("Admit")]
    Task<Verdict> Admit(ImmutableArray<AdmissionRequest> requests);

    /// <summary>What <see cref="Admit"/> would say now; keeps nothing.</summary>
    [Alias("WouldAdmit")]
    Task<Verdict> WouldAdmit(ImmutableArray<AdmissionRequest> requests);

    /// <summary>Keeps a reserved place for good, before its VM starts there; a no if the reservation has run out.</summary>
    [Alias("Confirm")]
    Task<Verdict> Confirm(VmRef vm, ReservationId reservation);

    /// <summary>Notes that a VM, for which a place is confirmed, has arrived; a no if there is no such place.</summary>
    [Alias("Arrive")]
    Task<Verdict> Arrive(VmRef vm, ReservationId reservation);

    /// <summary>Gives back all places of a reservation whose VMs have not arrived.</summary>
    [Alias("Cancel")]
    Task Cancel(ReservationId reservation);

    /// <summary>Notes that a VM begins to leave by a migration; a no if the site does not let it go at this time.</summary>
    [Alias("BeginLeaving")]
    Task<Verdict> BeginLeaving(VmRef vm, MigrationId by);

    /// <summary>Notes that a VM stays after all; nothing happens if it does not leave by that migration.</summary>
    [Alias("CancelLeaving")]
    Task CancelLeaving(VmRef vm, MigrationId by);

    /// <summary>Gives the place of a VM back that has left by a migration; nothing happens if it does not leave by it.</summary>
    [Alias("Depart")]
    Task Depart(VmRef vm, MigrationId by);

    /// <summary>Gives back the places of VMs that run nowhere any more.</summary>
    [Alias("Release")]
    Task Release(ImmutableArray<VmRef> vms);

    /// <summary>The places on its ledger as they are, those whose time is over too, and who stands outside of the description.</summary>
    [Alias("Places")]
    Task<ImmutableArray<PlaceLook>> Places();

    /// <summary>Does the repairs that are about places here, <see cref="Repair.FreePlace"/> and <see cref="Repair.KeepPlace"/>.</summary>
    [Alias("Repair")]
    Task Repair(ImmutableArray<Repair> repairs);

    /// <summary>Gives back all that one incarnation of an application holds here, reserved places too.</summary>
    [Alias("ReleaseAll")]
    Task ReleaseAll(AppId application);

    /// <summary>
    /// A plan asks for the approval of what it would do here. Where the policy needs none: a yes, and nothing is noted. Otherwise where it
    /// stands: a yes once it was given. Asked again, nothing changes.
    /// </summary>
    [Alias("RequestApproval")]
    Task<Verdict> RequestApproval(PlanId plan, PlanAtSite does);

    /// <summary>Opens the door for what a plan would do here; a no where no plan asks for it any more.</summary>
    [OpenTo(Role.SiteAdmin, OwnSite = true, Changes = true)]
    [Alias("Approve")]
    Task<Verdict> Approve(PlanId plan);

    /// <summary>Shuts the door for a plan for good.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="reason">Why, for its owner; null: not said.</param>
    [OpenTo(Role.SiteAdmin, OwnSite = true, Changes = true)]
    [Alias("Reject")]
    Task<Verdict> Reject(PlanId plan, string? reason);

    /// <summary>Takes an approval back: what has not come yet does not come. Nothing given: nothing happens.</summary>
    [OpenTo(Role.SiteAdmin, OwnSite = true, Changes = true)]
    [Alias("WithdrawApproval")]
    Task WithdrawApproval(PlanId plan);

    /// <summary>The plans that want this site's approval, by plan, those decided or expired too.</summary>
    [OpenTo(Role.SiteAdmin, Role.Auditor, OwnSite = true)]
    [Alias("Approvals")]
    Task<ImmutableArray<SiteApproval>> Approvals();

    /// <summary>The plan has ended: nobody need decide.</summary>
    [Alias("DropApproval")]
    Task DropApproval(PlanId plan);

    /// <summary>Its hosts, by name, each with the VMs that have places on it; empty: it has none.</summary>
    [OpenTo(Role.SiteAdmin, Role.Auditor, OwnSite = true)]
    [Alias("Hosts")]
    Task<ImmutableArray<HostStatus>> Hosts();

    /// <summary>Lets no VM come to a host; those that are there stay.</summary>
    [OpenTo(Role.SiteAdmin, OwnSite = true, Changes = true)]
    [Alias("CordonHost")]
    Task<HostChange> CordonHost(string host);

    /// <summary>Lets VMs come to a host again: what was ordered of it is taken back, a fence too.</summary>
    [OpenTo(Role.SiteAdmin, OwnSite = true, Changes = true)]
    [Alias("UncordonHost")]
    Task<HostChange> UncordonHost(string host);

    /// <summary>
    /// Lets no VM come to a host and has those that are there leave, by a plan of each application: to other hosts of the site, else to other
    /// sites. Goes on until it is taken back, also with VMs that could not leave at first.
    /// </summary>
    [OpenTo(Role.SiteAdmin, OwnSite = true, Changes = true)]
    [Alias("DrainHost")]
    Task<HostChange> DrainHost(string host);

    /// <summary>Says that nothing runs on a host that is lost: its VMs are given up there, and may run elsewhere.</summary>
    [OpenTo(Role.SiteAdmin, OwnSite = true, Changes = true)]
    [Alias("FenceHost")]
    Task<HostChange> FenceHost(string host);

    /// <summary>Takes a host off the site; a no while VMs have places on it. Not there: nothing happens.</summary>
    [OpenTo(Role.SiteAdmin, OwnSite = true, Changes = true)]
    [Alias("RemoveHost")]
    Task<Verdict> RemoveHost(string host);

    /// <summary>Told by the mailbox of a host's agent how the host is. The first time the host joins the site.</summary>
    [Alias("HostReported")]
    Task HostReported(string host, HostReport report);

    /// <summary>The hosts that a VM has places on; null: it has none on any host.</summary>
    [Alias("HostOf"), AlwaysInterleave]
    Task<VmHosts?> HostOf(VmRef vm);

    /// <summary>What a host is good for; null: the site has none of this name.</summary>
    [Alias("HostState"), AlwaysInterleave]
    Task<HostState?> HostState(string host);

    /// <summary>How a host is reached by others on the overlay, as its agent told last; null: it is not on it, or the site has none of this name.</summary>
    [Alias("NetworkOf"), AlwaysInterleave]
    Task<HostNetwork?> NetworkOf(string host);

    /// <summary>The site's hosts that are gateways, by name.</summary>
    [Alias("Gateways"), AlwaysInterleave]
    Task<ImmutableArray<GatewayStatus>> Gateways();

    /// <summary>Notes that hosts have been silent for too long, and what is lost with fenced ones; asked by the site itself, in a turn of its own.</summary>
    [Alias("MissHosts")]
    Task MissHosts();

    /// <summary>Gives the place of a VM back that was lost with its host; asked by the site itself.</summary>
    [Alias("WriteOff")]
    Task WriteOff(VmRef vm);

    /// <summary>Notes what has become of VMs that are lost or have to leave a host; asked by the site itself.</summary>
    /// <param name="told">Those of whose loss their applications know.</param>
    /// <param name="asked">The plan that was asked for to empty a host; null: none was.</param>
    [Alias("NoteHosts")]
    Task NoteHosts(ImmutableArray<VmRef> told, DrainPlan? asked);
}

/// <summary>The hosts that a VM has places on.</summary>
/// <param name="Host">Where it is, or comes to from another site; null: nobody knows.</param>
/// <param name="NextHost">The host of the same site to which it moves; null: it moves to none.</param>
[GenerateSerializer, Immutable, Alias("Federation.VmHosts")]
public sealed record VmHosts([property: Id(0)] string? Host, [property: Id(1)] string? NextHost);

/// <summary>A host as it stands.</summary>
/// <param name="Host">What it is, and what was ordered of it.</param>
/// <param name="Used">What places take of it.</param>
/// <param name="Places">The places on it, those included to which VMs of other hosts move; by VM.</param>
/// <param name="Lost">The VMs of it that are lost and were not written off yet.</param>
/// <param name="Plans">The plans that empty it, by application.</param>
[GenerateSerializer, Immutable, Alias("Federation.HostStatus")]
public sealed record HostStatus(
    [property: Id(0)] SiteHost Host,
    [property: Id(1)] HostUse Used,
    [property: Id(2)] ImmutableArray<Allocation> Places,
    [property: Id(3)] ImmutableArray<VmRef> Lost,
    [property: Id(4)] ImmutableArray<DrainPlan> Plans);

/// <summary>What came of an order about a host.</summary>
/// <param name="Host">The host as it stands; null: there is none.</param>
/// <param name="Did">Whether the order changed anything.</param>
/// <param name="Refused">Why it was refused; null: it was not.</param>
[GenerateSerializer, Immutable, Alias("Federation.HostChange")]
public sealed record HostChange([property: Id(0)] HostStatus? Host, [property: Id(1)] bool Did, [property: Id(2)] Refusal? Refused = null) : IChangeAnswer
{
    string? IChangeAnswer.Refusal => Refused is { } refusal ? RefusalText.Of(refusal) : null;
}

/// <summary>A site as it stands.</summary>
/// <param name="Site">Its description.</param>
/// <param name="Revision">Counts the description's changes from 1.</param>
/// <param name="Ledger">Who holds what.</param>
/// <param name="Outside">Who stands outside of what the description allows now.</param>
/// <param name="Use">What all tenants occupy; null: not for the reader, or not known.</param>
/// <param name="IsOffline">Whether no silo of the site is in the federation: all else is as it was last known.</param>
/// <param name="LostSince">Since when; null: it is not offline, or has been for a moment only.</param>
[GenerateSerializer, Immutable, Alias("Federation.SiteStatus")]
public sealed record SiteStatus(
    [property: Id(0)] Site Site,
    [property: Id(1)] long Revision,
    [property: Id(2)] SiteLedger Ledger,
    [property: Id(3)] ImmutableArray<OutsideVm> Outside,
    [property: Id(4)] Occupancy? Use,
    [property: Id(5)] bool IsOffline = false,
    [property: Id(6)] DateTimeOffset? LostSince = null);

/// <summary>A copy of a site.</summary>
/// <param name="Stamp">Tells it from any other state of the site.</param>
/// <param name="Site">Its description; null: nobody has described it yet.</param>
/// <param name="Use">The sums of its ledger.</param>
/// <param name="LostHosts">The hosts of which it is not known what runs there, with since when; null: none.</param>
[GenerateSerializer, Immutable, Alias("Federation.SiteCopy")]
public sealed record SiteCopy(
    [property: Id(0)] Guid Stamp, [property: Id(1)] Site? Site, [property: Id(2)] SiteUse Use,
    [property: Id(3)] ImmutableSortedDictionary<string, DateTimeOffset>? LostHosts = null);

/// <summary>A site as a planner sees it.</summary>
/// <param name="Site">Its description.</param>
/// <param name="Used">What others than the application have of it; nothing is known of that while the site is offline.</param>
/// <param name="IsOffline">Whether no silo of the site is in the federation: the description is the last that it gave.</param>
[GenerateSerializer, Immutable, Alias("Federation.SiteView")]
public sealed record SiteView(
    [property: Id(0)] Site Site, [property: Id(1)] UsedByOthers Used, [property: Id(2)] bool IsOffline = false);

/// <summary>What applying a description did.</summary>
/// <param name="Revision">The revision now.</param>
/// <param name="Created">Whether it was the first.</param>
/// <param name="Changed">Whether anything is different from before.</param>
/// <param name="Refused">Why it was not taken; null if it was.</param>
[GenerateSerializer, Immutable, Alias("Federation.SiteChange")]
public sealed record SiteChange(
    [property: Id(0)] long Revision, [property: Id(1)] bool Created, [property: Id(2)] bool Changed, [property: Id(3)] Refusal? Refused = null) : IChangeAnswer
{
    string? IChangeAnswer.Refusal => Refused is { } refusal ? RefusalText.Of(refusal) : null;
}

/// <summary>What came of deleting a site.</summary>
/// <param name="Removed">Whether it was there, and is not any more.</param>
/// <param name="LinkedFrom">The sites that say yet that they have a link to it, by name: it counts for nothing while there is no such site.</param>
/// <param name="Refused">Why it stays; null: it does not, or there is none of this name.</param>
[GenerateSerializer, Immutable, Alias("Federation.SiteRemoval")]
public sealed record SiteRemoval(
    [property: Id(0)] bool Removed, [property: Id(1)] ImmutableArray<SiteId> LinkedFrom, [property: Id(2)] Refusal? Refused = null) : IChangeAnswer
{
    string? IChangeAnswer.Refusal => Refused is { } refusal ? RefusalText.Of(refusal) : null;
}
