using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Sites;

/// <summary>What a VM needs of a place, as its owner described it. Compared by reference.</summary>
/// <param name="Vcpus">vCPUs, at least 1.</param>
/// <param name="MemoryBytes">Memory, more than 0.</param>
/// <param name="Residency">Residency tags that the site must offer, all of them.</param>
/// <param name="Sites">The sites it may be at; null: any.</param>
/// <param name="Hardware">What it believes to run on; null: whatever there is.</param>
/// <param name="DiskBytes">What its disks may take, 0 or more.</param>
public sealed record VmNeeds(
    int Vcpus, long MemoryBytes, ImmutableSortedSet<string> Residency, ImmutableSortedSet<SiteId>? Sites = null, GuestHardware? Hardware = null, long DiskBytes = 0);

/// <summary>A VM that wants a place at a site.</summary>
/// <param name="Reservation">What for; asked again for the same, nothing changes.</param>
/// <param name="Vm">The VM.</param>
/// <param name="Offer">The name of the offer that it wants.</param>
/// <param name="Needs">What it needs.</param>
/// <param name="CoreHours">The core-hours that it is planned to use, 0 or more.</param>
public sealed record AdmissionRequest(ReservationId Reservation, VmRef Vm, string Offer, VmNeeds Needs, double CoreHours)
{
    /// <summary>What it would have of its host; null: nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HostWishes? Wishes { get; init; }

    internal bool Migrates => Reservation.Step is not null;
}

/// <summary>A site's own yes or no to a VM: its description and approvals, with the ledger of who is there, at one moment.</summary>
/// <param name="Site">The site as it is described now.</param>
/// <param name="Approvals">What its administrators have decided.</param>
/// <param name="Now">The site's clock.</param>
public readonly record struct Door(Site Site, SiteApprovals Approvals, DateTimeOffset Now)
{
    /// <summary>The site's hosts; null: it has none.</summary>
    public SiteHosts? Hosts { get; init; }

    internal bool HasHosts => Hosts is { IsEmpty: false };

    /// <summary>What the site's rules have against a VM that comes, the room left aside; null: nothing.</summary>
    internal Refusal? AgainstArrival(AdmissionRequest request, SiteLedger ledger) =>
        AgainstBeing(request.Vm, request.Offer, request.Needs.Residency, request.Needs.Sites)
        ?? Site.OfferNamed(request.Offer)!.AgainstNeeds(Site.Id, request.Vm.Vm, request.Needs.Vcpus, request.Needs.MemoryBytes)
        ?? (Site.Policy.AcceptsArrivalAt(Now) ? null : Refusal.ArrivalWindowClosed(Site.Id, Now))
        ?? AgainstUnapproved(request, ledger);

    /// <summary>What the site's rules have against a VM that leaves, other departures left aside; null: nothing.</summary>
    internal Refusal? AgainstDeparture(VmRef vm, MigrationId by) =>
        !Site.Policy.AcceptsDepartureAt(Now) ? Refusal.DepartureWindowClosed(Site.Id, Now)
        : Site.Policy.ManualDepartures ? Approvals.AgainstDeparture(Site.Id, by.Plan, vm.Vm, Now)
        : null;

    /// <summary>What stands against a place among those that a ledger has given; null: there is room.</summary>
    /// <remarks>The room is looked at first: a full site is not waited for, one with as many migrations as it allows is.</remarks>
    internal Refusal? AgainstRoom(AdmissionRequest request, SiteLedger ledger) =>
        AgainstUse(
            request.Vm,
            request.Offer,
            Alike(request, ledger),
            ledger.RoomFor(this, request.Vm.Application.Tenant),
            Occupancy.Of(Site.OfferNamed(request.Offer)!) with { CoreHours = request.CoreHours })
        ?? (request.Migrates && Site.Policy.MigrationsIn is { } most && ledger.Allocations.Values.Count(other => other.Migrates && !other.IsHere) >= most
            ? Refusal.MigrationsInFull(Site.Id, most)
            : null);

    /// <summary>What stands against another offer for a VM that is here; null: nothing. It counts on both for as long as it restarts; nobody comes and nobody leaves.</summary>
    internal Refusal? AgainstRestart(AdmissionRequest request, SiteLedger ledger) =>
        AgainstBeing(request.Vm, request.Offer, request.Needs.Residency, request.Needs.Sites)
        ?? Site.OfferNamed(request.Offer)!.AgainstNeeds(Site.Id, request.Vm.Vm, request.Needs.Vcpus, request.Needs.MemoryBytes)
        ?? AgainstUse(
            request.Vm, request.Offer, Alike(request, ledger), ledger.RoomFor(this, request.Vm.Application.Tenant),
            Occupancy.Of(Site.OfferNamed(request.Offer)!) with { CoreHours = request.CoreHours });

    private static int Alike(AdmissionRequest request, SiteLedger ledger) =>
        ledger.Allocations.Values.Count(other => other.Vm.Application == request.Vm.Application && other.IsOn(request.Offer));

    /// <summary>What stands against a VM that has its place, and would stand against it if it came now; null: nothing.</summary>
    /// <remarks>Approvals, and when and how many at once may arrive, are about coming, and so left aside; its needs were looked at when it came.</remarks>
    /// <param name="allocation">Its place.</param>
    /// <param name="alike">How many places of the same offer its application has.</param>
    /// <param name="room">The room of its tenant.</param>
    internal Refusal? AgainstOccupant(Allocation allocation, int alike, SiteRoom room) =>
        (AgainstBeing(allocation.Vm, allocation.Offer, allocation.Residency, allowed: null)
            ?? AgainstUse(allocation.Vm, allocation.Offer, alike, room, default))?.OfOccupant();

    // Whether it may be here, coming or there already.
    private Refusal? AgainstBeing(VmRef vm, string offer, ImmutableSortedSet<string> residency, ImmutableSortedSet<SiteId>? allowed) =>
        Site.Against(vm.Application.Tenant, vm.Vm, residency, allowed)
        ?? (Site.OfferNamed(offer) is null ? Refusal.OfferUnknown(Site.Id, offer)
            : Site.AvailableUntil(Now) is null ? Refusal.SiteUnavailable(Site.Id, Now)
            : null);

    // Whether what is taken, with what comes to it, is within the limits; nothing comes for one that is there already.
    private Refusal? AgainstUse(VmRef vm, string offer, int alike, SiteRoom room, Occupancy comes) =>
        SiteRoom.OfOffer(Site, Site.OfferNamed(offer)!, vm.Application, alike + comes.Vms) ?? room.Refuses(comes, comes.Vms > 0 ? vm : null);

    private Refusal? AgainstUnapproved(AdmissionRequest request, SiteLedger ledger) =>
        !Site.Policy.ManualApproval || ledger.Returns(request) ? null
        : request.Reservation.Plan is { } plan ? Approvals.AgainstArrival(Site.Id, plan, request.Vm.Vm, request.Offer, Now)
        : Refusal.ApprovalNeedsPlan(Site.Id, request.Vm.Vm);
}
