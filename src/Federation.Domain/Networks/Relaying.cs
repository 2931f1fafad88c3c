using System.Collections.Immutable;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;

namespace Federation.Domain.Networks;

/// <summary>What a host's agent tells of its paths to other hosts, and asks of relays. Holds lists: compared by reference.</summary>
/// <param name="Stamp">The <see cref="RelayNews.Stamp"/> of the news that it has; null: it has none.</param>
/// <param name="Heard">The relays that it hears.</param>
/// <param name="Paths">How frames go to each host with which it encrypts.</param>
/// <param name="WaitSeconds">How long to wait at most for news, seconds, up to 20.</param>
public sealed record RelayQuestion(string? Stamp, ImmutableArray<VtepId> Heard, ImmutableArray<PeerPath> Paths, double WaitSeconds);

/// <summary>Which relays there are for a host's agent, whole each time. Holds collections: compared by reference.</summary>
/// <param name="Stamp">Another one for other news.</param>
/// <param name="Relays">The relays that it may use, in the order in which hosts try them: not itself, <see cref="MostRelays"/> at most.</param>
/// <param name="Heard">The relays that other hosts hear, of those that the question names; one that is missing hears none.</param>
/// <param name="Relayed">For a relay: the hosts between which it passes on. Empty for others.</param>
public sealed record RelayNews(
    string Stamp,
    ImmutableArray<TunnelPeer> Relays,
    ImmutableSortedDictionary<VtepId, ImmutableArray<VtepId>> Heard,
    ImmutableArray<TunnelPeer> Relayed)
{
    /// <summary>The most relays that hosts use.</summary>
    public const int MostRelays = 4;

    /// <summary>No relays.</summary>
    public static RelayNews None { get; } = new("", [], ImmutableSortedDictionary<VtepId, ImmutableArray<VtepId>>.Empty, []);
}

/// <summary>What an agent's question about relays is answered.</summary>
/// <param name="News">Null: it has them.</param>
public sealed record RelayAnswer(RelayNews? News);

/// <summary>A host and where it receives encrypted. Holds a list: compare by <see cref="Is"/>.</summary>
/// <param name="Id">The host.</param>
/// <param name="Address">Its address on the network below.</param>
/// <param name="Ends">Where it receives.</param>
public sealed record TunnelPeer(VtepId Id, Address Address, ImmutableArray<TunnelEnd> Ends)
{
    /// <summary>Whether both are the same.</summary>
    public bool Is(TunnelPeer other) => Id == other.Id && Address == other.Address && Ends.SequenceEqual(other.Ends);
}

/// <summary>How frames go to another host, and why.</summary>
/// <param name="Host">The other host.</param>
/// <param name="Kind">How they go.</param>
/// <param name="Why">Why so.</param>
/// <param name="Since">Since when.</param>
public sealed record PeerPath(VtepId Host, PathKind Kind, PathReason Why, DateTimeOffset Since)
{
    /// <summary>The relay that they go by; null: none.</summary>
    public VtepId? Relay { get; init; }

    /// <summary>The relay that was left as it was silent; null: none was.</summary>
    public VtepId? Silent { get; init; }

    /// <summary>Encrypted traffic of both directions in the last whole window, of all networks, bytes a second; null: it is not told.</summary>
    public double? BytesPerSecond { get; init; }

    /// <summary>From which traffic on a star link goes directly, bytes a second.</summary>
    public double DirectAbove { get; init; }
}

/// <summary>How frames go to another host.</summary>
public enum PathKind
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Directly, as they are.</summary>
    Plain,

    /// <summary>Directly, encrypted.</summary>
    Direct,

    /// <summary>By a relay.</summary>
    Relay,
}

/// <summary>Why frames go so.</summary>
public enum PathReason
{
    /// <summary>The link is direct, and the two have met there.</summary>
    Met,

    /// <summary>The two have not met: they do not reach each other, or not yet.</summary>
    NotMet,

    /// <summary>The link is a star, and there is little traffic.</summary>
    Star,

    /// <summary>The link is a star, and there is much traffic.</summary>
    Busy,

    /// <summary>There is much traffic on a star link, and the two have not met directly, or not for long enough.</summary>
    BusyNotMet,

    /// <summary>The direct path has gone silent.</summary>
    DirectSilent,

    /// <summary>Another relay has gone silent, here or there.</summary>
    RelaySilent,

    /// <summary>No relay is heard by both.</summary>
    NoRelay,
}
