using System.Collections.Immutable;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Yaml.Scalars;
using Federation.Yaml.Shapes;

namespace Federation.Files.ApplicationFiles;

/// <summary>Reads an application's endpoints, and sees that each has a name and addresses of its own.</summary>
/// <param name="vms">The application's VMs.</param>
/// <param name="places">Knows the sites, where they are known.</param>
internal sealed class EndpointReader(ImmutableArray<VmSpec> vms, PlaceReader places)
{
    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private readonly Dictionary<Address, string> owners = vms.SelectMany(vm => vm.Addresses, (vm, address) => (address, vm.Id))
        .DistinctBy(owned => owned.address).ToDictionary(owned => owned.address, owned => $"VM {owned.Id}");

    /// <summary>All of them, in the file's order.</summary>
    public ImmutableArray<Endpoint> Read(Section file) => [.. file.Sections("endpoints", ApplicationShapes.Endpoint).Select(ReadOne)];

    private Endpoint ReadOne(Section endpoint)
    {
        var name = endpoint.Read("name", Names.Label, "");
        if (name.Length > 0 && !names.Add(name))
        {
            endpoint.Refuse("name", "is the name of another endpoint", "give every endpoint a name of its own");
        }

        endpoint.RefuseEmpty("addresses", "write where it is reached, such as [10.42.0.250]");
        var addresses = endpoint.ReadAll("addresses", Names.Address);
        foreach (var address in addresses.Where(address => !owners.TryAdd(address, $"endpoint {name}")))
        {
            endpoint.Refuse("addresses", $"holds {address} of {owners[address]}", "give every address to one VM or endpoint, once");
        }

        return new(name, [.. addresses], places.ReadSite(endpoint));
    }
}
