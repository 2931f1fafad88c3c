using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Sites;

/// <summary>What a VM that wants a place would have of its host, if it can be had. Holds collections: compared by reference.</summary>
/// <param name="Near">The VMs of its application that it talks with: it goes where most of them are.</param>
/// <param name="Apart">The VMs of its application that must not all be lost with it: it goes where fewest of them are, before all else.</param>
public sealed record HostWishes(ImmutableSortedSet<VmId> Near, ImmutableSortedSet<VmId> Apart)
{
    /// <summary>The one host that its plan names: it takes no other; null: the site picks one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Host { get; init; }

    /// <summary>None.</summary>
    public static HostWishes None { get; } = new([], []);

    /// <summary>What one VM of an application would have.</summary>
    /// <param name="vm">The VM.</param>
    /// <param name="groups">The communication groups.</param>
    /// <param name="apart">The sets of VMs that are to be spread.</param>
    public static HostWishes Of(VmId vm, IEnumerable<ImmutableArray<VmId>> groups, IEnumerable<ImmutableArray<VmId>> apart) =>
        new(Others(vm, groups), Others(vm, apart));

    private static ImmutableSortedSet<VmId> Others(VmId vm, IEnumerable<ImmutableArray<VmId>> sets) =>
        [.. sets.Where(set => set.Contains(vm)).SelectMany(set => set).Where(other => other != vm)];
}

/// <summary>Picks the host for a VM that a site gives a place.</summary>
/// <remarks>
/// Of the hosts that are ready, have room and fit: the one with the fewest VMs to be kept apart from, of these the one with the most VMs of its
/// communication group, of these the one that is left with the least memory (best fit), then by name. O(hosts + places).
/// </remarks>
public static class HostChoice
{
    /// <summary>The host, or why there is none.</summary>
    /// <param name="site">The site.</param>
    /// <param name="hosts">Its hosts, at least one.</param>
    /// <param name="ledger">Who is where.</param>
    /// <param name="request">The VM.</param>
    /// <param name="takes">What it takes of the host.</param>
    /// <param name="leaves">The host that it leaves; null: it comes from elsewhere.</param>
    public static (string? Host, Refusal? Refusal) Pick(SiteId site, SiteHosts hosts, SiteLedger ledger, AdmissionRequest request, HostUse takes, string? leaves = null)
    {
        var use = ledger.OnHosts();
        var wishes = request.Wishes ?? HostWishes.None;
        var places = ledger.Allocations.Values.Where(place => place.Vm.Application == request.Vm.Application && place.Vm != request.Vm)
            .SelectMany(place => place.Hosts.Select(host => (place.Vm.Vm, Host: host))).ToLookup(place => place.Host, place => place.Vm);
        var fit = hosts.All.Select(host => (Host: host, Left: host.Size - use.GetValueOrDefault(host.Name) - takes))
            .Where(candidate => Against(candidate.Host, candidate.Left, request, hosts.Named(leaves)) is null).ToList();
        return fit.Count == 0
            ? (null, Refusal.CapacityHosts(site, request.Vm, hosts.All.Select(host =>
                $"{host.Name} {Against(host, host.Size - use.GetValueOrDefault(host.Name) - takes, request, hosts.Named(leaves))}")))
            : (fit.OrderBy(candidate => places[candidate.Host.Name].Count(wishes.Apart.Contains))
                .ThenByDescending(candidate => places[candidate.Host.Name].Count(wishes.Near.Contains))
                .ThenBy(candidate => candidate.Left.MemoryBytes).ThenBy(candidate => candidate.Host.Name, StringComparer.Ordinal).First().Host.Name, null);
    }

    // In words that follow the host's name; null: nothing stands against it.
    private static string? Against(SiteHost host, HostUse left, AdmissionRequest request, SiteHost? leaves) =>
        host.State != HostState.Ready ? $"is {host.State.ToString().ToLowerInvariant()}"
        : host == leaves ? "is where it leaves"
        : request.Wishes?.Host is { } only && only != host.Name ? $"is not {only}, which the plan names"
        : left.Vcpus < 0 ? $"lacks {-left.Vcpus} vCPUs"
        : left.MemoryBytes < 0 ? $"lacks {RefusalText.Amount(-left.MemoryBytes)} of memory"
        : left.DiskBytes < 0 ? $"lacks {RefusalText.Amount(-left.DiskBytes)} of disk"
        : HostShape.Missing(host.Facts.Hypervisor, request.Needs.Hardware) is { } missing ? $"has no {missing}"
        : leaves is not null && leaves.Facts.Hypervisor.Driver != host.Facts.Hypervisor.Driver
            ? $"runs {host.Facts.Hypervisor.Driver}, and {leaves.Name} {leaves.Facts.Hypervisor.Driver}"
        : null;
}
