using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Sensor.Live;

namespace Federation.Sensor.Attribution;

/// <summary>Frames between this host and the others: what comes in is received, what goes out is sent.</summary>
internal sealed class UplinkFrames(IReadOnlyCollection<PresentVm> vms, SentRule sent)
{
    private readonly VmIndex index = new(vms);

    public void AddTo(FlowSums sums, IReadOnlyCollection<FrameTally> tallies)
    {
        foreach (var tally in tallies)
        {
            if (tally.Towards)
            {
                if (index.Find(tally.SourceMac, tally.Source) is { Vm.Vm: var sender } && sent.Receiver(sender.Application, tally) is { } to)
                {
                    sums.Sent(sender, to, tally);
                }
            }
            else if (LinkScopes.IsGroup(tally.DestinationMac))
            {
                foreach (var vm in vms.Where(vm => vm.Stay != Stay.Left))
                {
                    sums.Received(vm.Vm.Vm, tally);
                }
            }
            else if (index.Find(tally.DestinationMac, tally.Destination) is { Vm.Vm: var receiver })
            {
                sums.Received(receiver, tally);
            }
        }
    }
}

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
