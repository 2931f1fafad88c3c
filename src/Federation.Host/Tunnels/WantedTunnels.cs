using System.Collections.Immutable;
using Federation.Domain.Networks;
using Federation.Domain.Sites;

namespace Federation.Host.Tunnels;

/// <summary>With whom a host encrypts, as the service wants it. Holds a list: compare by <see cref="Is"/>.</summary>
/// <param name="Hosts">The other hosts.</param>
/// <param name="IsWanted">Whether the host is to have keys, be there others yet or not.</param>
internal sealed record WantedTunnels(ImmutableArray<EncryptedHost> Hosts, bool IsWanted)
{
    /// <summary>What the service's news come to.</summary>
    /// <param name="here">The host.</param>
    /// <param name="peers">The hosts of all its segments.</param>
    /// <param name="news">With which sites it encrypts, and how frames go there.</param>
    public static WantedTunnels Of(VtepId here, IEnumerable<SegmentPeer> peers, SegmentsNews news) => new(
        [.. peers.Where(peer => peer.Id != here && news.Encryption.ContainsKey(peer.Id.Site)).DistinctBy(peer => peer.Id).OrderBy(peer => peer.Id)
            .Select(peer => new EncryptedHost(peer.Id, peer.Address, peer.Tunnels, news.Encryption[peer.Id.Site] == LinkEncryption.Required, news.Stars.Contains(peer.Id.Site)))],
        !news.Encryption.IsEmpty);

    /// <summary>Whether both are the same.</summary>
    public bool Is(WantedTunnels other) => IsWanted == other.IsWanted && Hosts.Length == other.Hosts.Length && Hosts.Zip(other.Hosts).All(pair => pair.First.Is(pair.Second));
}
