using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Sites;

/// <summary>Who holds what at one site, and the only door for a VM that comes.</summary>
/// <remarks>
/// A place is reserved (for a time), confirmed, occupied, and left or given back. Immutable: each step gives a new ledger. Every step can be
/// repeated without harm. A limit that falls below what is in use takes nobody's place: it counts for what comes. Compared by reference.
/// </remarks>
public sealed partial record SiteLedger
{
    /// <summary>The places held, one VM having at most one. Stored under the name that earlier versions gave it.</summary>
    [JsonPropertyName("holds")]
    public ImmutableSortedDictionary<VmRef, Allocation> Allocations { get; init; } = ImmutableSortedDictionary<VmRef, Allocation>.Empty;

    /// <summary>Core-hours that each tenant's VMs have used here and that no allocation counts any more.</summary>
    public ImmutableSortedDictionary<string, double> SpentCoreHours { get; init; } = ImmutableSortedDictionary<string, double>.Empty;

    /// <summary>The VMs that have left by a plan, which may bring them back without another approval.</summary>
    public ImmutableSortedDictionary<VmRef, DepartedVm> Departed { get; init; } = ImmutableSortedDictionary<VmRef, DepartedVm>.Empty;

    /// <summary>Whether any place is kept for a time only.</summary>
    [JsonIgnore]
    public bool HasExpiring => Allocations.Values.Any(allocation =>
        allocation.State == AllocationState.Reserved || allocation.Next is { State: AllocationState.Reserved });

    /// <summary>Keeps a place for each of some VMs, for all or for none; the verdict says what stood in the way.</summary>
    /// <remarks>
    /// Asked again for the same reservation, it prolongs what has not been confirmed yet, and changes nothing else: a VM is admitted once. What
    /// has run out by now counts no more.
    /// </remarks>
    /// <param name="door">The site as it is now.</param>
    /// <param name="wanted">The VMs that want a place.</param>
    /// <param name="lifetime">How long the places are kept unless they are confirmed.</param>
    public (SiteLedger Ledger, Verdict Verdict) Admit(Door door, IReadOnlyList<AdmissionRequest> wanted, TimeSpan lifetime)
    {
        var ledger = Expire(door.Now);
        foreach (var request in wanted)
        {
            if (ledger.Allocations.TryGetValue(request.Vm, out var held))
            {
                if (CanMoveWithin(door, request, held))
                {
                    if (ledger.AdmitWithin(door, request, held, lifetime, out ledger) is { } against)
                    {
                        return (this, Verdict.Reject(against));
                    }

                    continue;
                }

                if (held.Reservation != request.Reservation || held.Offer != request.Offer)
                {
                    return (this, Verdict.Reject(Refusal.PlaceHeld(door.Site.Id, request.Vm, $"{held.Reservation}")));
                }

                ledger = held.State == AllocationState.Reserved ? ledger.Put(held with { ExpiresAt = door.Now + lifetime }) : ledger;
                continue;
            }

            if ((door.AgainstArrival(request, ledger) ?? door.AgainstRoom(request, ledger)) is { } refusal)
            {
                return (this, Verdict.Reject(refusal));
            }

            var offer = door.Site.OfferNamed(request.Offer)!;
            var place = new Allocation(
                request.Vm, request.Offer, offer.Vcpus, offer.MemoryBytes, request.Reservation, AllocationState.Reserved, request.Migrates,
                door.Now, request.CoreHours, door.Now + lifetime) { Residency = request.Needs.Residency, DiskBytes = request.Needs.DiskBytes };
            if (door.HasHosts)
            {
                var (host, full) = HostChoice.Pick(door.Site.Id, door.Hosts!, ledger, request, place.Takes);
                if (full is not null)
                {
                    return (this, Verdict.Reject(full));
                }

                place = place with { Host = host };
            }

            ledger = ledger.Put(place);
        }

        return (ledger, Verdict.Feasible);
    }

