using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Sites;

// On which hosts places are, and how a VM moves from one to another, or to another offer, without leaving the site: it counts on both until it has moved.
public sealed partial record SiteLedger
{
    /// <summary>What is taken of each host; one that is not in it has no place on it.</summary>
    public ImmutableDictionary<string, HostUse> OnHosts() => Allocations.Values.SelectMany(place => place.OnHosts)
        .GroupBy(place => place.Host, StringComparer.Ordinal)
        .ToImmutableDictionary(places => places.Key, places => places.Aggregate(default(HostUse), (sum, place) => sum + place.Takes), StringComparer.Ordinal);

    /// <summary>The places on a host, those included to which VMs of other hosts move; by VM.</summary>
    public ImmutableArray<Allocation> On(string host) => [.. Allocations.Values.Where(place => place.Hosts.Contains(host))];

    /// <summary>The VMs that are on a host and not on their way by any migration: what is lost with it. By name.</summary>
    public ImmutableArray<VmRef> LostWith(string host) =>
        [.. Allocations.Values.Where(place => place.Host == host && place is { State: AllocationState.Occupied, Next: null }).Select(place => place.Vm)];

    /// <summary>Notes on which host a VM was found that has its place here and none knew where; known already, nothing happens.</summary>
    public SiteLedger Found(VmRef vm, string host) =>
        Allocations.TryGetValue(vm, out var place) && place is { IsHere: true, Host: null } ? Put(place with { Host = host }) : this;

    // Its plan has a step that begins and ends here: at another host, or on another offer.
    private static bool CanMoveWithin(Door door, AdmissionRequest request, Allocation held) =>
        request.Migrates && held.IsHere && held.Reservation != request.Reservation && (door.HasHosts ? held.Host is not null : held.Offer != request.Offer);

    private Refusal? AdmitWithin(Door door, AdmissionRequest request, Allocation held, TimeSpan lifetime, out SiteLedger ledger)
    {
        ledger = this;
        if (held.Next is { } next)
        {
            if (next.Reservation != request.Reservation || (next.Offer?.Name ?? held.Offer) != request.Offer)
            {
                return Refusal.PlaceHeld(door.Site.Id, request.Vm, $"{next.Reservation}");
            }

            ledger = next.State == AllocationState.Reserved ? Put(held with { Next = next with { ExpiresAt = door.Now + lifetime } }) : this;
            return null;
        }

        if (held.LeavesBy is { } other && other != request.Reservation.Step)
        {
            return Refusal.VmLeaves(door.Site.Id, request.Vm, other);
        }

        NextOffer? offer = null;
        if (held.Offer != request.Offer)
        {
            if (door.AgainstRestart(request, this) is { } refusal)
            {
                return refusal;
            }

            var sold = door.Site.OfferNamed(request.Offer)!;
            offer = new(sold.Name, sold.Vcpus, sold.MemoryBytes, request.CoreHours);
        }

        var takes = offer is null ? held.Takes : new(offer.Vcpus, offer.MemoryBytes, held.DiskBytes);
        var (host, full) = door.HasHosts ? HostChoice.Pick(door.Site.Id, door.Hosts!, this, request, takes, held.Host) : (null, null);
        if (full is null)
        {
            ledger = Put(held with { Next = new(host, request.Reservation, AllocationState.Reserved, door.Now + lifetime) { Offer = offer } });
        }

        return full;
    }

    // A VM that moves within the site under this reservation.
    private Allocation? MovesWithin(VmRef vm, ReservationId reservation, DateTimeOffset now) =>
        Allocations.TryGetValue(vm, out var place) && place.Next is { } next && next.Reservation == reservation && !next.HasExpired(now) ? place : null;

    private static NextHost Confirmed(NextHost next) =>
        next.State == AllocationState.Reserved ? next with { State = AllocationState.Confirmed, ExpiresAt = null } : next;

    // Its stay goes on: it has not left the site. On another offer another one begins, and what it has used counts on.
    private SiteLedger MovedWithin(Allocation place, NextHost next, DateTimeOffset now)
    {
        if (next.State != AllocationState.Occupied)
        {
            return this;
        }

        var moved = place with { Host = next.Host, Next = null, Reservation = next.Reservation, State = AllocationState.Occupied, LeavesBy = null };
        return next.Offer is not { } offer ? Put(moved) : Release(place.Vm, now).Put(moved with
        {
            Offer = offer.Name, Vcpus = offer.Vcpus, MemoryBytes = offer.MemoryBytes, CoreHours = offer.CoreHours, Since = now,
        });
    }

    // A migration that has lost its place at the next host does not leave the one at this: later it could only leave the site.
    private SiteLedger WithoutNext(Func<NextHost, bool> gone) => Allocations.Values.Where(place => place.Next is { } next && gone(next))
        .Aggregate(this, (ledger, place) => ledger.Put(place.MovesWithin
            ? place with { Next = null, State = AllocationState.Occupied, LeavesBy = null }
            : place with { Next = null }));
}
