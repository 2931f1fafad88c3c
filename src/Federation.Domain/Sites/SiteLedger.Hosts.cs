using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Sites;

// On which hosts places are, and how a VM moves from one to another without leaving the site: it counts on both until it has moved.
public sealed partial record SiteLedger
{
    /// <summary>What is taken of each host; one that is not in it has no place on it.</summary>
    public ImmutableDictionary<string, HostUse> OnHosts() => Allocations.Values.SelectMany(place => place.Hosts.Select(host => (Host: host, place.Takes)))
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

    // Its plan has a step that begins and ends here, on the same offer.
    private static bool CanMoveWithin(Door door, AdmissionRequest request, Allocation held) =>
        door.HasHosts && request.Migrates && held is { IsHere: true, Host: not null } && held.Offer == request.Offer && held.Reservation != request.Reservation;

    private Refusal? AdmitWithin(Door door, AdmissionRequest request, Allocation held, TimeSpan lifetime, out SiteLedger ledger)
    {
        ledger = this;
        if (held.Next is { } next)
        {
            if (next.Reservation != request.Reservation)
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

        var (host, full) = HostChoice.Pick(door.Site.Id, door.Hosts!, this, request, held.Takes, held.Host);
        if (full is null)
        {
            ledger = Put(held with { Next = new(host!, request.Reservation, AllocationState.Reserved, door.Now + lifetime) });
        }

        return full;
    }

    // A VM that moves within the site under this reservation.
    private Allocation? MovesWithin(VmRef vm, ReservationId reservation, DateTimeOffset now) =>
        Allocations.TryGetValue(vm, out var place) && place.Next is { } next && next.Reservation == reservation && !next.HasExpired(now) ? place : null;

    private static NextHost Confirmed(NextHost next) =>
        next.State == AllocationState.Reserved ? next with { State = AllocationState.Confirmed, ExpiresAt = null } : next;

    // Its stay goes on: it has not left the site.
    private SiteLedger MovedWithin(Allocation place, NextHost next) => next.State != AllocationState.Occupied ? this
        : Put(place with { Host = next.Host, Next = null, Reservation = next.Reservation, State = AllocationState.Occupied, LeavesBy = null });

    // A migration that has lost its place at the next host does not leave the one at this: later it could only leave the site.
    private SiteLedger WithoutNext(Func<NextHost, bool> gone) => Allocations.Values.Where(place => place.Next is { } next && gone(next))
        .Aggregate(this, (ledger, place) => ledger.Put(place.MovesWithin
            ? place with { Next = null, State = AllocationState.Occupied, LeavesBy = null }
            : place with { Next = null }));
}
