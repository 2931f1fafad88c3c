using Federation.Contracts;
using Federation.Domain.Applications;
using Federation.Domain.Guests;

namespace Federation.Grains;

/// <summary>Tells VMs in their own texts which address their network gave them.</summary>
internal static class GivenAddresses
{
    /// <summary>The VM as a hypervisor is told of it. Its network keeps what it has given: the answer is the same for the VM's start and for each of its moves.</summary>
    public static async Task<GuestSpec> PutIn(IGrainFactory grains, GuestSpec guest)
    {
        if (!GuestDescription.AsksForAddress(guest))
        {
            return guest;
        }

        var given = (await grains.Segment(guest.Vm.Application).Given()).GetValueOrDefault(guest.Vm.Vm);
        return GuestDescription.Addressed(guest, given.IsDefaultOrEmpty ? null : given[0]);
    }
}
