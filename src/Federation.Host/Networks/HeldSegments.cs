using System.Collections.Immutable;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Host.Networks.Dhcp;
using Microsoft.Extensions.Logging;

namespace Federation.Host.Networks;

/// <summary>The segments of a host: how the service wants each, and whether it is so. For one thread.</summary>
/// <param name="here">This host.</param>
/// <param name="plumber">Sets them up.</param>
/// <param name="dhcp">Tells VMs their addresses.</param>
/// <param name="gateway">Sets up the way from outside; null: this host is no gateway.</param>
/// <param name="client">Puts this machine itself on its segment; null: it is no client.</param>
/// <param name="log">Hears what cannot be done.</param>
internal sealed class HeldSegments(VtepId here, ISegmentPlumber plumber, DhcpDesk dhcp, IGatewayPlumber? gateway, ClientPlumber? client, ILogger log)
{
    private readonly SortedDictionary<AppId, HeldSegment> held = [];

    /// <summary>What the service may count on, by application's key.</summary>
    public ImmutableSortedDictionary<string, long> Known => held.ToImmutableSortedDictionary(segment => segment.Key.Key, segment => segment.Value.Known, StringComparer.Ordinal);

    /// <summary>Whose they are.</summary>
    public ImmutableArray<AppId> Applications => [.. held.Keys];

    /// <summary>Whose could not be put in force.</summary>
    public ImmutableArray<AppId> Faulty => [.. held.Where(segment => segment.Value.Fault is not null).Select(segment => segment.Key)];

    /// <summary>Whether a VM is about to move from or to this host, or just moves.</summary>
    public bool HasMoves => held.Values.SelectMany(segment => segment.Segment?.Entries.Values ?? []).Any(entry => entry.Next is { } next && (next == here || entry.At == here));

    /// <summary>The hosts of all of them.</summary>
    public ImmutableArray<SegmentPeer> Peers => [.. held.Values.SelectMany(segment => segment.Segment?.Peers.Values ?? [])];

    /// <summary>What clients may send on all of them.</summary>
    public ImmutableSortedSet<ClientRight> ClientRights => [.. held.Values.SelectMany(segment => segment.Segment is { } known ? ClientRight.Of(known) : [])];

    /// <summary>The segment of an application; null: there is none.</summary>
    public HeldSegment? Of(AppId application) => held.GetValueOrDefault(application);

    /// <summary>Notes what there is of an earlier run.</summary>
    public void Find(IEnumerable<FoundSegment> found)
    {
        foreach (var segment in found)
        {
            if (AppId.TryParse(segment.Application, out var application))
            {
                held[application] = new(segment.Vni, null);
            }
        }
    }

    /// <summary>What the kernel has of these is looked at before the next change.</summary>
    public void Doubt(Func<AppId, bool> isMeant)
    {
        foreach (var segment in held.Where(segment => isMeant(segment.Key)))
        {
            plumber.Doubt(segment.Value.Vni);
        }

        gateway?.Doubt();
        client?.Doubt();
    }

    /// <summary>Takes news of one segment; what has left is taken away.</summary>
    /// <returns>Whether there is something to have in force.</returns>
    public async Task<bool> Take(SegmentUpdate update, CancellationToken cancel)
    {
        var known = held.GetValueOrDefault(update.Application);
        if (known is not null && (update.Leaves || known.Vni != update.Vni) && !await Clear(update.Application, known, cancel))
        {
            return false;
        }

        if (update.Leaves)
        {
            return false;
        }

        known = held.GetValueOrDefault(update.Application);
        var now = update.Since == 0 ? Segment.Whole(update) : known?.Segment?.With(update);

        // News that follow something else than what is here: not told as known, all comes.
        held[update.Application] = now is null
            ? (known ?? new(update.Vni, null)) with { IsInForce = false }
            : new HeldSegment(update.Vni, now) { IsMade = known is { IsMade: true, Segment: { } old } && old.Mtu == now.Mtu };
        return now is not null;
    }

