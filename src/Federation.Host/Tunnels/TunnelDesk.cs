using System.Collections.Immutable;
using Federation.Actuation.Watching;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Host.Paths;
using Federation.Sensor.Daemon;
using Microsoft.Extensions.Logging;

namespace Federation.Host.Tunnels;

/// <summary>Keeps a host's tunnels as the service wants them, as its keys' age asks for, and as its paths to other hosts are. What hears of hosts may be another thread than the one that runs.</summary>
/// <param name="here">The host.</param>
/// <param name="devices">Sets them up.</param>
/// <param name="ends">Its own ends.</param>
/// <param name="paths">Chooses paths.</param>
/// <param name="memory">The relays that it was told last.</param>
/// <param name="clock">Times looks.</param>
/// <param name="log">Hears what cannot be done.</param>
internal sealed class TunnelDesk(VtepId here, ITunnelDevices devices, EndKeeper ends, HostPaths paths, RelayMemory memory, TimeProvider clock, ILogger log)
{
    // While ends have not met yet frames may wait for it, and relays are watched.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly TunnelSights sights = new(clock);
    private readonly Dictionary<TunnelName, TimeSpan> idle = [];
    private readonly Dictionary<TunnelName, TimeSpan> begunAnew = [];
    private readonly Wake heard = new();
    private readonly Wake looked = new();
    private readonly Wake turned = new();
    private HashSet<TunnelName> made = [];
    private volatile WantedTunnels? wanted;
    private volatile WantedTunnels? inForce;
    private readonly LastFault failure = new();

    /// <summary>Its ends, as other hosts are told of them.</summary>
    public ImmutableArray<TunnelEnd> Ends => ends.Told;

    /// <summary>Its paths.</summary>
    public HostPaths Paths => paths;

    /// <summary>The news of relays that it goes by.</summary>
    public RelayNews Relays => memory.News;

    /// <summary>Gets what completes when a path or a relay is otherwise than before.</summary>
    public Task Turned => turned.Next;

    /// <summary>Takes what the service says, and returns once it is in force, or after some seconds: where it must not, nothing goes unencrypted from then on.</summary>
    /// <param name="peers">The hosts of all segments here.</param>
    /// <param name="news">With which sites traffic is encrypted, and how it goes.</param>
    /// <param name="clients">What clients of these segments may send.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task Heed(IEnumerable<SegmentPeer> peers, SegmentsNews news, ImmutableSortedSet<ClientRight> clients, CancellationToken cancel)
    {
        var next = WantedTunnels.Of(here, peers, news, clients);
        if (wanted is { } now && next.Is(now))
        {
            return;
        }

        var (done, begun) = (looked.Next, clock.GetTimestamp());
        wanted = next;
        heard.Now();
        while (inForce != next && clock.GetElapsedTime(begun) < Patience)
        {
            await Wake.Wait(done, Soon, clock, cancel);
            done = looked.Next;
        }
    }

    /// <summary>Takes the relays that the service tells.</summary>
    /// <exception cref="IOException">They cannot be remembered.</exception>
    public void Heed(RelayNews news)
    {
        memory.News = news;
        heard.Now();
    }

    /// <summary>Keeps them so until it is stopped.</summary>
    /// <param name="changed">Called when its ends are others.</param>
    /// <param name="cancel">Ends it; the tunnels stay.</param>
    public async Task Run(Action changed, CancellationToken cancel)
    {
        while (true)
        {
            var next = heard.Next;
            var isDone = await Look(changed, cancel);
            await Wake.Wait(next, isDone ? Rest : Soon, clock, cancel);
        }
    }

    /// <summary>Looks once, and does what is due.</summary>
    /// <returns>False: something is waited for.</returns>
    public async Task<bool> Look(Action changed, CancellationToken cancel)
    {
        try
        {
            // What an earlier run has in force stays so until the service has said what is to be.
            var isDone = wanted is not { } now || await Establish(now, memory.News, changed, cancel);
            failure.Over();
            return isDone;
        }
        catch (Exception fault) when (fault is DriverException or IOException)
        {
            failure.Is(fault.Message, log.TunnelsFailed);
            return false;
        }
        finally
        {
            looked.Now();
        }
    }

    /// <summary>Takes all tunnels away, and what leads into them: nothing is to go any more.</summary>
    public async Task End(CancellationToken cancel)
    {
        await devices.Lead(new(ImmutableSortedDictionary<Address, TunnelName?>.Empty, []), cancel);
        foreach (var name in made.Concat(ends.All.Keys.Select(generation => new TunnelName(TunnelUse.Direct, generation))).Distinct().ToList())
        {
            await devices.Remove(name, cancel);
        }

        (made, wanted, inForce) = ([], null, null);
        idle.Clear();
    }

