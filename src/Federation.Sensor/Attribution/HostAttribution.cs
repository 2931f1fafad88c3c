using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
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
