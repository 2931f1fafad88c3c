using System.Collections.Immutable;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Sites;

namespace Federation.Domain.Networks;

/// <summary>The layer-2 network of one application's incarnation, as one host should have it. Holds collections: compared by reference.</summary>
/// <param name="Application">The application.</param>
/// <param name="Vni">Its number on the wire, 1 to 16,777,215; no other segment of the federation has it.</param>
/// <param name="Mtu">The longest packet of its VMs, bytes: the least of all hosts' networks less what encapsulation and encryption take. It never changes.</param>
/// <param name="Subnet">The range from which VMs that name no address get one. It never changes.</param>
/// <param name="Revision">Counts its changes.</param>
/// <param name="Entries">Where each interface is.</param>
/// <param name="Peers">How the hosts of the segment are reached, the host itself among them.</param>
public sealed record Segment(
    AppId Application,
    int Vni,
    int Mtu,
    Subnet Subnet,
    long Revision,
    ImmutableSortedDictionary<SegmentPort, SegmentEntry> Entries,
    ImmutableSortedDictionary<VtepId, SegmentPeer> Peers)
{
    /// <summary>How it is reached from outside; null: not at all.</summary>
    public SegmentGateway? Gateway { get; init; }

    /// <summary>The segment with news of it.</summary>
    /// <returns>Null: the news begin after another revision than this one, so that all has to be asked for.</returns>
    public Segment? With(SegmentUpdate news) =>
        news.Since == 0 ? Whole(news)
        : news.Since != Revision ? null
        : new(
            Application,
            news.Vni,
            news.Mtu,
            news.Subnet,
            news.Revision,
            Entries.RemoveRange(news.Gone).SetItems(news.Entries.Select(entry => KeyValuePair.Create(entry.Port, entry))),
            Peers.RemoveRange(news.GonePeers).SetItems(news.Peers.Select(peer => KeyValuePair.Create(peer.Id, peer))))
        { Gateway = news.Gateway };

    /// <summary>The segment of an update that tells all.</summary>
    public static Segment Whole(SegmentUpdate all) => new(
        all.Application,
        all.Vni,
        all.Mtu,
        all.Subnet,
        all.Revision,
        all.Entries.ToImmutableSortedDictionary(entry => entry.Port, entry => entry),
        all.Peers.ToImmutableSortedDictionary(peer => peer.Id, peer => peer))
    { Gateway = all.Gateway };
}

/// <summary>How a host of a segment is reached.</summary>
/// <param name="Id">The host.</param>
/// <param name="Address">Its address on the network below, IPv4 or IPv6.</param>
public sealed record SegmentPeer(VtepId Id, Address Address)
{
    /// <summary>Where it receives encrypted, see <see cref="HostNetwork.Tunnels"/>.</summary>
    public ImmutableArray<TunnelEnd> Tunnels { get; init; } = [];
}

/// <summary>What has changed of a segment, for one host. Holds lists: compared by reference.</summary>
/// <param name="Application">The application.</param>
/// <param name="Since">The revision that it is told after; 0: it tells all.</param>
/// <param name="Revision">The revision afterwards.</param>
/// <param name="Vni">See <see cref="Segment.Vni"/>.</param>
/// <param name="Mtu">See <see cref="Segment.Mtu"/>.</param>
/// <param name="Subnet">See <see cref="Segment.Subnet"/>.</param>
/// <param name="Entries">Entries that are new or other.</param>
/// <param name="Gone">Interfaces that are not any more.</param>
/// <param name="Peers">Hosts that are new or reached otherwise.</param>
/// <param name="GonePeers">Hosts that are not of the segment any more.</param>
public sealed record SegmentUpdate(
    AppId Application,
    long Since,
    long Revision,
    int Vni,
    int Mtu,
    Subnet Subnet,
    ImmutableArray<SegmentEntry> Entries,
    ImmutableArray<SegmentPort> Gone,
    ImmutableArray<SegmentPeer> Peers,
    ImmutableArray<VtepId> GonePeers)
{
    /// <summary>See <see cref="Segment.Gateway"/>, as it is now.</summary>
    public SegmentGateway? Gateway { get; init; }

    /// <summary>Whether the host is of the segment no more: nothing of it is to be left there.</summary>
    public bool Leaves { get; init; }
}

/// <summary>What a host's agent has of its segments, and asks news of: having a revision says that all of it is in force.</summary>
/// <remarks>The next question is the answer to the news of the one before: a segment that the host has left is named no more, and one that could not be put in force keeps its old revision.</remarks>
/// <param name="Known">The revision of each segment that is in force, by <see cref="AppId.Key"/>; 0: the host has something of it, as after a restart of its agent, and asks for all. One that the host is not of any more is answered by an update that <see cref="SegmentUpdate.Leaves"/>.</param>
/// <param name="WaitSeconds">How long to wait at most for news, seconds, up to 20.</param>
public sealed record SegmentsKnown(ImmutableSortedDictionary<string, long> Known, double WaitSeconds);

/// <summary>News for a host's agent. Holds a list: compared by reference.</summary>
/// <param name="Updates">Of each segment that is not as the agent has it.</param>
public sealed record SegmentsNews(ImmutableArray<SegmentUpdate> Updates)
{
    /// <summary>Whether traffic to the hosts of other sites is encrypted, by site; one that is missing: it is not.</summary>
    public ImmutableSortedDictionary<SiteId, LinkEncryption> Encryption { get; init; } = ImmutableSortedDictionary<SiteId, LinkEncryption>.Empty;

    /// <summary>The other sites to which frames go by a relay where there are few.</summary>
    public ImmutableSortedSet<SiteId> Stars { get; init; } = [];
}
