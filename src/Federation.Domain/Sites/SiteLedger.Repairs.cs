using Federation.Domain.Identity;
using Federation.Domain.Reconciling;

namespace Federation.Domain.Sites;

// What a reconciler makes true again.
public sealed partial record SiteLedger
{
    /// <summary>
    /// The ledger after a repair that is about a place here; another one, or one that is not needed any more, changes nothing. A VM that is
    /// provably here gets its place whatever the site allows.
    /// </summary>
    public SiteLedger Repaired(Door door, Repair repair) => repair switch
    {
        Repair.FreePlace free when free.Site == door.Site.Id && Allocations.TryGetValue(free.Vm, out var held) && held.Reservation.Key == free.Reservation =>
            Release(free.Vm, door.Now),
        Repair.KeepPlace keep when keep.At.Site == door.Site.Id
            && !(Allocations.TryGetValue(keep.Vm, out var held) && held.IsHere && held.Offer == keep.At.Offer) =>
            Release(keep.Vm, door.Now).Put(Found(door, keep.Vm, keep.At.Offer)),
        _ => this,
    };

    // An offer that nobody knows any more counts one VM, and no amounts.
    private static Allocation Found(Door door, VmRef vm, string name)
    {
        var offer = door.Site.OfferNamed(name) ?? door.Site.Withdrawn.FirstOrDefault(known => known.Name == name);
        return new(
            vm, name, offer?.Vcpus ?? 0, offer?.MemoryBytes ?? 0, ReservationId.OfFound(vm.Application), AllocationState.Occupied, Migrates: false,
            door.Now, CoreHours: 0);
    }
}
