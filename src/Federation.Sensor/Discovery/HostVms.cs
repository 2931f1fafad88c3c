using System.Collections.Immutable;

namespace Federation.Sensor.Discovery;

/// <summary>The VMs on this host, as all sources together say at the moment. Safe for use by several threads.</summary>
public sealed class HostVms
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, VmListing> listings = new(StringComparer.Ordinal);

    /// <summary>What they say; replaced whole.</summary>
    public HostVmsView View { get; private set; } = HostVmsView.Of([]);

    /// <summary>Takes what a source says now, in place of what it said before.</summary>
    public void Take(string source, VmListing listing)
    {
        lock (gate)
        {
            listings[source] = listing;
            View = HostVmsView.Of([.. listings.Values]);
        }
    }
}

/// <summary>The VMs on this host at one instant. Compared by reference.</summary>
/// <param name="Vms">Each VM once, with the addresses and the tap that any source knows; in order.</param>
/// <param name="Peers">Addresses of VMs of their applications.</param>
public sealed record HostVmsView(ImmutableArray<LocalVm> Vms, ImmutableHashSet<PeerAddress> Peers)
{
    /// <summary>All listings as one.</summary>
    public static HostVmsView Of(IReadOnlyCollection<VmListing> listings) => new(
        Merge(listings.SelectMany(listing => listing.Vms)),
        [.. listings.SelectMany(listing => listing.Peers)]);

    /// <summary>Each VM once.</summary>
    public static ImmutableArray<LocalVm> Merge(IEnumerable<LocalVm> vms) =>
        [.. vms.GroupBy(vm => vm.Vm).OrderBy(same => same.Key).Select(same => new LocalVm(
            same.Key,
            [.. same.SelectMany(vm => vm.Addresses).Distinct().Order()],
            same.Select(vm => vm.Tap).FirstOrDefault(tap => tap is not null)))];
}
