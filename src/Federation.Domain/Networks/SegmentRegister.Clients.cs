using System.Collections.Immutable;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Networks;

/// <summary>Machines of users on a segment.</summary>
public sealed partial record SegmentRegister
{
    /// <summary>Its clients, by name.</summary>
    public ImmutableSortedDictionary<string, SegmentClient> Clients { get; init; } = ImmutableSortedDictionary<string, SegmentClient>.Empty;

    /// <summary>The segment with another client, of which hosts hear once it is reached. Told again with the same token, nothing changes.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="wished">The IPv4 addresses that it is to have; none: it gets one.</param>
    /// <param name="tokenHash">What is kept of its token.</param>
    /// <param name="named">The addresses that VMs of the application name, also those that run nowhere.</param>
    /// <param name="now">The time.</param>
    /// <returns>The segment, and why there is no such client; null: there is.</returns>
    public (SegmentRegister Next, Refusal? Refusal) Admitted(string name, ImmutableArray<Address> wished, string tokenHash, IReadOnlyCollection<Address> named, DateTimeOffset now)
    {
        if (HasEnded)
        {
            return (this, Refusal.ClientsNeedNetwork(Application));
        }

        if (Clients.TryGetValue(name, out var known))
        {
            return (this, known.TokenHash == tokenHash ? null : Refusal.ClientKnown(Application, name));
        }

        if (Clients.Count >= SegmentClients.Most)
        {
            return (this, Refusal.ClientsUsed(Application, SegmentClients.Most));
        }

        if (wished.Select(address => RefusalOf(name, address, named)).FirstOrDefault(refusal => refusal is not null) is { } refused)
        {
            return (this, refused);
        }

        ImmutableArray<Address> given = wished.IsEmpty ? Free([.. named], null) is { } free ? [free] : [] : [.. wished.Distinct()];
        if (given.IsEmpty)
        {
            return (this, Refusal.SegmentAddressesUsed(new(Application, OwnerOf(name)), $"{Subnet}", Subnet.Room));
        }

        var slot = Enumerable.Range(0, SegmentClients.Most).Except(Clients.Values.Select(client => client.Slot)).First();
        var kind = Hosts.Values.Select(host => host.Network.Address.Kind).FirstOrDefault(AddressKind.IPv4);
        return (this with { Clients = Clients.SetItem(name, new(slot, given, SegmentClients.BelowOf(Vni, slot, kind), tokenHash, now)) }, null);
    }

    /// <summary>A client is there, and reached so; there is no such client: nothing happens.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="network">How it is reached.</param>
    public SegmentRegister Attached(string name, HostNetwork network)
    {
        if (HasEnded || !Clients.TryGetValue(name, out var client))
        {
            return this;
        }

        var (id, port) = (SegmentClients.IdOf(Application, name), SegmentClients.PortOf(Application, name));
        var joined = Joined(id, network);
        return Hosts.ContainsKey(id) ? joined : joined with
        {
            Common = joined.Revision,
            Clients = Clients.SetItem(name, client with { Revision = joined.Revision }),
            Gone = joined.Gone.Remove(port),
        };
    }

    /// <summary>A client is one no more: its addresses are free, and no host takes anything from it.</summary>
    public SegmentRegister Dismissed(string name)
    {
        var (id, next) = (SegmentClients.IdOf(Application, name), Revision + 1);
        return !Clients.ContainsKey(name) ? this
            : !Hosts.ContainsKey(id) ? this with { Clients = Clients.Remove(name) }
            : (this with { Clients = Clients.Remove(name), Hosts = Hosts.Remove(id), GoneHosts = GoneHosts.SetItem(id, next) })
                .Without([SegmentClients.PortOf(Application, name)], next) with { Revision = next, Common = next };
    }

    private IEnumerable<SegmentEntry> ClientEntries(long since) => Clients.Where(client => client.Value.Revision > since)
        .Select(client => new SegmentEntry(
            SegmentClients.PortOf(Application, client.Key), SegmentClients.MacOf(Vni, client.Value.Slot), client.Value.Addresses, client.Value.Revision, 0, SegmentClients.IdOf(Application, client.Key)));

    private Refusal? RefusalOf(string name, Address address, IReadOnlyCollection<Address> named) =>
        !Subnet.IsForVms(address) ? Refusal.ClientAddressOutside(Application, name, address, $"{Subnet}")
        : OtherOwner(address, null) is { } owner ? Refusal.ClientAddressTaken(Application, name, address, owner.Value)
        : named.Contains(address) ? Refusal.ClientAddressTaken(Application, name, address, null)
        : null;

    private static VmId OwnerOf(string client) => new($"client {client}");
}
