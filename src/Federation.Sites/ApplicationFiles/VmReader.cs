using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Sites.Quantities;
using Federation.Sites.Scalars;
using Federation.Sites.Shapes;

namespace Federation.Sites.ApplicationFiles;

/// <summary>Reads the VMs of one application, one by one, and sees that no name or address comes twice.</summary>
/// <param name="places">Reads where VMs are and may be.</param>
internal sealed class VmReader(PlaceReader places)
{
    private readonly HashSet<VmId> names = [];
    private readonly Dictionary<Address, VmId> owners = [];

    /// <summary>What VMs have in common in the long and the short form: needs and places, without a name.</summary>
    public static VmSpec ReadUnnamed(Section vm, PlaceReader places) => new()
    {
        Id = default,
        Vcpus = vm.Read("vcpus", Numbers.Count, 1),
        MemoryBytes = vm.Read("memory", Sizes.PositiveBytes, 1),
        DirtyBytesPerSecond = vm.Read("dirtyRate", Rates.BytesPerSecond, 0),
        At = places.ReadAt(vm),
        Residency = [.. vm.ReadAll("residency", Names.Label)],
        Sites = places.ReadSites(vm),
    };

    /// <summary>One VM of the list.</summary>
    public VmSpec Read(Section vm)
    {
        var id = vm.Read("vm", Names.Vm, default);
        if (id != default && !names.Add(id))
        {
            vm.Refuse("vm", "is the name of another VM", "give every VM a name of its own");
        }

        var addresses = vm.ReadAll("addresses", Names.Address);
        foreach (var address in addresses.Where(address => !owners.TryAdd(address, id)))
        {
            vm.Refuse("addresses", $"holds {address} of VM {owners[address]}", "give every address to one VM, once");
        }

        return ReadUnnamed(vm, places) with { Id = id, Addresses = addresses };
    }
}