    /// <summary>Keeps a reserved place for good, before its VM starts there; a no if the reservation has run out or never was.</summary>
    public (SiteLedger Ledger, Verdict Verdict) Confirm(Door door, VmRef vm, ReservationId reservation) =>
        MovesWithin(vm, reservation, door.Now) is { } moving ? (Put(moving with { Next = Confirmed(moving.Next!) }), Verdict.Feasible)
        : !Holds(vm, reservation, door.Now, out var allocation) ? (this, Lost(door, vm, reservation))
        : allocation!.State == AllocationState.Reserved
            ? (Put(allocation with { State = AllocationState.Confirmed, ExpiresAt = null }), Verdict.Feasible)
            : (this, Verdict.Feasible);

    /// <summary>Notes that a VM has arrived at the place that was confirmed for it: its stay begins. A no if there is none.</summary>
    public (SiteLedger Ledger, Verdict Verdict) Arrive(Door door, VmRef vm, ReservationId reservation) =>
        MovesWithin(vm, reservation, door.Now) is { Next.State: not AllocationState.Reserved } moving
            ? (Put(moving with { Next = moving.Next! with { State = AllocationState.Occupied } }), Verdict.Feasible)
        : !Holds(vm, reservation, door.Now, out var allocation) || allocation!.State == AllocationState.Reserved ? (this, Lost(door, vm, reservation))
        : allocation.State == AllocationState.Confirmed
            ? (Put(allocation with { State = AllocationState.Occupied, Since = door.Now }), Verdict.Feasible)
            : (this, Verdict.Feasible);

    /// <summary>Notes that a VM begins to leave by a live migration, if the site lets it go at this time. Its stay goes on until it is gone.</summary>
    public (SiteLedger Ledger, Verdict Verdict) BeginLeaving(Door door, VmRef vm, MigrationId by)
    {
        var ledger = Expire(door.Now);
        if (!ledger.Allocations.TryGetValue(vm, out var allocation) || !allocation.IsHere)
        {
            return (this, Verdict.Reject(Refusal.VmNotHere(door.Site.Id, vm)));
        }

        if (allocation.LeavesBy is { } other)
        {
            return (this, other == by ? Verdict.Feasible : Verdict.Reject(Refusal.VmLeaves(door.Site.Id, vm, other)));
        }

        var within = allocation.Next is { } next && next.Reservation.Step == by;
        var refusal = within ? null : door.AgainstDeparture(vm, by)
            ?? (door.Site.Policy.MigrationsOut is { } most && ledger.Allocations.Values.Count(place => place.LeavesSite) >= most
                ? Refusal.MigrationsOutFull(door.Site.Id, most)
                : null);
        return refusal is null
            ? (ledger.Put(allocation with { State = AllocationState.Leaving, LeavesBy = by }), Verdict.Feasible)
            : (this, Verdict.Reject(refusal));
    }

    /// <summary>Notes that a VM stays after all. It does not leave by that migration: nothing happens.</summary>
    public SiteLedger CancelLeaving(VmRef vm, MigrationId by) =>
        Leaves(vm, by) is { } allocation ? Put(allocation with { State = AllocationState.Occupied, LeavesBy = null }) : this;

    /// <summary>Gives the place of a VM back that has left by a migration; what it has used here counts on. It does not leave by it: nothing happens.</summary>
    /// <remarks>One that has moved within the site is on its new host only from here on, and stays.</remarks>
    public SiteLedger Depart(VmRef vm, MigrationId by, DateTimeOffset now) => Leaves(vm, by) is not { } allocation ? this
        : allocation.Next is { } next && next.Reservation.Step == by ? MovedWithin(allocation, next, now)
        : Release(vm, now) with { Departed = Remembered(now).SetItem(vm, new(by.Plan, allocation.Offer, now)) };

