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
            else if (SentRule.IsGroup(tally.DestinationMac))
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
