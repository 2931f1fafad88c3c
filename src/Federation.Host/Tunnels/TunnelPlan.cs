using System.Collections.Immutable;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Host.Paths;

namespace Federation.Host.Tunnels;

/// <summary>By which tunnels a host's frames go. Pure. Holds collections: compared by reference.</summary>
/// <param name="Ways">How the frames for an address go: by a tunnel; null: not at all. An address that is missing: as they are.</param>
/// <param name="Guarded">Addresses from which nothing is taken that is not encrypted.</param>
internal sealed record TunnelPlan(ImmutableSortedDictionary<Address, TunnelName?> Ways, ImmutableSortedSet<Address> Guarded)
{
    /// <summary>What clients may send; from the range of clients nothing else is taken.</summary>
    public ImmutableSortedSet<ClientRight> Clients { get; init; } = [];

    /// <summary>The plan for what is known.</summary>
    /// <remarks>
    /// Ends of one generation belong together. Frames go by the newest generation in which the two have met: both receive in both generations meanwhile, and none is lost
    /// when they change over, one after the other.
    /// </remarks>
    /// <param name="hosts">The other hosts with which it encrypts, each with the path that was chosen.</param>
    /// <param name="own">The generations of the host's own ends.</param>
    /// <param name="relays">The relays.</param>
    /// <param name="sight">What is known of an end.</param>
    public static TunnelPlan Of(IReadOnlyCollection<(EncryptedHost Host, PathState Path)> hosts, IReadOnlyCollection<int> own, IReadOnlyCollection<TunnelPeer> relays, Func<TunnelName, string, EndSight> sight) => new(
        hosts.Where(each => each.Path.Kind != PathKind.Plain).Select(each => (each.Host, Way: WayTo(each.Host, each.Path, own, relays, sight)))
            .Where(each => each.Way is not null || each.Host.IsRequired).ToImmutableSortedDictionary(each => each.Host.Address, each => each.Way),
        [.. hosts.Where(each => each.Host.IsRequired).Select(each => each.Host.Address)]);

    /// <summary>The newest tunnel by which an end is alive, or else has been met; null: it has not.</summary>
    /// <param name="ends">The ends of one host.</param>
    /// <param name="own">The generations of the host's own ends.</param>
    /// <param name="name">The tunnel of a generation.</param>
    /// <param name="sight">What is known of an end.</param>
    public static TunnelName? Best(IEnumerable<TunnelEnd> ends, IReadOnlyCollection<int> own, Func<int, TunnelName> name, Func<TunnelName, string, EndSight> sight) =>
        Order(ends, own, name, sight).Where(each => each.Sight.IsMet).Select(each => (TunnelName?)each.Tunnel).LastOrDefault();

    // A session with a relay that is silent is begun anew: what goes by it is lost meanwhile, rather than sent as it is.
    private static TunnelName? WayTo(EncryptedHost host, PathState path, IReadOnlyCollection<int> own, IReadOnlyCollection<TunnelPeer> relays, Func<TunnelName, string, EndSight> sight) => path.Kind switch
    {
        PathKind.Direct => Best(host.Ends, own, generation => new(TunnelUse.Direct, generation), sight),
        PathKind.Relay => Order(relays.FirstOrDefault(relay => relay.Id == path.Relay)?.Ends ?? [], own, generation => new(TunnelUse.ToRelay, generation, path.Relay), sight)
            .Select(each => (TunnelName?)each.Tunnel).LastOrDefault(),
        _ => null,
    };

    private static IEnumerable<(TunnelName Tunnel, EndSight Sight)> Order(
        IEnumerable<TunnelEnd> ends, IReadOnlyCollection<int> own, Func<int, TunnelName> name, Func<TunnelName, string, EndSight> sight) => ends
        .Where(end => own.Contains(end.Generation)).Select(end => (Tunnel: name(end.Generation), Sight: sight(name(end.Generation), end.PublicKey)))
        .Where(each => each.Sight.IsThere).OrderBy(each => each.Sight.LiveFor is not null).ThenBy(each => each.Sight.IsMet).ThenBy(each => each.Tunnel.Generation);
}

/// <summary>Another host with which frames are encrypted. Holds a list: compare by <see cref="Is"/>.</summary>
/// <param name="Id">The host.</param>
/// <param name="Address">Its address on the network below.</param>
/// <param name="Ends">Where it receives.</param>
/// <param name="IsRequired">Whether nothing may go that is not encrypted.</param>
/// <param name="IsStar">Whether frames go by a relay where there are few.</param>
internal sealed record EncryptedHost(VtepId Id, Address Address, ImmutableArray<TunnelEnd> Ends, bool IsRequired, bool IsStar)
{
    /// <summary>Whether both are the same.</summary>
    public bool Is(EncryptedHost other) => Id == other.Id && Address == other.Address && IsRequired == other.IsRequired && IsStar == other.IsStar && Ends.SequenceEqual(other.Ends);
}

/// <summary>What is known of another end.</summary>
/// <param name="IsThere">Whether the tunnel knows it.</param>
/// <param name="IsMet">Whether the two have exchanged a handshake.</param>
/// <param name="LiveFor">How long it has been alive without a gap; null: it is silent.</param>
internal readonly record struct EndSight(bool IsThere, bool IsMet, TimeSpan? LiveFor);
