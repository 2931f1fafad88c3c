using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Scenarios.Sensors;

namespace Federation.Scenarios.Networks;

/// <summary>Two hosts, a relay, and a machine of a user behind a router that translates addresses: nobody reaches it who was not asked by it.</summary>
internal sealed class ClientLab : IAsyncDisposable
{
    public const string Application = "astro/cg.1";
    public const int Vni = 0x7d;

    private readonly NetworkNamespace router;
    private readonly NetworkNamespace machine;
    private readonly string? lan;

    /// <param name="behind">The addresses of machines behind the client, which are one namespace on a network of its own; none: there is no such network.</param>
    public ClientLab(params string[] behind)
    {
        Overlay = new(3, mtu: 1500);
        router = new($"{Overlay.Name}n");
        machine = new($"{Overlay.Name}c");
        var outside = Overlay.Attach(router, 200);
        router.In($"link add i0 type veth peer name u0 netns {machine.Name}");
        router.In("addr add 192.168.7.1/24 dev i0");
        router.In("link set i0 up");
        machine.In("addr add 192.168.7.2/24 dev u0");
        machine.In("link set u0 up");
        machine.In("route add default via 192.168.7.1");
        router.Exec("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
        router.Exec("nft", "add", "table", "ip", "nat");
        router.Exec("nft", "add", "chain", "ip", "nat", "out", "{ type nat hook postrouting priority srcnat; }");
        router.Exec("nft", "add", "rule", "ip", "nat", "out", "oifname", outside, "masquerade");
        if (behind.Length > 0)
        {
            lan = "lan";
            Behind = new($"{Overlay.Name}l");
            machine.In($"link add {lan} type veth peer name eth0 netns {Behind.Name}");
            machine.In($"link set {lan} up");
            Behind.In("link set eth0 up");
            Array.ForEach(behind, address => Behind.In($"addr add {address}/24 dev eth0"));
        }

        var post = new ClientPost(AppId.Parse(Application), "laptop", SegmentClients.BelowOf(Vni, 0, AddressKind.IPv4));
        Agents = [.. Overlay.Hosts.Select((host, index) => new PathAgent(host, index == 2, 1e9, TimeSpan.FromSeconds(2), _ => new([]), () => Agents, Book))];
        Client = new(machine, post, Overlay.Hosts[0].Mtu, lan, Book);
        Own = new(
            SegmentClients.PortOf(post.Application, post.Name), SegmentClients.MacOf(Vni, 0), [Address.Parse("10.80.0.9"), .. behind.Select(Address.Parse)], 1, 0, post.Id);
    }

    public OverlayLab Overlay { get; }

    public OverlayHost One => Overlay.Hosts[0];

    public OverlayHost Other => Overlay.Hosts[1];

    public ImmutableArray<PathAgent> Agents { get; } = [];

    public ClientAgent Client { get; }

    /// <summary>The machines behind the client; null: there are none.</summary>
    public NetworkNamespace? Behind { get; }

    /// <summary>The client's interface on the segment.</summary>
    public SegmentEntry Own { get; }

    /// <summary>The segment of a VM and the client, with the ends of all.</summary>
    public Segment Segment(SegmentEntry vm, long revision)
    {
        var bare = Overlay.Segment(Application, Vni, vm, Own);
        return bare with
        {
            Revision = revision,
            Mtu = One.Mtu - 130,
            Peers = Agents[..2].Select(agent => new SegmentPeer(agent.Id, agent.Network.Address) { Tunnels = agent.Desk.Ends })
                .Append(new(Client.Post.Id, Client.Post.Below) { Tunnels = Client.Tunnels.Ends }).ToImmutableSortedDictionary(peer => peer.Id, peer => peer),
        };
    }

    /// <summary>Hosts are ready, agents look.</summary>
    public async Task<ClientLab> Begin()
    {
        await Overlay.Begin();
        foreach (var agent in Agents)
        {
            agent.Start();
        }

        return this;
    }

    /// <summary>A segment is in force at a host.</summary>
    public async Task Tell(Segment segment, params OverlayHost[] hosts)
    {
        foreach (var host in hosts)
        {
            var agent = Agents.Single(agent => agent.Id == host.Id);
            if (agent.Joined is null)
            {
                await host.Make(segment);
            }

            agent.Joined = segment;
            await host.Apply(segment);
        }
    }

    /// <summary>The client and the hosts have each other's keys, and meet by the relay.</summary>
    /// <param name="vm">The VM's interface.</param>
    /// <returns>The segment as it is told.</returns>
    public async Task<Segment> Meet(SegmentEntry vm)
    {
        Segment segment = Segment(vm, 1);
        await Hosts.Waiting.Until(async () =>
        {
            // Keys are told as they are made.
            segment = Segment(vm, segment.Revision + 1);
            await Tell(segment, One, Other);
            await Client.Tell(segment);
            return (Client.Fault ?? Agents.Select(agent => agent.Fault).FirstOrDefault(fault => fault is not null)) is { } fault ? throw new InvalidOperationException("an agent has failed", fault)
                : Client.Tunnels.Paths.Told.Count(path => path.Kind == PathKind.Relay) == 2 && Agents[..2].All(agent => agent.Desk.Paths.Told.Any(path => path.Host == Client.Post.Id && path.Kind == PathKind.Relay));
        });
        return segment;
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        foreach (var agent in Agents)
        {
            await agent.DisposeAsync();
        }

        Overlay.Dispose();
        Behind?.Dispose();
        machine.Dispose();
        router.Dispose();
    }

    // As the service has it: relays hear of a client while a segment has it.
    private RelayBook Book()
    {
        var book = Agents.Aggregate(new RelayBook(), (known, agent) => known.Told(agent.Id, agent.Network, agent.Desk.Paths.Heard));
        return Agents[0].Joined?.Peers.ContainsKey(Client.Post.Id) == true ? book.Told(Client.Post.Id, Client.Network, Client.Tunnels.Paths.Heard) : book;
    }
}
