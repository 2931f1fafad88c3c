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
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Wake heard = new();
    private readonly Wake looked = new();
    private volatile Wanted wanted = Wanted.Nothing;
    private volatile Wanted? inForce;
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

    /// <summary>Takes what the service says, and returns once it is in force, or after some seconds: where it must not, nothing goes unencrypted from then on.</summary>
    /// <param name="peers">The hosts of all segments here.</param>
    /// <param name="encryption">With which sites traffic is encrypted.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task Heed(IEnumerable<SegmentPeer> peers, ImmutableSortedDictionary<SiteId, LinkEncryption> encryption, CancellationToken cancel)
    {
        var next = Wanted.Of(here, peers, encryption);
        if (next.Is(wanted))
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
        finally
        {
            looked.Now();
        }
    }

    private async Task<bool> Establish(Action changed, CancellationToken cancel)
    {
        var now = wanted;
        var met = ImmutableHashSet.CreateBuilder<MetEnd>();
        foreach (var generation in own.All.Keys)
        {
            met.UnionWith((await devices.Met(generation, cancel)).Select(key => new MetEnd(generation, key)));
        }

        // What must not go unencrypted is stopped before anything that may fail.
        var plan = TunnelPlan.Of([.. own.All.Keys], now.Hosts, met.ToImmutable());
        await devices.Lead(plan, cancel);
        inForce = now;
        if (now.IsWanted && KeyRenewal.Next(own.All.ToImmutableSortedDictionary(end => end.Key, end => end.Value.MadeAt), now.Hosts.SelectMany(host => host.Ends).Select(end => end.Generation), lifetime, clock.GetUtcNow()) is { } next)
        {
            await Begin(next, cancel);
        }

        foreach (var (generation, peers) in TunnelPlan.Of([.. own.All.Keys], now.Hosts, ImmutableHashSet<MetEnd>.Empty).Peers)
        {
            await devices.Make(own.All[generation], peers, cancel);
        }

        // Others hear of an end only once it receives.
        Tell(changed);
        return await GiveUp(plan, changed, cancel) && now.Hosts.All(host => plan.Ways.GetValueOrDefault(host.Address) == own.All.Keys.Max());
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

        public static Wanted Of(VtepId here, IEnumerable<SegmentPeer> peers, ImmutableSortedDictionary<SiteId, LinkEncryption> encryption) => new(
            [.. peers.Where(peer => peer.Id != here && encryption.ContainsKey(peer.Id.Site)).DistinctBy(peer => peer.Id).OrderBy(peer => peer.Id)
                .Select(peer => new EncryptedHost(peer.Address, peer.Tunnels, encryption[peer.Id.Site] == LinkEncryption.Required))],
            !encryption.IsEmpty);

        public bool Is(Wanted other) => IsWanted == other.IsWanted && Hosts.Length == other.Hosts.Length
            && Hosts.Zip(other.Hosts).All(pair => pair.First.Address == pair.Second.Address && pair.First.IsRequired == pair.Second.IsRequired && pair.First.Ends.SequenceEqual(pair.Second.Ends));
    }
}
