using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Networks;

/// <summary>The addresses of a segment's VMs.</summary>
public sealed partial record SegmentRegister
{
    /// <summary>A VM's interfaces with an address for each that names none: the one that it was given before, or the first of the range that nobody has or names.</summary>
    /// <param name="vm">The VM.</param>
    /// <param name="nics">Its interfaces, as it was started.</param>
    /// <param name="named">The addresses that VMs of the application name, also those that run nowhere.</param>
    /// <returns>The interfaces; none, and why: an address is another VM's, or the range is used up.</returns>
    public (ImmutableArray<SegmentNic> Nics, Refusal? Refusal) Addressed(VmRef vm, ImmutableArray<GuestNic> nics, IEnumerable<Address> named)
    {
        var before = Vms.GetValueOrDefault(vm) ?? SegmentVm.Unknown;
        var described = nics.Select(nic => new SegmentNic(Address.Parse(nic.Mac), nic.Addresses)).ToImmutableArray();
        if (before.At is not null && before.HasNics(described))
        {
            return (before.Nics, null);
        }

        var owners = Vms.Where(other => other.Key != vm).SelectMany(other => Held(other.Value), (other, address) => (other.Key, address))
            .Concat((Gated?.Held(Vni) ?? []).Select(address => (Key: new VmRef(Application, SegmentGateway.RouterName), address)))
            .DistinctBy(held => held.address).ToDictionary(held => held.address, held => held.Key);
        if (described.SelectMany(nic => nic.Named.Append(nic.Mac)).FirstOrDefault(owners.ContainsKey) is { Kind: not AddressKind.None } taken)
        {
            return ([], Refusal.SegmentAddressTaken(vm, taken, owners[taken].Vm));
        }

        var used = owners.Keys.Concat(named).Concat(described.SelectMany(nic => nic.Named)).ToHashSet();
        var given = ImmutableArray.CreateBuilder<SegmentNic>();
        foreach (var (index, nic) in described.Index())
        {
            var address = !nic.Named.IsEmpty ? null : index < before.Nics.Length && before.Nics[index].Given is { } kept && !owners.ContainsKey(kept) ? kept : Free(used);
            if (nic.Named.IsEmpty && address is null)
            {
                return ([], Refusal.SegmentAddressesUsed(vm, $"{Subnet}", Subnet.Room));
            }

            given.Add(nic with { Given = address });
            used.UnionWith(address is { } one ? [one] : []);
        }

        return (given.ToImmutable(), null);
    }

    /// <summary>The addresses that VMs were given.</summary>
    [JsonIgnore]
    public ImmutableSortedDictionary<VmId, ImmutableArray<Address>> Given => Vms
        .Select(vm => (vm.Key.Vm, Given: vm.Value.Nics.Select(nic => nic.Given).OfType<Address>().ToImmutableArray()))
        .Where(vm => !vm.Given.IsEmpty).ToImmutableSortedDictionary(vm => vm.Vm, vm => vm.Given);

    /// <summary>Whether VMs were given the same addresses.</summary>
    public static bool GaveTheSame(SegmentRegister before, SegmentRegister after) => ReferenceEquals(before.Vms, after.Vms)
        || after.Vms.Concat(before.Vms).All(vm => before.Vms.TryGetValue(vm.Key, out var one) && after.Vms.TryGetValue(vm.Key, out var other)
            ? one.Nics.Select(nic => nic.Given).SequenceEqual(other.Nics.Select(nic => nic.Given))
            : vm.Value.Nics.All(nic => nic.Given is null));

    // One that runs nowhere keeps what it was given; what it names is free for others until it starts.
    private static IEnumerable<Address> Held(SegmentVm vm) => vm.At is not null
        ? vm.Nics.SelectMany(nic => nic.All.Append(nic.Mac))
        : vm.Nics.Select(nic => nic.Given).OfType<Address>();

    private Address? Free(HashSet<Address> used)
    {
        for (var number = 0; number < Subnet.Room; number++)
        {
            if (!used.Contains(Subnet[number]))
            {
                return Subnet[number];
            }
        }

        return null;
    }
}
