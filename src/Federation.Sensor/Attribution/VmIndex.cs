using Federation.Domain.Identity;

namespace Federation.Sensor.Attribution;

/// <summary>Finds a VM by what a frame says of one end.</summary>
/// <remarks>
/// A VM whose MAC is known is told by it alone: a frame with its IP address and another MAC is on its way to or from a router, and passes
/// again. The others are told by IP. An address that two VMs of this host have tells neither.
/// </remarks>
internal sealed class VmIndex
{
    private readonly Dictionary<Address, PresentVm?> owners = [];

    public VmIndex(IEnumerable<PresentVm> vms)
    {
        foreach (var vm in vms)
        {
            var macs = vm.Vm.Addresses.Where(address => address.Kind == AddressKind.Mac).ToList();
            foreach (var address in macs.Count > 0 ? macs : [.. vm.Vm.Addresses])
            {
                if (!owners.TryAdd(address, vm))
                {
                    owners[address] = null;
                }
            }
        }
    }

    /// <summary>The VM of one end of a frame; null if it is none of this host's.</summary>
    public PresentVm? Find(Address mac, Address ip) => owners.GetValueOrDefault(mac) ?? owners.GetValueOrDefault(ip);
}
