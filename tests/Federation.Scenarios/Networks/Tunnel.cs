using System.Collections.Immutable;
using System.Globalization;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Domain.Sites;
using Federation.Host.Tunnels;
using Microsoft.Extensions.Logging.Abstractions;

namespace Federation.Scenarios.Networks;

/// <summary>The tunnels of one host to another, which is at another site.</summary>
internal sealed class Tunnel : IDisposable
{
    private readonly StateFolder state = new();
    private readonly OverlayHost host;
    private readonly OverlayHost peer;

    public Tunnel(OverlayHost host, OverlayHost peer)
    {
        (this.host, this.peer) = (host, peer);
        // The name goes into that of the devices, which no other test may have.
        var devices = new WireGuardDevices(new(host.Id.Site, host.Space.Name), new() { Address = host.Address, Launcher = ["ip", "netns", "exec", host.Space.Name] }, host.Mtu, TimeProvider.System);
        Desk = new(
            host.Id,
            devices,
            new(new(state.In("ends")), devices, 51820, TimeSpan.FromHours(24), Clock, NullLogger.Instance),
            new(isRelay: false, 125_000, TimeSpan.FromSeconds(30), Clock),
            new(state.Files()),
            Clock,
            NullLogger.Instance);
    }

    public AheadClock Clock { get; } = new();

    public TunnelDesk Desk { get; }

    /// <summary>Both look in turn, as their agents do, until all goes by a generation.</summary>
    public static Task Until(LinkEncryption encryption, Tunnel one, Tunnel other, int generation) => Hosts.Waiting.Until(async () =>
        await one.Look(encryption, other) & await other.Look(encryption, one) && one.Goes(generation) && other.Goes(generation));

    /// <summary>The agent hears of the other one's ends, and looks.</summary>
    public async Task<bool> Look(LinkEncryption encryption, Tunnel other)
    {
        var site = new SiteId("elsewhere");
        var heeded = Desk.Heed(
            [new SegmentPeer(new(site, peer.Id.Host), peer.Address) { Tunnels = other.Desk.Ends }],
            new([]) { Encryption = ImmutableSortedDictionary<SiteId, LinkEncryption>.Empty.Add(site, encryption) },
            [],
            CancellationToken.None);
        var isDone = await Desk.Look(() => { }, CancellationToken.None);
        await heeded;
        return isDone;
    }

    /// <summary>Whether frames for the other one go by a generation.</summary>
    public bool Goes(int generation) => host.Space.Exec("ip", "route", "show", "table", "4789").Split('\n')
        .Any(line => line.StartsWith($"{peer.Address} dev fw", StringComparison.Ordinal) && line.TrimEnd().Split(' ')[2].EndsWith(generation.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));

    public void Dispose()
    {
        foreach (var line in host.Space.Exec("ip", "-o", "link").Split('\n').Where(line => line.Contains(": fw", StringComparison.Ordinal)))
        {
            // What carries a device in a process ends with it.
            host.Space.In($"link del dev {line.Split(' ')[1].TrimEnd(':')}");
        }

        state.Dispose();
    }
}
