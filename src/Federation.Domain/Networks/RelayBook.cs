using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Federation.Domain.Hosts;

namespace Federation.Domain.Networks;

/// <summary>The relays of the federation, and the hosts that may use them. Pure.</summary>
/// <remarks>Immutable: each step gives a new one, and the same object where nothing changes. Nothing of it is stored: agents tell it again. Compared by reference.</remarks>
public sealed record RelayBook
{
    /// <summary>Its hosts.</summary>
    public ImmutableSortedDictionary<VtepId, RelayMember> Members { get; init; } = ImmutableSortedDictionary<VtepId, RelayMember>.Empty;

    /// <summary>Counts the hosts that have joined.</summary>
    public long Joined { get; init; }

    /// <summary>A host is so.</summary>
    /// <param name="host">The host.</param>
    /// <param name="network">How it is reached.</param>
    /// <param name="heard">The relays that it hears.</param>
    public RelayBook Told(VtepId host, HostNetwork network, ImmutableArray<VtepId> heard)
    {
        var known = Members.GetValueOrDefault(host);
        return known is not null && known.Network.IsReachedAs(network) && known.Heard.SequenceEqual(heard)
            ? this
            : this with { Members = Members.SetItem(host, new(network, heard, known?.Number ?? Joined + 1)), Joined = known is null ? Joined + 1 : Joined };
    }

    /// <summary>A host is there no more.</summary>
    public RelayBook Without(VtepId host) => Members.ContainsKey(host) ? this with { Members = Members.Remove(host) } : this;

    /// <summary>What a host is told.</summary>
    /// <remarks>An address or a key is the one's that has had it for longer: nobody takes over another's traffic by claiming it.</remarks>
    /// <param name="host">The host.</param>
    /// <param name="peers">The hosts that it sends to.</param>
    public RelayNews For(VtepId host, IEnumerable<VtepId> peers)
    {
        var relays = Members.Where(member => !member.Value.Network.Relay.IsEmpty).Take(RelayNews.MostRelays).Select(relay => new TunnelPeer(relay.Key, relay.Value.Network.Address, relay.Value.Network.Relay)).ToList();
        var isRelay = relays.Exists(relay => relay.Id == host);
        var known = relays.Select(relay => relay.Id).ToHashSet();
        var news = new RelayNews(
            "",
            [.. relays.Where(relay => relay.Id != host)],
            peers.Where(Members.ContainsKey).Distinct().ToImmutableSortedDictionary(peer => peer, peer => Members[peer].Heard.Where(known.Contains).Order().ToImmutableArray()),
            isRelay ? Relayed(host) : []);
        return news with { Stamp = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(TextOf(news))))[..16] };
    }

    private static string TextOf(RelayNews news) => string.Join('\n', [
        .. news.Relays.Select(TextOf), "", .. news.Heard.Select(each => $"{each.Key} {string.Join(' ', each.Value)}"), "", .. news.Relayed.Select(TextOf),
    ]);

    private static string TextOf(TunnelPeer peer) => $"{peer.Id} {peer.Address} {string.Join(' ', peer.Ends.Select(end => $"{end.Generation}:{end.PublicKey}:{end.Port}"))}";

    // An end that tells another's key would take its traffic over: the key, too, is the one's that has had it for longer, and a host's before a client's.
    private ImmutableArray<TunnelPeer> Relayed(VtepId relay)
    {
        var (peers, keys) = (new List<TunnelPeer>(), new HashSet<string>());
        foreach (var (id, member) in Members.Where(member => member.Key != relay).OrderBy(member => member.Key.IsClient).ThenBy(member => member.Value.Number).DistinctBy(member => member.Value.Network.Address))
        {
            ImmutableArray<TunnelEnd> own = [.. member.Network.Tunnels.Where(end => keys.Add(end.PublicKey))];
            if (!own.IsEmpty)
            {
                peers.Add(new(id, member.Network.Address, own));
            }
        }

        return [.. peers.OrderBy(peer => peer.Id)];
    }
}

/// <summary>A host that is a relay or may use them. Holds a list: compared by reference.</summary>
/// <param name="Network">How it is reached.</param>
/// <param name="Heard">The relays that it hears.</param>
/// <param name="Number">Tells which of two has joined first.</param>
public sealed record RelayMember(HostNetwork Network, ImmutableArray<VtepId> Heard, long Number);
