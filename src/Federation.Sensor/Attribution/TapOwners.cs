using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Sensor.Live;

namespace Federation.Sensor.Attribution;

/// <summary>Remembers which VM is behind which tap, from what comes out of it. Not safe for use by several threads.</summary>
/// <remarks>A source that knows the tap is believed; otherwise the newest frames that came in by it tell.</remarks>
internal sealed class TapOwners
{
    private readonly Dictionary<string, VmRef> owners = new(StringComparer.Ordinal);
    private readonly Dictionary<VmRef, HashSet<Address>> macs = [];

    /// <summary>Learns from a window's frames.</summary>
    public void Learn(IReadOnlyCollection<FrameTally> tallies, IReadOnlyCollection<PresentVm> vms, VmIndex index)
    {
        foreach (var tally in tallies.Where(tally => !tally.Towards))
        {
            if (index.Find(tally.SourceMac, tally.Source) is { Vm.Vm: var sender })
            {
                owners[tally.Interface] = sender;
            }
        }

        foreach (var vm in vms.Where(vm => vm.Vm.Tap is not null))
        {
            owners[vm.Vm.Tap!] = vm.Vm.Vm;
        }

        foreach (var tally in tallies.Where(tally => !tally.Towards && !LinkScopes.IsGroup(tally.SourceMac)))
        {
            if (owners.TryGetValue(tally.Interface, out var vm))
            {
                (macs.TryGetValue(vm, out var known) ? known : macs[vm] = []).Add(tally.SourceMac);
            }
        }
    }

    /// <summary>The VM behind a tap; null if nothing tells.</summary>
    public VmRef? Behind(string tap) => owners.TryGetValue(tap, out var vm) ? vm : null;

    /// <summary>A tap that a VM is behind; null if nothing tells.</summary>
    public string? TapOf(VmRef vm) => owners.Where(owner => owner.Value == vm).Select(owner => owner.Key).FirstOrDefault();

    /// <summary>The VMs that are behind any of these taps.</summary>
    public IReadOnlySet<VmRef> Behind(IEnumerable<string> taps) => taps.Select(Behind).OfType<VmRef>().ToHashSet();

    /// <summary>The MAC addresses that came out of a VM's taps; null if nothing did.</summary>
    public IReadOnlySet<Address>? MacsOf(VmRef vm) => macs.GetValueOrDefault(vm);
}
