using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Sensor.Counting;
using Federation.Sensor.Discovery;
using Federation.Sensor.Live;
using Federation.Sensor.Settings;

namespace Federation.Sensor.Attribution;

/// <summary>Decides whose the frames of a window were. Not safe for use by several threads.</summary>
/// <param name="settings">What is watched, and what of the sent frames counts.</param>
public sealed class HostAttribution(SensorSettings settings)
{
    private readonly TapOwners owners = new();

    /// <summary>The tap that frames of a VM came out of; null if none did, or taps are not what is watched.</summary>
    public string? TapOf(VmRef vm) => owners.TapOf(vm);

    /// <summary>What every VM received and sent; VMs with nothing are there too.</summary>
    /// <param name="tallies">Everything that was counted in the window.</param>
    /// <param name="vms">The VMs that were here, each once.</param>
    /// <param name="peers">Addresses of VMs of their applications.</param>
    public ImmutableSortedDictionary<VmRef, ImmutableArray<TrafficRecord>> Attribute(
        IReadOnlyCollection<FrameTally> tallies, IReadOnlyCollection<PresentVm> vms, IReadOnlySet<PeerAddress> peers)
    {
        var sums = new FlowSums();
        var known = vms.SelectMany(vm => vm.Vm.Addresses.Select(address => new PeerAddress(vm.Vm.Vm.Application, address)))
            .Concat(peers).ToHashSet();
        var sent = new SentRule(settings.FileServers, settings.SentOutside, known);
        switch (settings.Capture.Kind)
        {
            case CaptureKind.Taps:
                new TapFrames(vms, owners, sent).AddTo(sums, tallies);
                break;
            case CaptureKind.Bridge:
                new BridgeFrames(vms, settings.Capture.BridgeUplink, sent).AddTo(sums, tallies);
                break;
            default:
                new UplinkFrames(vms, sent).AddTo(sums, tallies);
                break;
        }

        return vms.ToImmutableSortedDictionary(vm => vm.Vm.Vm, vm => sums.Of(vm.Vm.Vm));
    }
}

/// <summary>Adds up what VMs received and sent.</summary>
internal sealed class FlowSums
{
    private readonly Dictionary<VmRef, Dictionary<(Address Peer, FlowDirection Direction), Tally>> flows = [];

    /// <summary>What was added of a VM, as the records of a report.</summary>
    public ImmutableArray<TrafficRecord> Of(VmRef vm) => flows.TryGetValue(vm, out var own)
        ? [.. own.OrderBy(flow => flow.Key)
            .Select(flow => new TrafficRecord(flow.Key.Peer, flow.Key.Direction, flow.Value.Packets, flow.Value.Bytes))]
        : [];

    /// <summary>Adds what a VM received; by the sender's IP address, or its MAC where it was not IP.</summary>
    public void Received(VmRef vm, in FrameTally tally) =>
        Add(vm, tally.Source.Kind == AddressKind.None ? tally.SourceMac : tally.Source, FlowDirection.Received, tally);

    /// <summary>Adds what a VM sent.</summary>
    public void Sent(VmRef vm, Address to, in FrameTally tally) => Add(vm, to, FlowDirection.Sent, tally);

    private void Add(VmRef vm, Address peer, FlowDirection direction, in FrameTally tally)
    {
        if (tally.Packets > 0 && peer.Kind != AddressKind.None)
        {
            var own = flows.TryGetValue(vm, out var known) ? known : flows[vm] = [];
            own[(peer, direction)] = own.GetValueOrDefault((peer, direction)) + new Tally(tally.Packets, tally.Bytes);
        }
    }
}