    private async Task<bool> Establish(WantedTunnels now, RelayNews news, Action changed, CancellationToken cancel)
    {
        var seen = await See(now, news, cancel);
        if (inForce is null)
        {
            await Find(now, news, seen, cancel);
        }

        var isTurned = paths.Look(now.Hosts, news, [.. ends.All.Keys], sights);
        var plan = TunnelPlan.Of([.. now.Hosts.Select(host => (host, paths.Of(host)))], [.. ends.All.Keys], news.Relays, sights.Of) with { Clients = now.Clients };
        // What must not go unencrypted is stopped before anything that may fail.
        await devices.Lead(plan, cancel);
        inForce = now;
        if (isTurned)
        {
            turned.Now();
        }

        if (now.IsWanted)
        {
            await ends.Renew(now.Hosts.Where(host => !host.Id.IsClient).SelectMany(host => host.Ends).Concat(news.Relays.SelectMany(relay => relay.Ends)).Select(end => end.Generation), Drop, cancel);
        }

        var layout = LayoutOf(now, news);
        foreach (var spec in layout)
        {
            await devices.Make(spec, seen.GetValueOrDefault(spec.Name), cancel);
        }

        await BeginAnew(layout, cancel);
        await Leave(layout, cancel);
        Tell(changed);
        return await GiveUp(plan, news, changed, cancel) && news.Relays.IsEmpty;
    }

    private async Task<Dictionary<TunnelName, TunnelDevice?>> See(WantedTunnels now, RelayNews news, CancellationToken cancel)
    {
        var seen = new Dictionary<TunnelName, TunnelDevice?>();
        foreach (var spec in LayoutOf(now, news))
        {
            seen[spec.Name] = await devices.Read(spec.Name, cancel);
            sights.See(spec.Name, seen[spec.Name]);
        }

        sights.End();
        if (!news.Relays.IsEmpty && paths.IsCountDue(sights.Now))
        {
            paths.Count(now.Hosts, await devices.Traffic(cancel), sights.Now);
        }

        return seen;
    }

    // An agent that has been started anew goes on where the earlier one stopped.
    private async Task Find(WantedTunnels now, RelayNews news, Dictionary<TunnelName, TunnelDevice?> seen, CancellationToken cancel)
    {
        var ways = await devices.Ways(cancel);
        var names = seen.Keys.ToDictionary(devices.NameOf, name => name);
        foreach (var host in now.Hosts)
        {
            TunnelName? way = ways.TryGetValue(host.Address, out var device) && names.TryGetValue(device, out var name) ? name : null;
            var known = seen.Where(each => each.Key.Use == TunnelUse.Direct).SelectMany(each => host.Ends.Select(end => each.Value?.Peers.GetValueOrDefault(end.PublicKey)?.KeepAlive)).Max();
            paths.Find(host, way is null ? PathKind.None : way.Value.Use == TunnelUse.Direct ? PathKind.Direct : PathKind.Relay, way?.Relay, known, sights.Now);
        }
    }

    private ImmutableArray<TunnelSpec> LayoutOf(WantedTunnels now, RelayNews news) =>
        TunnelLayout.Of(ends.All.Values, paths.Direct(now.Hosts, !news.Relays.IsEmpty, sights.Now), news.Relays);

    // A relay that was started anew has no sessions, and does not know where hosts are: they begin again.
    private async Task BeginAnew(ImmutableArray<TunnelSpec> layout, CancellationToken cancel)
    {
        foreach (var spec in layout.Where(spec => spec.Name.Use == TunnelUse.ToRelay))
        {
            foreach (var (key, target) in spec.Peers.Where(peer => sights.IsLost(spec.Name, peer.Key)))
            {
                if (!begunAnew.TryGetValue(spec.Name, out var at) || sights.Now - at >= Patience)
                {
                    begunAnew[spec.Name] = sights.Now;
                    await devices.BeginAnew(spec.Name, key, target, cancel);
                }
            }
        }
    }

    // Others may send by a relay that this host has no use for any more, until they have heard of it.
    private async Task Leave(ImmutableArray<TunnelSpec> layout, CancellationToken cancel)
    {
        var now = layout.Select(spec => spec.Name).ToHashSet();
        foreach (var name in now)
        {
            idle.Remove(name);
        }

        foreach (var name in made.Except(now))
        {
            idle.TryAdd(name, sights.Now);
        }

        made = [.. now.Concat(idle.Keys)];
        foreach (var name in idle.Where(each => sights.Now - each.Value >= PathState.Hold).Select(each => each.Key).ToList())
        {
            await devices.Remove(name, cancel);
            idle.Remove(name);
            made.Remove(name);
        }
    }

    private async Task<bool> GiveUp(TunnelPlan plan, RelayNews news, Action changed, CancellationToken cancel)
    {
        var own = ends.All.Keys.ToImmutableArray();
        // A relay that is heard at all is there for others to send by: it is to be heard in the newest generation too.
        var relays = news.Relays.Where(relay => paths.Heard.Contains(relay.Id))
            .Select(relay => TunnelPlan.Best(relay.Ends, own, generation => new(TunnelUse.ToRelay, generation, relay.Id), sights.Of)?.Generation);
        var isSettled = KeyRenewal.IsSettled(own, plan.Ways.Where(way => !SegmentClients.IsBelow(way.Key)).Select(way => way.Value?.Generation).Concat(relays));
        await ends.GiveUp(isSettled, Drop, cancel);
        Tell(changed);
        // Clients are waited for, though nobody's keys wait for them.
        return isSettled && plan.Ways.Count == inForce!.Hosts.Length && plan.Ways.Values.All(way => way is not null);
    }

    private async Task Drop(int generation, CancellationToken cancel)
    {
        foreach (var name in made.Append(new(TunnelUse.Direct, generation)).Where(name => name.Generation == generation).ToList())
        {
            await devices.Remove(name, cancel);
            idle.Remove(name);
            made.Remove(name);
        }
    }

    private void Tell(Action changed)
    {
        if (ends.Tell())
        {
            changed();
        }
    }
}
