using System.Collections.Immutable;
using Federation.Actuation.Watching;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Domain.Sites;
using Microsoft.Extensions.Logging;

namespace Federation.Host.Tunnels;

/// <summary>Keeps a host's tunnels as the service wants them and as its keys' age asks for. What hears of hosts may be another thread than the one that runs.</summary>
/// <param name="here">The host.</param>
/// <param name="devices">Sets them up.</param>
/// <param name="own">Its own ends.</param>
/// <param name="firstPort">The first of the two UDP ports at which it receives.</param>
/// <param name="lifetime">How long keys are used.</param>
/// <param name="clock">Times looks, and tells the age of keys.</param>
/// <param name="log">Hears what cannot be done.</param>
internal sealed class TunnelDesk(VtepId here, ITunnelDevices devices, OwnEnds own, int firstPort, TimeSpan lifetime, TimeProvider clock, ILogger log)
{
    // While ends have not met yet frames may wait for it.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly Wake heard = new();
    private volatile Wanted wanted = Wanted.Nothing;
    private ImmutableArray<TunnelEnd> ends = [];
    private long? settledAt;
    private string? failure;

    /// <summary>Its ends, as other hosts are told of them.</summary>
    public ImmutableArray<TunnelEnd> Ends
    {
        get
        {
            lock (gate)
            {
                return ends;
            }
        }
    }

    /// <summary>Takes what the service says: the hosts of all segments here, and with which sites traffic is encrypted.</summary>
    public void Heed(IEnumerable<SegmentPeer> peers, ImmutableSortedDictionary<SiteId, LinkEncryption> encryption)
    {
        wanted = new(
            [.. peers.Where(peer => peer.Id != here && encryption.ContainsKey(peer.Id.Site)).DistinctBy(peer => peer.Id)
                .Select(peer => new EncryptedHost(peer.Address, peer.Tunnels, encryption[peer.Id.Site] == LinkEncryption.Required))],
            !encryption.IsEmpty);
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
            var isDone = await Establish(changed, cancel);
            failure = null;
            return isDone;
        }
        catch (Exception fault) when (fault is DriverException or IOException)
        {
            if (failure != fault.Message)
            {
                log.TunnelsFailed(fault.Message);
            }

            failure = fault.Message;
            return false;
        }
    }

    private async Task<bool> Establish(Action changed, CancellationToken cancel)
    {
        var now = wanted;
        if (now.IsWanted && KeyRenewal.Next(own.All.ToImmutableSortedDictionary(end => end.Key, end => end.Value.MadeAt), now.Hosts.SelectMany(host => host.Ends).Select(end => end.Generation), lifetime, clock.GetUtcNow()) is { } next)
        {
            await Begin(next, cancel);
        }

        var plan = TunnelPlan.Of([.. own.All.Keys], now.Hosts, ImmutableHashSet<MetEnd>.Empty);
        foreach (var (generation, peers) in plan.Peers)
        {
            await devices.Make(own.All[generation], peers, cancel);
        }

        // Others hear of an end only once it receives.
        Tell(changed);
        var met = ImmutableHashSet.CreateBuilder<MetEnd>();
        foreach (var generation in plan.Peers.Keys)
        {
            met.UnionWith((await devices.Met(generation, cancel)).Select(key => new MetEnd(generation, key)));
        }

        plan = TunnelPlan.Of([.. own.All.Keys], now.Hosts, met.ToImmutable());
        await devices.Lead(plan, cancel);
        return await GiveUp(plan, changed, cancel) && now.Hosts.All(host => plan.Ways.GetValueOrDefault(host.Address) == own.All.Keys.DefaultIfEmpty(0).Max());
    }

    private async Task Begin(int generation, CancellationToken cancel)
    {
        foreach (var old in own.All.Keys.SkipLast(KeyRenewal.Kept - 1).ToList())
        {
            await Drop(old, cancel);
        }

        var (secret, key) = await devices.MakeKeys(cancel);
        var taken = own.All.Values.Select(end => end.Port).ToHashSet();
        own.Add(new(generation, secret, key, taken.Contains(firstPort) ? firstPort + 1 : firstPort, clock.GetUtcNow()));
        settledAt = null;
        log.TunnelKeysMade(generation);
    }

    private async Task<bool> GiveUp(TunnelPlan plan, Action changed, CancellationToken cancel)
    {
        if (!KeyRenewal.IsSettled([.. own.All.Keys], plan))
        {
            settledAt = null;
            return false;
        }

        settledAt ??= clock.GetTimestamp();
        if (KeyRenewal.Over([.. own.All.Keys], plan, clock.GetElapsedTime(settledAt.Value)) is { } old)
        {
            await Drop(old, cancel);
            Tell(changed);
        }

        return true;
    }

    private async Task Drop(int generation, CancellationToken cancel)
    {
        await devices.Remove(generation, cancel);
        own.Remove(generation);
    }

    private void Tell(Action changed)
    {
        ImmutableArray<TunnelEnd> now = [.. own.All.Values.Select(end => end.End)];
        if (!now.SequenceEqual(Ends))
        {
            lock (gate)
            {
                ends = now;
            }

            changed();
        }
    }

    private sealed record Wanted(ImmutableArray<EncryptedHost> Hosts, bool IsWanted)
    {
        public static Wanted Nothing { get; } = new([], false);
    }
}
