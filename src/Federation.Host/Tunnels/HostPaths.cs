using System.Collections.Immutable;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Host.Paths;

namespace Federation.Host.Tunnels;

/// <summary>A host's paths to all others, as they are chosen look after look. <see cref="Told"/> and <see cref="Heard"/> are for all threads, the rest for one.</summary>
/// <param name="isRelay">Whether the host is a relay itself.</param>
/// <param name="above">From which traffic on a star link goes directly, bytes a second.</param>
/// <param name="window">Over which traffic is counted.</param>
/// <param name="clock">Says since when a path is as it is.</param>
internal sealed class HostPaths(bool isRelay, double above, TimeSpan window, TimeProvider clock)
{
    private readonly Dictionary<VtepId, (PathState State, DateTimeOffset Since)> states = [];
    private ImmutableSortedDictionary<Address, long>? counted;
    private TimeSpan countedAt;
    private volatile Seen seen = new([], []);

    /// <summary>How frames go to each host, the busiest first.</summary>
    public ImmutableArray<PeerPath> Told => seen.Paths;

    /// <summary>The relays that this host hears.</summary>
    public ImmutableArray<VtepId> Heard => seen.Heard;

    /// <summary>Changes of paths so far.</summary>
    public long Changes { get; private set; }

    /// <summary>The path to a host.</summary>
    public PathState Of(EncryptedHost host) => states.GetValueOrDefault(host.Id).State ?? PathState.None;

    /// <summary>The hosts to which there is a direct path, or is to be one, and how often something is sent on it at least, seconds.</summary>
    public ImmutableArray<(EncryptedHost Host, int KeepAlive)> Direct(IEnumerable<EncryptedHost> hosts, bool hasRelays, TimeSpan now) =>
    [
        .. hosts.Where(host => IsDirectLink(host) || Of(host).ReceivesDirect(now))
            .Select(host => (host, IsDirectLink(host) || Of(host).KeepsDirect ? hasRelays ? TunnelSights.DirectKeepAlive : TunnelSights.SoleKeepAlive : 0)),
    ];

    /// <summary>Takes a path over that the kernel has of an earlier run of the agent; of a host that is known already, nothing changes.</summary>
    /// <param name="host">The other host.</param>
    /// <param name="kind">How frames go.</param>
    /// <param name="relay">The relay that they go by; null: none.</param>
    /// <param name="keepAlive">How often something is sent to it directly at least, seconds; null: it is not known there.</param>
    /// <param name="now">The clock.</param>
    public void Find(EncryptedHost host, PathKind kind, VtepId? relay, int? keepAlive, TimeSpan now) => states.TryAdd(
        host.Id, (new PathState(kind, relay, new(keepAlive > 0 && host.IsStar, 0, 0)) { WantedAt = keepAlive is null ? null : now }, clock.GetUtcNow()));

    /// <summary>Whether traffic is to be counted by now.</summary>
    public bool IsCountDue(TimeSpan now) => counted is null || now - countedAt >= window;

    /// <summary>Takes what was counted: a window has ended.</summary>
    public void Count(IEnumerable<EncryptedHost> hosts, ImmutableSortedDictionary<Address, long> now, TimeSpan at)
    {
        foreach (var host in counted is null ? [] : hosts)
        {
            var (sum, before) = (now.GetValueOrDefault(host.Address), counted!.GetValueOrDefault(host.Address));
            var rate = (sum >= before ? sum - before : sum) / (at - countedAt).TotalSeconds;
            var (state, since) = states.GetValueOrDefault(host.Id);
            if (state is not null)
            {
                states[host.Id] = (state with { Demand = state.Demand.After(rate, above) }, since);
            }
        }

        (counted, countedAt) = (now, at);
    }

    /// <summary>Chooses anew.</summary>
    /// <param name="hosts">All other hosts with which it encrypts.</param>
    /// <param name="news">The relays.</param>
    /// <param name="own">The generations of the host's own ends.</param>
    /// <param name="sights">What is known of other ends.</param>
    /// <returns>Whether others are to hear of it: a path or a relay is otherwise.</returns>
    public bool Look(ImmutableArray<EncryptedHost> hosts, RelayNews news, IReadOnlyCollection<int> own, TunnelSights sights)
    {
        var heard = news.Relays.Where(relay => Sight(relay.Ends, own, generation => new(TunnelUse.ToRelay, generation, relay.Id), sights).LiveFor is not null).Select(relay => relay.Id).ToImmutableArray();
        var (now, isOther) = (sights.Now, false);
        foreach (var host in hosts)
        {
            var there = news.Heard.GetValueOrDefault(host.Id, []);
            var before = Of(host);
            var next = before.Next(
                new(
                    !IsDirectLink(host) && !news.Relays.Any(relay => relay.Id == host.Id),
                    host.IsRequired,
                    Sight(host.Ends, own, generation => new(TunnelUse.Direct, generation), sights),
                    [.. news.Relays.Where(relay => relay.Id != host.Id).Select(relay => new RelaySight(relay.Id, heard.Contains(relay.Id), there.Contains(relay.Id)))]),
                now);
            var isSame = states.ContainsKey(host.Id) && (before.Kind, before.Relay) == (next.Kind, next.Relay);
            isOther |= !isSame || before.Why != next.Why;
            Changes += isSame ? 0 : 1;
            states[host.Id] = (next, isSame ? states[host.Id].Since : clock.GetUtcNow());
        }

        foreach (var gone in states.Keys.Except(hosts.Select(host => host.Id)).ToList())
        {
            states.Remove(gone);
            isOther = true;
        }

        isOther |= !heard.SequenceEqual(Heard);
        seen = new(heard, [.. hosts.Select(host => ToldOf(host.Id)).OrderByDescending(path => path.BytesPerSecond).ThenBy(path => path.Host).Take(RelaysCheck.Paths)]);
        return isOther;
    }

    // Everybody reaches a relay: there is no way round by another one.
    private bool IsDirectLink(EncryptedHost host) => !host.IsStar || isRelay;

    private PeerPath ToldOf(VtepId host)
    {
        var (state, since) = states[host];
        return new(host, state.Kind, state.Why, since) { Relay = state.Relay, Silent = state.Silent, BytesPerSecond = state.Demand.BytesPerSecond, DirectAbove = above };
    }

    private static DirectSight Sight(ImmutableArray<TunnelEnd> ends, IReadOnlyCollection<int> own, Func<int, TunnelName> name, TunnelSights sights)
    {
        var all = ends.Where(end => own.Contains(end.Generation)).Select(end => sights.Of(name(end.Generation), end.PublicKey)).ToList();
        return new(all.Exists(sight => sight.IsMet), all.Max(sight => sight.LiveFor));
    }

    private sealed record Seen(ImmutableArray<VtepId> Heard, ImmutableArray<PeerPath> Paths);
}