    /// <summary>Gives a VM's place back, whatever its state: it was stopped. What it has used here counts on. Nothing held: nothing happens.</summary>
    public SiteLedger Release(VmRef vm, DateTimeOffset now)
    {
        if (!Allocations.TryGetValue(vm, out var allocation))
        {
            return this;
        }

        var used = allocation.CoreHoursUsed(now);
        return this with
        {
            Allocations = Allocations.Remove(vm),
            SpentCoreHours = used > 0
                ? SpentCoreHours.SetItem(allocation.Tenant.Value, SpentCoreHours.GetValueOrDefault(allocation.Tenant.Value) + used)
                : SpentCoreHours,
        };
    }

    /// <summary>Gives back every place of one incarnation of an application, reserved ones too: it has ended.</summary>
    public SiteLedger ReleaseAll(AppId application, DateTimeOffset now)
    {
        var gone = Departed.Keys.Where(vm => vm.Application == application).ToList();
        return Allocations.Keys.Where(vm => vm.Application == application)
            .Aggregate(gone.Count == 0 ? this : this with { Departed = Departed.RemoveRange(gone) }, (ledger, vm) => ledger.Release(vm, now));
    }

    /// <summary>Gives back all places of a reservation whose VMs have not arrived, confirmed or not.</summary>
    public SiteLedger Cancel(ReservationId reservation) => Without(allocation => !allocation.IsHere && allocation.Reservation == reservation)
        .WithoutNext(next => next.State != AllocationState.Occupied && next.Reservation == reservation);

    /// <summary>Gives back the places that a plan has reserved and not confirmed: its approval was taken back.</summary>
    public SiteLedger CancelReserved(PlanId plan) =>
        Without(allocation => allocation.State == AllocationState.Reserved && allocation.Reservation.Plan == plan)
            .WithoutNext(next => next.State == AllocationState.Reserved && next.Reservation.Plan == plan);

    /// <summary>Gives back the places whose time is over.</summary>
    public SiteLedger Expire(DateTimeOffset now) => Without(allocation => allocation.HasExpired(now)).WithoutNext(next => next.HasExpired(now));

    private bool Holds(VmRef vm, ReservationId reservation, DateTimeOffset now, out Allocation? allocation) =>
        Allocations.TryGetValue(vm, out allocation) && allocation.Reservation == reservation && !allocation.HasExpired(now);

    private Allocation? Leaves(VmRef vm, MigrationId by) =>
        Allocations.TryGetValue(vm, out var allocation) && allocation.State == AllocationState.Leaving && allocation.LeavesBy == by ? allocation : null;

    private static Verdict Lost(Door door, VmRef vm, ReservationId reservation) =>
        Verdict.Reject(Refusal.ReservationLost(door.Site.Id, vm, $"{reservation}"));

    /// <summary>Whether a VM that wants to come had this place until the same plan took it away.</summary>
    internal bool Returns(AdmissionRequest request) => request.Reservation.Plan is { } plan
        && Departed.TryGetValue(request.Vm, out var left) && left.By == plan && left.Offer == request.Offer;

    private ImmutableSortedDictionary<VmRef, DepartedVm> Remembered(DateTimeOffset now) =>
        Departed.RemoveRange(Departed.Where(left => left.Value.At + DepartedVm.Remembered <= now).Select(left => left.Key));

    private SiteLedger Put(Allocation allocation) => this with { Allocations = Allocations.SetItem(allocation.Vm, allocation) };

    // What never arrived has used nothing.
    private SiteLedger Without(Func<Allocation, bool> gone)
    {
        var vms = Allocations.Values.Where(gone).Select(allocation => allocation.Vm).ToList();
        return vms.Count == 0 ? this : this with { Allocations = Allocations.RemoveRange(vms) };
    }
}

/// <summary>A VM that has left by a plan.</summary>
/// <param name="By">The plan.</param>
/// <param name="Offer">The offer that it was on.</param>
/// <param name="At">When it had left.</param>
public readonly record struct DepartedVm(PlanId By, string Offer, DateTimeOffset At)
{
    /// <summary>How long a site keeps it in mind; no plan is carried out for longer.</summary>
    internal static TimeSpan Remembered { get; } = TimeSpan.FromDays(30);
}
