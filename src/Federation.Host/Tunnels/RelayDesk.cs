using System.Collections.Immutable;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Sensor.Daemon;
using Microsoft.Extensions.Logging;

namespace Federation.Host.Tunnels;

/// <summary>Passes frames on between hosts, where this host is a relay: keeps its tunnels to all of them, and the routes between.</summary>
/// <param name="devices">Sets them up.</param>
/// <param name="ends">Its own ends for that.</param>
/// <param name="memory">The hosts that it was told last.</param>
/// <param name="clock">Times looks.</param>
/// <param name="log">Hears what cannot be done.</param>
internal sealed class RelayDesk(ITunnelDevices devices, EndKeeper ends, RelayMemory memory, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private readonly TunnelSights sights = new(clock);
    private readonly LastFault failure = new();

    /// <summary>Its ends, as hosts are told of them.</summary>
    public ImmutableArray<TunnelEnd> Ends => ends.Told;

    /// <summary>The hosts that it hears.</summary>
    public int Heard { get; private set; }

    /// <summary>Relays until it is stopped.</summary>
    /// <param name="changed">Called when its ends are others.</param>
    /// <param name="cancel">Ends it; what is set up stays.</param>
    public async Task Run(Action changed, CancellationToken cancel)
    {
        while (true)
        {
            await Look(changed, cancel);
            await Task.Delay(Soon, clock, cancel);
        }
    }

    /// <summary>Looks once, and does what is due.</summary>
    public async Task Look(Action changed, CancellationToken cancel)
    {
        try
        {
            await Establish(memory.News.Relayed, changed, cancel);
            failure.Over();
        }
        catch (Exception fault) when (fault is DriverException or IOException)
        {
            failure.Is(fault.Message, log.RelayingFailed);
        }
    }

    private async Task Establish(ImmutableArray<TunnelPeer> hosts, Action changed, CancellationToken cancel)
    {
        var seen = new Dictionary<TunnelName, TunnelDevice?>();
        foreach (var name in ends.All.Keys.Select(NameOf))
        {
            seen[name] = await devices.Read(name, cancel);
            sights.See(name, seen[name]);
        }

        sights.End();
        await ends.Renew(hosts.Where(host => !host.Id.IsClient).SelectMany(host => host.Ends).Select(end => end.Generation), Drop, cancel);
        foreach (var spec in TunnelLayout.Of(ends.All.Values, hosts))
        {
            await devices.Make(spec, seen.GetValueOrDefault(spec.Name), cancel);
        }

        var ways = hosts.Select(host => (host.Address, Way: TunnelPlan.Best(host.Ends, [.. ends.All.Keys], NameOf, sights.Of))).Where(each => each.Way is not null)
            .DistinctBy(each => each.Address).ToImmutableSortedDictionary(each => each.Address, each => each.Way!.Value);
        await devices.PassOn([.. ends.All.Keys.Select(NameOf)], ways, cancel);
        Heard = ways.Count;
        await GiveUp(hosts, ways, cancel);
        if (ends.Tell())
        {
            changed();
        }
    }

    private Task GiveUp(ImmutableArray<TunnelPeer> hosts, ImmutableSortedDictionary<Address, TunnelName> ways, CancellationToken cancel) => ends.GiveUp(
        KeyRenewal.IsSettled([.. ends.All.Keys], hosts.Where(host => !host.Id.IsClient).Select(host => ways.TryGetValue(host.Address, out var way) ? way.Generation : (int?)null)), Drop, cancel);

    private Task Drop(int generation, CancellationToken cancel) => devices.Remove(NameOf(generation), cancel);

    private static TunnelName NameOf(int generation) => new(TunnelUse.Relaying, generation);
}
