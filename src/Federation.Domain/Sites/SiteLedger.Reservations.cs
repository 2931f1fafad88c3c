using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Sites;

// Reserve -> confirm -> arrive; what is not confirmed in time is given back by itself.
public sealed partial record SiteLedger
{
    /// <summary>Keeps a place for each of some VMs, for all or for none; the verdict says what stood in the way.</summary>
    /// <remarks>
    /// Asked again under the same reservation, it prolongs what has not been confirmed yet, and changes nothing else. What has run out by
    /// now counts no more.
    /// </remarks>
    /// <param name="site">The site as it is described now.</param>
    /// <param name="wanted">The places; when they expire is set here.</param>
    /// <param name="now">The site's clock.</param>
    /// <param name="lifetime">How long the places are kept unless they are confirmed.</param>
    public (SiteLedger Ledger, Verdict Verdict) Reserve(Site site, IReadOnlyList<Allocation> wanted, DateTimeOffset now, TimeSpan lifetime)
    {
        var ledger = Expire(now);
        foreach (var allocation in wanted)
        {
            if (ledger.Allocations.TryGetValue(allocation.Vm, out var held))
            {
                if (held.Reservation != allocation.Reservation)
                {
                    return (this, Verdict.Reject(Refusal.PlaceHeld(site.Id, allocation.Vm, held.Reservation)));
                }

                ledger = held.ExpiresAt is null ? ledger : ledger.Put(held with { ExpiresAt = now + lifetime });
                continue;
            }

            var verdict = ledger.CheckRoom(site, allocation);
            if (!verdict.IsFeasible)
            {
                return (this, verdict);
            }

            ledger = ledger.Put(allocation with { State = AllocationState.Arriving, ExpiresAt = now + lifetime });
        }

        return (ledger, Verdict.Feasible);
    }

    /// <summary>Keeps a reserved place for good, before its VM starts there; a no if the reservation has run out or never was.</summary>
    public (SiteLedger Ledger, Verdict Verdict) Confirm(Site site, VmRef vm, string reservation, DateTimeOffset now)
    {
        if (!Allocations.TryGetValue(vm, out var allocation) || allocation.Reservation != reservation || allocation.HasExpired(now))
        {
            return (this, Verdict.Reject(Refusal.ReservationLost(site.Id, vm, reservation)));
        }

        return (allocation.ExpiresAt is null ? this : Put(allocation with { ExpiresAt = null }), Verdict.Feasible);
    }

    /// <summary>Gives back all places of a reservation whose VMs have not arrived, confirmed or not.</summary>
    public SiteLedger Cancel(string reservation) =>
        Without(allocation => allocation.State == AllocationState.Arriving && allocation.Reservation == reservation);

    /// <summary>Gives back the places whose time is over.</summary>
    public SiteLedger Expire(DateTimeOffset now) => Without(allocation => allocation.HasExpired(now));

    /// <summary>Whether any place is kept for a time only.</summary>
    public bool HasExpiring => Allocations.Values.Any(allocation => allocation.ExpiresAt is not null);

    // What never arrived has used nothing.
    private SiteLedger Without(Func<Allocation, bool> gone)
    {
        var vms = Allocations.Values.Where(gone).Select(allocation => allocation.Vm).ToList();
        return vms.Count == 0 ? this : this with { Allocations = Allocations.RemoveRange(vms) };
    }

    private Verdict CheckRoom(Site site, Allocation allocation)
    {
        if (site.OfferNamed(allocation.Offer) is not { } offer)
        {
            return Verdict.Reject(Refusal.OfferUnknown(site.Id, allocation.Offer));
        }

        var taken = Allocations.Values.Count(other => other.Vm.Application == allocation.Vm.Application && other.Offer == allocation.Offer);
        if (offer.Available is { } available && taken + 1 > available)
        {
            return Verdict.Reject(Refusal.CapacityOfferTaken(new(site.Id, offer.Name), allocation.Vm.Application, available));
        }

        if (allocation.Migrates && site.Policy.MigrationsIn is { } most
            && Allocations.Values.Count(other => other.State == AllocationState.Arriving && other.Migrates) >= most)
        {
            return Verdict.Reject(Refusal.MigrationsInFull(site.Id, most));
        }

        return CheckQuota(site, allocation);
    }

    private Verdict CheckQuota(Site site, Allocation allocation)
    {
        if (site.QuotaFor(allocation.Tenant) is not { } quota)
        {
            return Verdict.Feasible;
        }

        var need = OccupiedBy(site, allocation.Tenant, except: null) + Of(site, allocation);
        var refusal = quota.AgainstAmounts(site.Id, allocation.Tenant, need, allocation.Vm)
            ?? quota.AgainstCoreHours(site.Id, allocation.Tenant, need.CoreHours, allocation.Vm);
        return refusal is null ? Verdict.Feasible : Verdict.Reject(refusal);
    }
}
