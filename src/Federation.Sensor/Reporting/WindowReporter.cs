using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Sensor.Counting;

namespace Federation.Sensor.Reporting;

/// <summary>Turns what was counted in a window into one report for each VM that is watched.</summary>
public sealed class WindowReporter
{
    private readonly ImmutableArray<VmId> vms;
    private readonly Dictionary<Address, VmId> owners;

    /// <summary>Watches these VMs.</summary>
    /// <exception cref="ArgumentException">A VM is named twice, or two VMs share an address.</exception>
    public WindowReporter(IReadOnlyCollection<WatchedVm> watched)
    {
        vms = [.. watched.Select(vm => vm.Vm).Order()];
        owners = OwnersOf(watched);
        if (vms.Distinct().Count() != vms.Length)
        {
            throw new ArgumentException("A VM is watched twice", nameof(watched));
        }
    }

    /// <summary>One report for each VM, in their order; a VM that received nothing has one without records.</summary>
    /// <remarks>What stays on its link (<see cref="LinkScopes"/>) is reported between watched VMs only.</remarks>
    /// <param name="window">The window to report.</param>
    /// <param name="traffic">What was counted in it; null if no frame was.</param>
    /// <param name="covered">How much of the window was watched: (0 s, 30 s].</param>
    public IEnumerable<WindowReport> Report(Window window, WindowTraffic? traffic, TimeSpan covered)
    {
        var flows = traffic is null ? [] : FlowsByVm(traffic);
        foreach (var vm in vms)
        {
            yield return new WindowReport(vm, window, flows.TryGetValue(vm, out var own) ? RecordsOf(own) : [], covered);
        }
    }

    private Dictionary<VmId, Dictionary<(Address Peer, FlowDirection Direction), Tally>> FlowsByVm(WindowTraffic traffic)
    {
        var flows = new Dictionary<VmId, Dictionary<(Address Peer, FlowDirection Direction), Tally>>();
        foreach (var (pair, tally) in traffic.Pairs)
        {
            switch (OwnerOf(pair.Source), OwnerOf(pair.Destination))
            {
                case (not null, { } receiver):
                    Add(receiver, pair.Source, FlowDirection.Received, tally);
                    break;
                case (null, { } receiver) when LinkScopes.Of(pair.Source) is null:
                    Add(receiver, pair.Source, FlowDirection.Received, tally);
                    break;
                case ({ } sender, null) when LinkScopes.Of(pair.Destination) is null && traffic.ToOne(pair) is { Packets: > 0 } toOne:
                    // The broadcast address of a network looks like a host's: the frame's Ethernet receiver tells it.
                    Add(sender, pair.Destination, FlowDirection.Sent, toOne);
                    break;
                default:
                    break;
            }
        }

        return flows;

        void Add(VmId vm, Address peer, FlowDirection direction, Tally tally)
        {
            var own = flows.TryGetValue(vm, out var known) ? known : flows[vm] = [];
            own[(peer, direction)] = own.GetValueOrDefault((peer, direction)) + tally;
        }
    }

    private VmId? OwnerOf(Address address) => owners.TryGetValue(address, out var vm) ? vm : null;

    private static ImmutableArray<TrafficRecord> RecordsOf(Dictionary<(Address Peer, FlowDirection Direction), Tally> flows) =>
        [.. flows.OrderBy(flow => flow.Key)
            .Select(flow => new TrafficRecord(flow.Key.Peer, flow.Key.Direction, flow.Value.Packets, flow.Value.Bytes))];

    private static Dictionary<Address, VmId> OwnersOf(IReadOnlyCollection<WatchedVm> watched)
    {
        var owners = new Dictionary<Address, VmId>();
        foreach (var vm in watched)
        {
            foreach (var address in vm.Addresses)
            {
                if (!owners.TryAdd(address, vm.Vm) && owners[address] != vm.Vm)
                {
                    throw new ArgumentException($"{owners[address]} and {vm.Vm} share the address {address}", nameof(watched));
                }
            }
        }

        return owners;
    }
}

/// <summary>A VM that a sensor reports on. Compared by reference.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="Addresses">Its addresses; frames are told apart by the IPv4 and IPv6 ones.</param>
public sealed record WatchedVm(VmId Vm, ImmutableArray<Address> Addresses);

/// <summary>Numbers the reports of one start of a sensor, so that a service knows a repeated one.</summary>
/// <remarks>Not safe for use by several threads.</remarks>
/// <param name="sensor">The sensor's name, one per host.</param>
/// <param name="boot">New at every start of the sensor.</param>
public sealed class ReportNumbering(string sensor, Guid boot)
{
    private long last;

    /// <summary>Gives each report the next number, from 1; lazy.</summary>
    public IEnumerable<NumberedReport> Number(IEnumerable<WindowReport> reports) =>
        reports.Select(report => new NumberedReport(new ReportOrigin(sensor, boot, ++last), report));
}
