using System.Collections.Frozen;
using System.Collections.Immutable;
using Federation.Domain.Applications;
using Federation.Domain.Identity;

namespace Federation.Grains;

/// <summary>The VMs whose traffic is collected, as a description has them. Compared by reference.</summary>
/// <param name="specs">The VMs that it describes.</param>
/// <param name="stamp">Tells it from any other one.</param>
/// <param name="given">The addresses that their network gave to those which name none; null: to none.</param>
/// <param name="endpoints">What they exchange data with that stays where it is; default: nothing.</param>
internal sealed class ReportingVms(
    ImmutableArray<VmSpec> specs, Guid stamp, ImmutableSortedDictionary<VmId, ImmutableArray<Address>>? given = null, ImmutableArray<Endpoint> endpoints = default)
{
    private readonly FrozenDictionary<Address, string> endpointsAt = (endpoints.IsDefault ? [] : endpoints)
        .SelectMany(endpoint => endpoint.Addresses, (endpoint, address) => (address, endpoint.Name))
        .DistinctBy(owned => owned.address).ToFrozenDictionary(owned => owned.address, owned => owned.Name);

    private readonly FrozenSet<VmId> names = specs.Select(vm => vm.Id).ToFrozenSet();
    private readonly FrozenDictionary<Address, VmId> owners = specs.SelectMany(vm => vm.Addresses, (vm, address) => (address, vm.Id))
        .Concat((given ?? ImmutableSortedDictionary<VmId, ImmutableArray<Address>>.Empty).SelectMany(vm => vm.Value, (vm, address) => (address, Id: vm.Key)))
        .DistinctBy(owned => owned.address).ToFrozenDictionary(owned => owned.address, owned => owned.Id);

    /// <summary>None: there is no such application.</summary>
    public static ReportingVms None { get; } = new([], Guid.Empty);

    /// <summary>The VMs, in the description's order.</summary>
    public ImmutableArray<VmId> All { get; } = [.. specs.Select(vm => vm.Id)];

    /// <summary>Tells this description from any other one.</summary>
    public Guid Stamp => stamp;

    /// <summary>Whether a VM is one of them.</summary>
    public bool Has(VmId vm) => names.Contains(vm);

    /// <summary>Which endpoint has an address; null: none.</summary>
    public string? EndpointAt(Address address) => endpointsAt.GetValueOrDefault(address);

    /// <summary>Whose address it is; null: nobody's here.</summary>
    public VmId? OwnerOf(Address address) => owners.TryGetValue(address, out var vm) ? vm : null;
}
