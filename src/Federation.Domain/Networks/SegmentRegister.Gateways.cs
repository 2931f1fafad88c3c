using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Federation.Domain.Identity;

namespace Federation.Domain.Networks;

/// <summary>The way from outside into a segment, and back.</summary>
public sealed partial record SegmentRegister
{
    /// <summary>Its gateways, and what leads in; null: nothing does.</summary>
    public SegmentGate? Gated { get; init; }

    /// <summary>The segment where it is reached from outside so.</summary>
    /// <param name="publics">The public addresses of its VMs; none: it is not reached.</param>
    /// <param name="gateways">The hosts that own all of these, each of them one of <see cref="Hosts"/>.</param>
    /// <param name="active">The one that has them.</param>
    /// <param name="named">The addresses that VMs of the application name: the router has none of them.</param>
    public SegmentRegister Reached(ImmutableSortedDictionary<VmId, Address> publics, ImmutableArray<VtepId> gateways, VtepId? active, IEnumerable<Address> named)
    {
        var next = Revision + 1;
        if (HasEnded)
        {
            return this;
        }

        if (publics.IsEmpty || active is not { } at || !Hosts.ContainsKey(at) || (Gated?.Router ?? FreeForRouter(named)) is not { } router)
        {
            return Gated is null ? this
                : (this with { Gated = null }).Without([SegmentGateway.PortOf(Application)], next) with { Revision = next, Common = next };
        }

        ImmutableArray<VtepId> others = [.. gateways.Where(host => host != at && Hosts.ContainsKey(host))];
        return Gated is { } known && known.Active == at && known.Standbys.SequenceEqual(others) && known.Publics.SequenceEqual(publics) ? this
            : this with
            {
                Gated = new(router, at, others, publics) { Revision = next },
                Gone = Gone.Remove(SegmentGateway.PortOf(Application)),
                Revision = next,
                Common = next,
            };
    }

    // The one that answers for the network itself, where no VM has it or names it; otherwise the last that is free.
    private Address? FreeForRouter(IEnumerable<Address> named)
    {
        var used = Vms.Values.SelectMany(vm => vm.Nics).SelectMany(nic => nic.All).Concat(named).Concat(Clients.Values.SelectMany(client => client.Addresses)).ToHashSet();
        return Enumerable.Range(0, Subnet.Room).Select(number => Subnet[Subnet.Room - 1 - number]).Prepend(Subnet.Own)
            .Where(address => !used.Contains(address)).Select(address => (Address?)address).FirstOrDefault();
    }
}

/// <summary>What the service keeps of the way into a segment. Holds lists: compared by reference.</summary>
/// <param name="Router">The router's address on the segment, the same as long as there is a way in.</param>
/// <param name="Active">See <see cref="SegmentGateway.Active"/>.</param>
/// <param name="Standbys">See <see cref="SegmentGateway.Standbys"/>.</param>
/// <param name="Publics">The public address of each VM that has one.</param>
public sealed record SegmentGate(Address Router, VtepId Active, ImmutableArray<VtepId> Standbys, ImmutableSortedDictionary<VmId, Address> Publics)
{
    /// <summary>The segment's revision at which any of this changed last.</summary>
    public long Revision { get; init; }

    /// <summary>All gateways.</summary>
    [JsonIgnore]
    public IEnumerable<VtepId> Gateways => Standbys.Prepend(Active);

    /// <summary>What no VM may have.</summary>
    public IEnumerable<Address> Held(int vni) => [Router, SegmentGateway.MacOf(vni)];

    /// <summary>The router, as hosts are told of it.</summary>
    public IEnumerable<SegmentEntry> Entries(AppId application, int vni) =>
        [new(SegmentGateway.PortOf(application), SegmentGateway.MacOf(vni), [Router], Revision, 0, Active)];

    /// <summary>All of it, as hosts are told of it.</summary>
    public SegmentGateway Gateway(AppId application) =>
        new(Active, Standbys, Router, Publics.ToImmutableSortedDictionary(one => one.Value, one => new SegmentPort(new(application, one.Key), 0)));
}
