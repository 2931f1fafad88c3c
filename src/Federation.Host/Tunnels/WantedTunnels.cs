using System.Collections.Immutable;
using Federation.Domain.Networks;
using Federation.Domain.Sites;

namespace Federation.Host.Tunnels;

/// <summary>With whom a host encrypts, as the service wants it. Holds a list: compare by <see cref="Is"/>.</summary>
/// <param name="Hosts">The other hosts.</param>
/// <param name="IsWanted">Whether the host is to have keys, be there others yet or not.</param>
/// <param name="Clients">What clients may send.</param>
internal sealed record WantedTunnels(ImmutableArray<EncryptedHost> Hosts, bool IsWanted, ImmutableSortedSet<ClientRight> Clients)
{
    /// <summary>What the service's news come to.</summary>
    /// <param name="here">The host.</param>
    /// <param name="peers">The hosts of all its segments.</param>
    /// <param name="news">With which sites it encrypts, and how frames go there.</param>
    /// <param name="clients">What clients may send.</param>
    /// <remarks>To and from clients nothing goes that is not encrypted, and by a relay where there is little: who knows from where they are reached.</remarks>
    public static WantedTunnels Of(VtepId here, IEnumerable<SegmentPeer> peers, SegmentsNews news, ImmutableSortedSet<ClientRight> clients)
    {
        var others = peers.Where(peer => peer.Id != here).DistinctBy(peer => peer.Id).OrderBy(peer => peer.Id).ToList();
        bool IsClients(SegmentPeer peer) => here.IsClient || peer.Id.IsClient;
        return new(
            [.. others.Where(peer => IsClients(peer) || news.Encryption.ContainsKey(peer.Id.Site)).Select(peer => new EncryptedHost(
                peer.Id,
                peer.Address,
                peer.Tunnels,
                IsClients(peer) || news.Encryption[peer.Id.Site] == LinkEncryption.Required,
                IsClients(peer) || news.Stars.Contains(peer.Id.Site)))],
            here.IsClient || !news.Encryption.IsEmpty || others.Exists(IsClients),
            clients);
    }

    /// <summary>Whether both are the same.</summary>
    public bool Is(WantedTunnels other) => IsWanted == other.IsWanted && Clients.SetEquals(other.Clients) && Hosts.Length == other.Hosts.Length && Hosts.Zip(other.Hosts).All(pair => pair.First.Is(pair.Second));
}
