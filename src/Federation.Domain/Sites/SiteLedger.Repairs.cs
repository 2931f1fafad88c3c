using Federation.Domain.Reconciling;

namespace Federation.Domain.Sites;

// What a reconciler makes true again.
public sealed partial record SiteLedger
{
    /// <summary>The ledger after a repair that is about a place here; another one, or one that is not needed any more, changes nothing.</summary>
    public SiteLedger Repaired(Site site, Repair repair, DateTimeOffset now) => repair switch
    {
        Repair.FreePlace free when free.Site == site.Id && Allocations.TryGetValue(free.Vm, out var held) && held.Reservation == free.Reservation =>
            Release(site, free.Vm, now),
        Repair.KeepPlace keep when keep.At.Site == site.Id && !(Allocations.TryGetValue(keep.Vm, out var held)
            && held.State != AllocationState.Arriving && held.Offer == keep.At.Offer) =>
            Release(site, keep.Vm, now).Put(new(
                keep.Vm, keep.Vm.Application.Tenant, keep.At.Offer, $"{keep.Vm.Key}/found", AllocationState.Here, Migrates: false, now, CoreHours: 0)),
        _ => this,
    };
}
