using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using Federation.Domain;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Files.Quantities;
using Federation.Yaml;
using Federation.Yaml.Quantities;
using Federation.Yaml.Scalars;
using Federation.Yaml.Shapes;

namespace Federation.Files.ApplicationFiles;

/// <summary>Reads the VMs of one application, one by one, and sees that no name or address comes twice.</summary>
/// <param name="places">Reads where VMs are and may be.</param>
/// <param name="guests">Reads what they start from.</param>
internal sealed class VmReader(PlaceReader places, GuestReader guests)
{
    private readonly HashSet<VmId> names = [];
    private readonly Dictionary<Address, VmId> owners = [];
    private readonly Dictionary<Address, VmId> reached = [];

    private static readonly ScalarType<PublicWish> Wish = new(text =>
        Address.TryParse(text, out var address) && address.Kind == AddressKind.IPv4 ? Reading.Of(new PublicWish(null, address))
        : Names.Site.Read(text).Then(site => Reading.Of(new PublicWish(site, null))));

    /// <summary>What VMs have in common in the long and the short form: needs and places, without a name.</summary>
    public static VmSpec ReadUnnamed(Section vm, PlaceReader places, GuestReader guests) => new()
    {
        Id = default,
        Vcpus = vm.Read("vcpus", Machine.Vcpus, 1),
        MemoryBytes = vm.Read("memory", Machine.Memory, 1),
        DirtyBytesPerSecond = vm.Read("dirtyRate", Rates.BytesPerSecond, 0),
        Guest = guests.Read(vm),
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

        var areRead = (vm.Find("addresses")?.Node as YamlNode.Sequence)?.Items.Length is not { } written || written == addresses.Length;
        var nics = new NicReader(owners).Read(vm, id, areRead ? addresses : null);
        var wish = vm.Find("public")?.Read(Wish!, null);
        if (wish?.Address is { } wanted && !reached.TryAdd(wanted, id))
        {
            vm.Refuse("public", $"is {wanted} of VM {reached[wanted]}", "give every public address to one VM, or name a site: then it has one of its own");
        }

        var spec = ReadUnnamed(vm, places, guests) with { Id = id, Addresses = addresses, Public = wish };
        return nics.IsEmpty ? spec : spec with { Guest = (spec.Guest ?? new()) with { Nics = nics } };
    }
}

/// <summary>Reads the short form of a regular cluster: VMs alike but for a number in their names and addresses.</summary>
internal static class ClusterReader
{
    /// <summary>Leaves room for the number in a name of 63 characters.</summary>
    private const int LongestPrefix = 56;

    private static readonly ScalarType<int> Count =
        Numbers.Count.That(count => count <= Limits.Application.Vms, $"is more than {Limits.Application.Vms}", "write fewer VMs, or several applications");

    // An address is one VM's.
    private static readonly ScalarType<PublicWish> Site = Names.Site.As(site => new PublicWish(site, null));

    private static readonly ScalarType<VmId> Prefix =
        Names.Vm.That(prefix => prefix.Value.Length <= LongestPrefix, "is too long", $"write at most {LongestPrefix} characters");

    /// <summary>The VMs, counted from 1.</summary>
    public static ImmutableArray<VmSpec> Read(Section cluster, PlaceReader places, GuestReader guests)
    {
        var wanted = cluster.ReadOptional("count", Count);
        var prefix = cluster.Read("prefix", Prefix.As(name => (VmId?)name), cluster.Find("prefix") is null ? new VmId("vm") : null);
        var count = wanted ?? 1;
        var range = cluster.ReadOptional("firstAddress", Names.Address.As(first => new AddressRange(first)));
        var vm = VmReader.ReadUnnamed(cluster, places, guests) with { Public = cluster.Find("public")?.Read(Site!, null) };
        if (range is { } addresses && addresses.At(count - 1) is null)
        {
            cluster.Refuse("firstAddress", $"leaves no room for {count} addresses", "begin at a lower address");
        }

        if (wanted is null || prefix is null)
        {
            // Which VMs these would be is not known.
            return [vm];
        }

        return
        [
            .. from index in Enumerable.Range(0, count)
               select vm with
               {
                   Id = new VmId(prefix.Value.Value + (index + 1).ToString(CultureInfo.InvariantCulture)),
                   Addresses = range?.At(index) is { } own ? [own] : [],
               },
        ];
    }
}

/// <summary>Addresses that follow one another.</summary>
/// <param name="First">The first.</param>
internal readonly record struct AddressRange(Address First)
{
    /// <summary>The address so many after the first; null past the last one of its kind.</summary>
    public Address? At(int offset)
    {
        var number = First.Number + (uint)offset;
        if (number < First.Number || number > Last)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return First.Kind switch
        {
            AddressKind.IPv4 => Address.IPv4(bytes[12..]),
            AddressKind.IPv6 => Address.IPv6(bytes),
            _ => Address.Mac(bytes[10..]),
        };
    }

    private UInt128 Last => First.Kind switch
    {
        AddressKind.IPv4 => uint.MaxValue,
        AddressKind.IPv6 => UInt128.MaxValue,
        _ => (UInt128.One << 48) - 1,
    };
}
