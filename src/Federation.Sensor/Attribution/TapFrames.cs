using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Sensor.Live;

namespace Federation.Sensor.Attribution;

/// <summary>Frames at the host's ends of VMs' interfaces: what goes out of one is received by the VM behind it, what comes in was sent by it.</summary>
/// <remarks>A bridge that does not know a receiver sends a frame out of every tap: it counts at the receiver's own alone.</remarks>
internal sealed class TapFrames(IReadOnlyCollection<PresentVm> vms, TapOwners owners, SentRule sent)
{
    private readonly VmIndex index = new(vms);
    private readonly Dictionary<VmRef, PresentVm> present = vms.ToDictionary(vm => vm.Vm.Vm);

    public void AddTo(FlowSums sums, IReadOnlyCollection<FrameTally> tallies)
    {
        owners.Learn(tallies, vms, index);
        var found = owners.Behind(tallies.Select(tally => tally.Interface).Distinct());
        var unowned = new List<(VmRef Vm, FrameTally Tally)>();
        foreach (var tally in tallies)
        {
            if (!tally.Towards)
            {
                AddSent(sums, tally);
            }
            else if (owners.Behind(tally.Interface) is { } owner)
            {
                if (present.ContainsKey(owner) && IsFor(owner, tally))
                {
                    sums.Received(owner, tally);
                }
            }
            else if (index.Find(tally.DestinationMac, tally.Destination) is { Vm.Vm: var receiver } && !found.Contains(receiver))
            {
                unowned.Add((receiver, tally));
            }
        }

        AddUnowned(sums, unowned);
    }

    private void AddSent(FlowSums sums, in FrameTally tally)
    {
        var sender = index.Find(tally.SourceMac, tally.Source)?.Vm.Vm ?? owners.Behind(tally.Interface);
        if (sender is { } vm && present.ContainsKey(vm) && sent.Receiver(vm.Application, tally) is { } to)
        {
            sums.Sent(vm, to, tally);
        }
    }

    private bool IsFor(VmRef owner, in FrameTally tally)
    {
        if (LinkScopes.IsGroup(tally.DestinationMac))
        {
            return true;
        }

        if (index.Find(tally.DestinationMac, tally.Destination) is { Vm.Vm: var receiver })
        {
            return receiver == owner;
        }

        // Known by its tap alone: by the addresses that came out of it, or all until one has.
        var hasMac = present[owner].Vm.Addresses.Any(address => address.Kind == AddressKind.Mac);
        return !hasMac && (owners.MacsOf(owner)?.Contains(tally.DestinationMac) ?? true);
    }

    // Nothing came out of any tap of theirs yet: the one that most frames went to is it, the others were sent copies.
    private static void AddUnowned(FlowSums sums, List<(VmRef Vm, FrameTally Tally)> unowned)
    {
        foreach (var vm in unowned.GroupBy(entry => entry.Vm))
        {
            var taps = vm.GroupBy(entry => entry.Tally.Interface).OrderBy(tap => tap.Key, StringComparer.Ordinal);
            foreach (var (_, tally) in taps.MaxBy(tap => tap.Sum(entry => entry.Tally.Packets))!)
            {
                sums.Received(vm.Key, tally);
            }
        }
    }
}
