using System.Collections.Immutable;
using Federation.Domain.Networks;

namespace Federation.Host.Tunnels;

/// <summary>Which tunnels a host has, and whom each knows. Pure.</summary>
internal static class TunnelLayout
{
    /// <summary>Those of a host that sends to others. It knows no client's port: clients begin, and may be behind what translates addresses.</summary>
    /// <param name="own">Its own ends: one tunnel for the direct paths of each generation, and one to each relay.</param>
    /// <param name="direct">The other hosts with which it has a direct path, and how often something is sent to each at least, seconds; 0: it only receives there.</param>
    /// <param name="relays">The relays.</param>
    public static ImmutableArray<TunnelSpec> Of(IEnumerable<OwnEnd> own, IReadOnlyCollection<(EncryptedHost Host, int KeepAlive)> direct, IReadOnlyCollection<TunnelPeer> relays) =>
    [
        .. from end in own
           select new TunnelSpec(new(TunnelUse.Direct, end.Generation), end.PrivateKey, end.Port, Peers(
               from each in direct.OrderBy(each => each.Host.Id.IsClient)
               from other in each.Host.Ends
               where other.Generation == end.Generation
               select (other.PublicKey, new TunnelTarget(each.Host.Address, each.Host.Id.IsClient ? null : other.Port) { KeepAlive = each.KeepAlive }))),
        .. from end in own
           from relay in relays
           from other in relay.Ends
           where other.Generation == end.Generation
           select new TunnelSpec(new(TunnelUse.ToRelay, end.Generation, relay.Id), end.PrivateKey, null, Peers(
               [(other.PublicKey, new TunnelTarget(relay.Address, other.Port) { PassesOn = true, KeepAlive = TunnelSights.RelayKeepAlive })])),
    ];

    /// <summary>Those of a relay. It knows no host's port: hosts begin, and may be behind what translates addresses.</summary>
    /// <param name="own">Its own ends.</param>
    /// <param name="hosts">The hosts between which it passes on.</param>
    public static ImmutableArray<TunnelSpec> Of(IEnumerable<OwnEnd> own, IReadOnlyCollection<TunnelPeer> hosts) =>
    [
        .. from end in own
           select new TunnelSpec(new(TunnelUse.Relaying, end.Generation), end.PrivateKey, end.Port, Peers(
               from host in hosts
               from other in host.Ends
               where other.Generation == end.Generation
               select (other.PublicKey, new TunnelTarget(host.Address, null) { KeepAlive = TunnelSights.RelayKeepAlive }))),
    ];

    private static ImmutableSortedDictionary<string, TunnelTarget> Peers(IEnumerable<(string Key, TunnelTarget Target)> peers) =>
        peers.DistinctBy(peer => peer.Key).ToImmutableSortedDictionary(peer => peer.Key, peer => peer.Target, StringComparer.Ordinal);
}
