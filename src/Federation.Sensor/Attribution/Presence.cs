using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Sensor.Discovery;

namespace Federation.Sensor.Attribution;

/// <summary>Collects which VMs were on this host while a window was open. Not safe for use by several threads.</summary>
public sealed class Presence
{
    private readonly Dictionary<VmRef, List<LocalVm>> seen = [];
    private readonly HashSet<VmRef> throughout;
    private HostVmsView last;

    /// <summary>Begins a window.</summary>
    public Presence(HostVmsView atStart)
    {
        throughout = [.. atStart.Vms.Select(vm => vm.Vm)];
        last = atStart;
        Note(atStart);
    }

    /// <summary>Addresses of VMs of the same applications, at any time of the window.</summary>
    public ImmutableHashSet<PeerAddress> Peers { get; private set; } = [];

    /// <summary>The VMs, in order.</summary>
    public ImmutableArray<PresentVm> Vms
    {
        get
        {
            var here = last.Vms.Select(vm => vm.Vm).ToHashSet();
            return [.. HostVmsView.Merge(seen.Values.SelectMany(vms => vms)).Select(vm => new PresentVm(
                vm, throughout.Contains(vm.Vm) ? Stay.Throughout : here.Contains(vm.Vm) ? Stay.Came : Stay.Left))];
        }
    }

    /// <summary>Takes the VMs that an earlier start saw in the same window.</summary>
    public void Recall(IEnumerable<PresentVm> earlier)
    {
        foreach (var vm in earlier)
        {
            if (vm.Stay != Stay.Throughout)
            {
                throughout.Remove(vm.Vm.Vm);
            }

            (seen.TryGetValue(vm.Vm.Vm, out var known) ? known : seen[vm.Vm.Vm] = []).Add(vm.Vm);
        }
    }

    /// <summary>Takes how it is now.</summary>
    public void See(HostVmsView now)
    {
        if (ReferenceEquals(now, last))
        {
            return;
        }

        throughout.IntersectWith(now.Vms.Select(vm => vm.Vm));
        last = now;
        Note(now);
    }

    private void Note(HostVmsView view)
    {
        Peers = Peers.Union(view.Peers);
        foreach (var vm in view.Vms)
        {
            (seen.TryGetValue(vm.Vm, out var known) ? known : seen[vm.Vm] = []).Add(vm);
        }
    }
}

/// <summary>A VM that was on this host in a window.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="Stay">For which part of the window it was known to be here.</param>
public sealed record PresentVm(LocalVm Vm, Stay Stay);

/// <summary>For which part of a window a VM was known to be here.</summary>
public enum Stay
{
    /// <summary>All of it.</summary>
    Throughout,

    /// <summary>It came, and was here at the end.</summary>
    Came,

    /// <summary>It left before the end.</summary>
    Left,
}
