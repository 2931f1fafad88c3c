using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Networks;

/// <summary>The addresses of a segment's VMs.</summary>
public sealed partial record SegmentRegister
{
    // Which VM has which address: found when it is first needed, and kept from one step to the next. It follows the VMs: null where they were set otherwise.
    [JsonIgnore]
    private ImmutableDictionary<Address, VmRef>? Owners { get; set; }

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

        if (described.SelectMany(nic => nic.Named.Append(nic.Mac)).FirstOrDefault(address => OtherOwner(address, vm) is not null) is { Kind: not AddressKind.None } taken)
        {
            return ([], Refusal.SegmentAddressTaken(vm, taken, OtherOwner(taken, vm)!.Value));
        }

        // Of use only where an address is to be found.
        var used = described.All(nic => !nic.Named.IsEmpty) ? [] : named.Concat(described.SelectMany(nic => nic.Named)).ToHashSet();
        var given = ImmutableArray.CreateBuilder<SegmentNic>();
        foreach (var (index, nic) in described.Index())
        {
            var address = !nic.Named.IsEmpty ? null : index < before.Nics.Length && before.Nics[index].Given is { } kept && OtherOwner(kept, vm) is null ? kept : Free(used, vm);
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
    public static bool GaveTheSame(SegmentRegister before, SegmentRegister after) => ReferenceEquals(before.Vms, after.Vms) || before.GivenInOrder.SequenceEqual(after.GivenInOrder);

    private IEnumerable<(VmRef Vm, int Nic, Address Given)> GivenInOrder =>
        from vm in Vms
        from nic in vm.Value.Nics.Index()
        where nic.Item.Given is not null
        select (vm.Key, nic.Index, nic.Item.Given!.Value);

    // One that runs nowhere keeps what it was given; what it names is free for others until it starts.
    private static IEnumerable<Address> Held(SegmentVm vm) => vm.At is not null
        ? vm.Nics.SelectMany(nic => nic.All.Append(nic.Mac))
        : vm.Nics.Select(nic => nic.Given).OfType<Address>();

    private ImmutableDictionary<Address, VmRef> OwnersWith(VmRef vm, SegmentVm next)
    {
        var builder = OwnersNow().ToBuilder();
        builder.RemoveRange(Held(Vms.GetValueOrDefault(vm) ?? SegmentVm.Unknown).Where(address => builder.TryGetValue(address, out var owner) && owner == vm).ToList());
        foreach (var address in Held(next))
        {
            builder.TryAdd(address, vm);
        }

        return builder.ToImmutable();
    }

    private ImmutableDictionary<Address, VmRef> OwnersNow() => Owners ??= Vms.SelectMany(vm => Held(vm.Value), (vm, address) => (vm.Key, address))
        .DistinctBy(held => held.address).ToImmutableDictionary(held => held.address, held => held.Key);

    // Who has an address, one VM left aside; where something names none of them, by what it is.
    private VmId? OtherOwner(Address address, VmRef? aside) => OwnersNow().TryGetValue(address, out var owner) && owner != aside ? owner.Vm
        : Gated?.Held(Vni).Contains(address) is true ? SegmentGateway.RouterName
        : Clients.Where(client => client.Value.Addresses.Contains(address) || SegmentClients.MacOf(Vni, client.Value.Slot) == address)
            .Select(client => (VmId?)OwnerOf(client.Key)).FirstOrDefault();

    private Address? Free(HashSet<Address> used, VmRef? aside)
    {
        for (var number = 0; number < Subnet.Room; number++)
        {
            if (!used.Contains(Subnet[number]) && OtherOwner(Subnet[number], aside) is null)
            {
                return Subnet[number];
            }
        }

        return null;
    }
}
