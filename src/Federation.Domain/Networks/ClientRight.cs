using Federation.Domain.Identity;

namespace Federation.Domain.Networks;

/// <summary>A source that a client may name in what it sends: hosts drop everything else that comes from it.</summary>
/// <param name="Below">The client's address on the network below.</param>
/// <param name="Vni">The number of its segment.</param>
/// <param name="Mac">Its hardware address there.</param>
/// <param name="Address">One of its addresses there.</param>
public readonly record struct ClientRight(Address Below, int Vni, Address Mac, Address Address) : IComparable<ClientRight>
{
    /// <summary>Those of all clients of a segment that hosts are told of.</summary>
    public static IEnumerable<ClientRight> Of(Segment segment) =>
        from entry in segment.Entries.Values
        where SegmentClients.IsPort(entry.Port) && entry.At is { IsClient: true } at && segment.Peers.ContainsKey(at)
        from address in entry.Addresses
        select new ClientRight(segment.Peers[entry.At!.Value].Address, segment.Vni, entry.Mac, address);

    /// <summary>By client, then by address.</summary>
    public int CompareTo(ClientRight other) => Below.CompareTo(other.Below) is not 0 and var byClient ? byClient : Address.CompareTo(other.Address);
}
