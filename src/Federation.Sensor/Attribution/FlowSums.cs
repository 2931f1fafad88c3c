using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Sensor.Counting;
using Federation.Sensor.Live;

namespace Federation.Sensor.Attribution;

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
