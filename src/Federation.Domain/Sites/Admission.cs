using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Sites;

/// <summary>What a VM needs of a place, as its owner described it. Compared by reference.</summary>
/// <param name="Vcpus">vCPUs, at least 1.</param>
/// <param name="MemoryBytes">Memory, more than 0.</param>
/// <param name="Residency">Residency tags that the site must offer, all of them.</param>
/// <param name="Sites">The sites it may be at; null: any.</param>
public sealed record VmNeeds(int Vcpus, long MemoryBytes, ImmutableSortedSet<string> Residency, ImmutableSortedSet<SiteId>? Sites = null);

/// <summary>A VM that wants a place at a site.</summary>
/// <param name="Reservation">What for; asked again for the same, nothing changes.</param>
/// <param name="Vm">The VM.</param>
/// <param name="Offer">The name of the offer that it wants.</param>
/// <param name="Needs">What it needs.</param>
/// <param name="CoreHours">The core-hours that it is planned to use, 0 or more.</param>
public sealed record AdmissionRequest(ReservationId Reservation, VmRef Vm, string Offer, VmNeeds Needs, double CoreHours)
{
    internal TenantId Tenant => Vm.Application.Tenant;

    internal bool Migrates => Reservation.Step is not null;
}

/// <summary>A site's own yes or no to a VM: its description and approvals, with the ledger of who is there, at one moment.</summary>
/// <param name="Site">The site as it is described now.</param>
/// <param name="Approvals">What its administrators have decided.</param>
/// <param name="Now">The site's clock.</param>
public readonly record struct Door(Site Site, SiteApprovals Approvals, DateTimeOffset Now)
{
    /// <summary>What the site's rules have against a VM that comes, the room left aside; null: nothing.</summary>
    internal Refusal? AgainstArrival(AdmissionRequest request) =>
        Site.Against(request.Tenant, request.Vm.Vm, request.Needs.Residency, request.Needs.Sites) ?? AgainstNeeds(request) ?? AgainstTime(request) ?? AgainstUnapproved(request);

    /// <summary>What the site's rules have against a VM that leaves, other departures left aside; null: nothing.</summary>
    internal Refusal? AgainstDeparture(VmRef vm, MigrationId by) =>
        !Site.Policy.AcceptsDepartureAt(Now) ? Refusal.DepartureWindowClosed(Site.Id, Now)
        : Site.Policy.ManualDepartures ? Approvals.AgainstDeparture(Site.Id, by.Plan, vm.Vm, Now)
        : null;

    /// <summary>What stands against a place among those that a ledger has given; null: there is room.</summary>
    internal Refusal? AgainstRoom(AdmissionRequest request, Offer offer, SiteLedger ledger)
    {
        var held = ledger.Allocations.Values.Count(other => other.Vm.Application == request.Vm.Application && other.Offer == request.Offer);
        if (SiteRoom.OfOffer(Site, offer, request.Vm.Application, held + 1) is { } taken)
        {
            return taken;
        }

        if (request.Migrates && Site.Policy.MigrationsIn is { } most
            && ledger.Allocations.Values.Count(other => other.Migrates && !other.IsHere) >= most)
        {
            return Refusal.MigrationsInFull(Site.Id, most);
        }

        return ledger.RoomFor(this, request.Tenant).Refuses(Occupancy.Of(offer) with { CoreHours = request.CoreHours }, request.Vm);
    }

    private Refusal? AgainstNeeds(AdmissionRequest request) => Site.OfferNamed(request.Offer) is { } offer
        ? offer.AgainstNeeds(Site.Id, request.Vm.Vm, request.Needs.Vcpus, request.Needs.MemoryBytes)
        : Refusal.OfferUnknown(Site.Id, request.Offer);

    private Refusal? AgainstTime(AdmissionRequest request) =>
        Site.AvailableUntil(Now) is null ? Refusal.SiteUnavailable(Site.Id, Now)
        : !Site.Policy.AcceptsArrivalAt(Now) ? Refusal.ArrivalWindowClosed(Site.Id, Now)
        : null;

    private Refusal? AgainstUnapproved(AdmissionRequest request) =>
        !Site.Policy.ManualApproval ? null
        : request.Reservation.Plan is { } plan ? Approvals.AgainstArrival(Site.Id, plan, request.Vm.Vm, request.Offer, Now)
        : Refusal.ApprovalNeedsPlan(Site.Id, request.Vm.Vm);
}
