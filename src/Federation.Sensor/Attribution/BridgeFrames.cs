using Federation.Domain.Traffic;
using Federation.Sensor.Live;

namespace Federation.Sensor.Attribution;

/// <summary>Frames that passed a bridge, each once, whichever ports they came in and went out by.</summary>
/// <remarks>
/// A VM that was here throughout received all that were for it. While a VM moves, frames for it pass the bridges of both hosts: the host
/// that they leave by its uplink counts them too, unless those are taken off, for which the uplink is watched as well. A frame to all passes
/// both bridges and is counted where the VM is at the end.
/// </remarks>
internal sealed class BridgeFrames(IReadOnlyCollection<PresentVm> vms, string? uplink, SentRule sent)
{
    private readonly VmIndex index = new(vms);

    public void AddTo(FlowSums sums, IReadOnlyCollection<FrameTally> tallies)
    {
        var left = Passed(tallies.Where(tally => tally.Interface == uplink && tally.Towards));
        var came = Passed(tallies.Where(tally => tally.Interface == uplink && !tally.Towards));
        foreach (var tally in Passed(tallies.Where(tally => tally.Interface != uplink)).Values)
        {
            var sender = index.Find(tally.SourceMac, tally.Source);
            if (LinkScopes.IsGroup(tally.DestinationMac))
            {
                foreach (var vm in vms.Where(vm => vm != sender && vm.Stay != Stay.Left))
                {
                    sums.Received(vm.Vm.Vm, tally);
                }
            }
            else if (index.Find(tally.DestinationMac, tally.Destination) is { } receiver && receiver != sender)
            {
                sums.Received(receiver.Vm.Vm, receiver.Stay == Stay.Throughout ? tally : Without(tally, left));
            }

            if (sender is not null && sent.Receiver(sender.Vm.Vm.Application, tally) is { } to)
            {
                sums.Sent(sender.Vm.Vm, to, sender.Stay == Stay.Throughout ? tally : Without(tally, came));
            }
        }
    }

    // By addresses alone: the same frame was counted on two interfaces.
    private static Dictionary<FrameTally, FrameTally> Passed(IEnumerable<FrameTally> tallies) => tallies.GroupBy(KeyOf).ToDictionary(
        same => same.Key,
        same => same.Key with { Packets = same.Sum(tally => tally.Packets), Bytes = same.Sum(tally => tally.Bytes) });

    private static FrameTally Without(FrameTally tally, Dictionary<FrameTally, FrameTally> others)
    {
        var other = others.GetValueOrDefault(KeyOf(tally));
        return tally with { Packets = Math.Max(0, tally.Packets - other.Packets), Bytes = Math.Max(0, tally.Bytes - other.Bytes) };
    }

    private static FrameTally KeyOf(FrameTally tally) => tally with { Interface = "", Towards = false, Packets = 0, Bytes = 0 };
}
