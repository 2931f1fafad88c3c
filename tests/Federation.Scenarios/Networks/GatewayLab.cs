using System.Collections.Immutable;
using System.Globalization;
using System.Net.Sockets;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Host.Networks;
using Federation.Host.Networks.Dhcp;
using Federation.Scenarios.Sensors;
using Microsoft.Extensions.Logging.Abstractions;

namespace Federation.Scenarios.Networks;

/// <summary>An overlay whose last hosts are gateways, each with an interface to one network outside, where somebody is.</summary>
internal sealed class GatewayLab : IDisposable
{
    /// <summary>The address of whoever is outside.</summary>
    public const string Client = "203.0.113.2";

    private readonly List<StateFolder> states = [];
    private readonly ImmutableArray<SegmentDesk> desks;

    /// <param name="hosts">How many hosts.</param>
    /// <param name="gateways">How many of them, the last ones, are gateways.</param>
    public GatewayLab(int hosts, int gateways)
    {
        Overlay = new(hosts);
        Outside = new($"{Overlay.Name}o");
        Outside.In("link add br0 type bridge");
        Outside.In($"addr add {Client}/24 dev br0");
        Outside.In("link set br0 up");
        desks = [.. Overlay.Hosts.Select((host, index) => Desk(host, index >= hosts - gateways ? index + 1 : null))];
    }

    public OverlayLab Overlay { get; }

    /// <summary>The network outside.</summary>
    public NetworkNamespace Outside { get; }

    public ImmutableArray<OverlayHost> Hosts => Overlay.Hosts;

    /// <summary>What a gateway does to the kernel; of other hosts nothing.</summary>
    public Dictionary<OverlayHost, GatewayPlumber> Gateways { get; } = [];

    /// <summary>Every host is ready, each gateway heard of.</summary>
    public async Task<GatewayLab> Begin()
    {
        foreach (var desk in desks)
        {
            await desk.Begin(default);
        }

        foreach (var gateway in Gateways.Values)
        {
            await gateway.Renew(TimeSpan.FromMinutes(10), default);
        }

        return this;
    }

    /// <summary>The agents of hosts see their copies.</summary>
    public async Task See(params (OverlayHost Host, GuestState State, OverlayGuest Guest)[] copies)
    {
        foreach (var (host, desk) in Hosts.Zip(desks))
        {
            await desk.See(desk.BeginLook(), [.. copies.Where(copy => copy.Host == host).Select(copy => new GuestSighting(copy.Guest.Port.Vm, copy.State) { Taps = [copy.Guest.Tap] })], default);
        }
    }

    /// <summary>A segment is told to hosts; left out: to all.</summary>
    public async Task Tell(Segment segment, params OverlayHost[] hosts)
    {
        var update = new SegmentUpdate(
            segment.Application, 0, segment.Revision, segment.Vni, segment.Mtu, segment.Subnet, [.. segment.Entries.Values], [], [.. segment.Peers.Values], []) { Gateway = segment.Gateway };
        foreach (var (host, desk) in Hosts.Zip(desks).Where(one => hosts.Length == 0 || hosts.Contains(one.First)))
        {
            if (!await desk.Take(new([update]), default))
            {
                throw new InvalidOperationException($"{host.Id} has not all in force: {(await desk.FaultOf(segment.Entries.Keys.First().Vm, default)) ?? "its router"}");
            }
        }
    }

    /// <summary>A segment that is reached from outside through a gateway.</summary>
    public static Segment Reached(Segment segment, OverlayHost active, OverlayHost[] standbys, params (string Public, SegmentPort Port)[] publics)
    {
        var router = SegmentGateway.PortOf(segment.Application);
        return segment with
        {
            Entries = segment.Entries.SetItem(router, new(router, SegmentGateway.MacOf(segment.Vni), [segment.Subnet[segment.Subnet.Room - 1]], segment.Revision, 0, active.Id)),
            Gateway = new(
                active.Id, [.. standbys.Select(host => host.Id)], segment.Subnet[segment.Subnet.Room - 1], publics.ToImmutableSortedDictionary(one => Address.Parse(one.Public), one => one.Port)),
        };
    }

    /// <summary>A VM that runs at a host, and knows its router.</summary>
    public OverlayGuest Guest(SegmentEntry entry, Segment segment, params OverlayHost[] at)
    {
        var guest = Overlay.Guest(entry);
        foreach (var host in at)
        {
            guest.Plug(host, segment.Vni);
        }

        guest.Space.In($"route add default via {segment.Subnet[segment.Subnet.Room - 1]}");
        return guest.RunAt(at[0]);
    }

    /// <summary>A host is gone as by the loss of its power.</summary>
    public static void Kill(OverlayHost host)
    {
        host.Space.In("link set u0 down");
        host.Space.In("link set o0 down");
    }

    public void Dispose()
    {
        foreach (var desk in desks)
        {
            desk.Dispose();
        }

        Overlay.Dispose();
        Outside.Dispose();
        states.ForEach(state => state.Dispose());
    }

    private SegmentDesk Desk(OverlayHost host, int? gateway)
    {
        if (gateway is { } number)
        {
            host.Space.In(string.Create(CultureInfo.InvariantCulture, $"link add o0 type veth peer name g{number} netns {Outside.Name}"));
            host.Space.In(string.Create(CultureInfo.InvariantCulture, $"addr add 203.0.113.{number + 2}/24 dev o0"));
            host.Space.In("link set o0 up");
            Outside.In($"link set g{number} master br0 up");
            Gateways[host] = new(
                new() { Address = host.Address, Launcher = ["ip", "netns", "exec", host.Space.Name] }, new("o0", [PublicRange.Parse("203.0.113.16-203.0.113.31")]),
                device => Frames(host, device), TimeProvider.System, NullLogger.Instance);
        }

        states.Add(new());
        return new(host.Id, host.Plumber, new(tap => Frames(host, tap), TimeProvider.System, NullLogger.Instance), new(states[^1].Files(), NullLogger.Instance), TimeProvider.System, NullLogger.Instance, Gateways.GetValueOrDefault(host));
    }

    private static Socket Frames(OverlayHost host, string device) => TapSocket.Bind(
        host.Space.Socket(AddressFamily.Packet, SocketType.Raw, ProtocolType.Unspecified),
        int.Parse(host.Space.Exec("cat", $"/sys/class/net/{device}/ifindex"), CultureInfo.InvariantCulture));
}