    /// <summary>Has all in force that a segment needs here; one that is not held, or that the service has not told of yet, needs nothing.</summary>
    /// <param name="application">Whose it is.</param>
    /// <param name="seen">The copies here.</param>
    /// <param name="below">This host's address.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>The copies, without those of which the service tells by now.</returns>
    public async Task<SeenCopies> Establish(AppId application, SeenCopies seen, Address below, CancellationToken cancel)
    {
        if (held.GetValueOrDefault(application) is not { Segment: { } segment } now)
        {
            return seen;
        }

        var copies = seen.Told(segment, here);

        try
        {
            if (!now.IsMade)
            {
                await plumber.Make(segment.Vni, segment.Mtu, application.Key, cancel);
            }

            var ways = gateway is null ? null : GatewayWays.Of(segment, here);
            var (own, ends) = (copies.HereOf(application), (await Router(segment, ways, cancel)).AddRange(await Machine(segment, cancel)));
            var table = ForwardingTable.Of(segment, here, copies.Of(application).AddRange(ends));
            await plumber.Apply(segment.Vni, SegmentRules.Of(segment, table, here, below, own.AddRange(ends)), cancel);
            await Lead(segment, ways, cancel);
            dhcp.Serve(application, [.. own.Where(copy => copy.Value.State != GuestState.Sent && segment.Entries.ContainsKey(copy.Key))
                .Select(copy => TapLease.Of(segment, segment.Entries[copy.Key], copy.Value.Tap)).OfType<TapLease>()]);
            held[application] = now with { IsMade = true, IsInForce = true, Fault = null };
        }
        catch (DriverException fault)
        {
            Failed(application, now, fault);
        }

        return copies;
    }

    // The router of a segment is a copy that runs here, where this host has the segment's public addresses.
    private async Task<ImmutableDictionary<SegmentPort, LocalCopy>> Router(Segment segment, GatewayWays? ways, CancellationToken cancel)
    {
        if (ways is null)
        {
            return ImmutableDictionary<SegmentPort, LocalCopy>.Empty;
        }

        await gateway!.Plug(segment.Vni, segment.Mtu, cancel);
        return ImmutableDictionary<SegmentPort, LocalCopy>.Empty.Add(SegmentGateway.PortOf(segment.Application), new(GuestState.Running, DeviceNames.RouterPort(segment.Vni)));
    }

    // This machine is a copy that runs here, where it is a client of the segment.
    private async Task<ImmutableDictionary<SegmentPort, LocalCopy>> Machine(Segment segment, CancellationToken cancel) => client is not null && Own(segment) is { } own
        ? ImmutableDictionary<SegmentPort, LocalCopy>.Empty.Add(own.Port, new(GuestState.Running, await client.Plug(segment, own, cancel)))
        : ImmutableDictionary<SegmentPort, LocalCopy>.Empty;

    private SegmentEntry? Own(Segment segment) => segment.Entries.Values.FirstOrDefault(entry => entry.At == here && SegmentClients.IsPort(entry.Port));

    private async Task Lead(Segment segment, GatewayWays? ways, CancellationToken cancel)
    {
        if (gateway is not null)
        {
            await (ways is not null ? gateway.Lead(ways, cancel) : gateway.Unplug(segment.Vni, cancel));
        }

        if (client is not null && Own(segment) is { } own)
        {
            await client.Lead(segment, own, cancel);
        }
    }

    private async Task<bool> Clear(AppId application, HeldSegment known, CancellationToken cancel)
    {
        try
        {
            dhcp.Serve(application, []);
            await (gateway?.Unplug(known.Vni, cancel) ?? Task.CompletedTask);
            await (client?.Unplug(known.Vni, cancel) ?? Task.CompletedTask);
            await plumber.Remove(known.Vni, cancel);
            held.Remove(application);
            return true;
        }
        catch (DriverException fault)
        {
            Failed(application, known, fault);
            return false;
        }
    }

    // What is there may be anything: it is made and looked at anew.
    private void Failed(AppId application, HeldSegment segment, DriverException fault)
    {
        if (segment.Fault != fault.Message)
        {
            log.SegmentNotInForce(application.Key, fault.Message);
        }

        held[application] = segment with { IsMade = false, IsInForce = false, Fault = fault.Message };
    }
}
