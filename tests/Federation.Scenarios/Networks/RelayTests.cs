using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Domain.Sites;
using Federation.Scenarios.Sensors;
using Shouldly;
using Xunit;

namespace Federation.Scenarios.Networks;

public sealed class RelayTests
{
    private const string Application = "astro/cg.1";
    private const int Vni = 0x7c;

    // Pings of 10 ms both ways are a fifth of this, with the load it is twice as much.
    private const double Above = 80_000;

    private static int Changes => Environment.GetEnvironmentVariable("FEDERATION_PATH_CHANGES") is { Length: > 0 } number ? int.Parse(number, CultureInfo.InvariantCulture) : 4;

    [LabFact]
    public async Task Hosts_that_do_not_reach_each_other_talk_by_a_relay_that_passes_on_nothing_else()
    {
        await using var stand = await Stand.Begin(relays: 1, LinkPath.Direct);
        stand.Lab.Connect(stand.Lab.Hosts[0], stand.Lab.Hosts[1], reach: false);
        stand.Start();
        await Hosts.Waiting.Until(() => stand.Both(PathKind.Relay));
        await stand.Pings.UntilAnswered();
        var path = stand.One.To(stand.Other).ShouldNotBeNull();
        (path.Kind, path.Relay, path.Why).ShouldBe((PathKind.Relay, stand.Agents[2].Id, PathReason.NotMet));
        var plain = stand.PlainFrames;

        // What is no frame of a segment is led into the tunnel by force, and does not come out.
        var (one, other) = (stand.Lab.Hosts[0], stand.Lab.Hosts[1]);
        var device = one.Space.Exec("ip", "route", "show", "table", "4789").Split('\n').Single(line => line.StartsWith($"{other.Address} dev", StringComparison.Ordinal)).Split(' ')[2];
        one.Space.In($"route add {other.Address} dev {device}");
        using var listener = other.Space.Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        listener.Bind(new IPEndPoint(IPAddress.Any, 9999));
        using var sender = one.Space.Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        sender.Bind(new IPEndPoint(IPAddress.Parse($"{one.Address}"), 0));
        await sender.SendToAsync(new byte[10], SocketFlags.None, new IPEndPoint(IPAddress.Parse($"{other.Address}"), 9999));
        await stand.Pings.Ask(50);
        await stand.Pings.UntilAnswered();
        listener.Available.ShouldBe(0);
        stand.PlainFrames.ShouldBe(plain);
        stand.Lab.Hosts[2].Space.Exec("nft", "list", "ruleset").ShouldContain("relay {");
    }

    [LabFact]
    public async Task From_star_to_direct_and_back_under_load_no_frame_is_lost()
    {
        await using var stand = await Stand.Begin(relays: 1, LinkPath.Star);
        stand.Start();
        await Hosts.Waiting.Until(() => stand.Both(PathKind.Relay));
        await stand.Pings.UntilAnswered();
        var (begun, plain) = (stand.Pings.Sent, stand.PlainFrames);
        for (var change = 0; change < Changes; change++)
        {
            var isUp = change % 2 == 0;
            stand.Load(isUp);
            await Hosts.Waiting.Until(() => stand.Both(isUp ? PathKind.Direct : PathKind.Relay));
            stand.One.To(stand.Other)!.Why.ShouldBeOneOf(isUp ? [PathReason.Busy] : [PathReason.Star, PathReason.BusyNotMet, PathReason.DirectSilent]);
            await stand.Pings.Ask(100);
        }

        var last = stand.Pings.Sent;
        await stand.Pings.Ask(20);
        await stand.Pings.UntilAnswered();
        TestContext.Current.TestOutputHelper?.WriteLine($"{Changes} changes, {last - begun} pings of 10 ms, {stand.Pings.Lost(begun, last)} lost");
        stand.Pings.Lost(begun, last).ShouldBe(0);
        stand.PlainFrames.ShouldBe(plain);
    }

    [LabFact]
    public async Task Where_one_of_two_relays_is_lost_frames_go_by_the_other()
    {
        await using var stand = await Stand.Begin(relays: 2, LinkPath.Star);
        stand.Start();
        await Hosts.Waiting.Until(() => stand.Both(PathKind.Relay) && stand.Agents[..2].All(agent => agent.Desk.Paths.Heard.Length == 2));
        var lost = stand.One.To(stand.Other)!.Relay;
        var relay = stand.Lab.Hosts.Single(host => host.Id == lost);
        var cut = stand.Pings.Sent;
        relay.Space.In("link set u0 down");
        await stand.Pings.UntilAnswered();
        await Hosts.Waiting.Until(() => stand.Both(PathKind.Relay) && stand.One.To(stand.Other)!.Relay != lost && stand.Other.To(stand.One)!.Relay != lost);
        await stand.Pings.UntilAnswered();
        var path = stand.One.To(stand.Other)!;
        (path.Why, path.Silent).ShouldBe((PathReason.RelaySilent, lost));
        TestContext.Current.TestOutputHelper?.WriteLine($"a relay was cut: {stand.Pings.Lost(cut, stand.Pings.Sent - 20)} pings of 10 ms without an answer");

        // It is back, and heard again, and what works is not left.
        relay.Space.In("link set u0 up");
        relay.Space.Exec("sh", "-c", $"ip route replace default via {relay.Address.ToString()[..^1]}1");
        await Hosts.Waiting.Until(() => stand.Agents[..2].All(agent => agent.Desk.Paths.Heard.Length == 2));
        stand.One.To(stand.Other)!.Relay.ShouldNotBe(lost);
    }

    [LabFact]
    public async Task An_agent_that_is_started_anew_that_of_a_relay_too_goes_on_by_the_path_that_it_finds()
    {
        await using var stand = await Stand.Begin(relays: 1, LinkPath.Star);
        stand.Start();
        await Hosts.Waiting.Until(() => stand.Both(PathKind.Relay));
        foreach (var isUp in new[] { false, true })
        {
            stand.Load(isUp);
            await Hosts.Waiting.Until(() => stand.Both(isUp ? PathKind.Direct : PathKind.Relay));
            await stand.Pings.UntilAnswered();
            var begun = stand.Pings.Sent;
            stand.One.Restart();
            await Hosts.Waiting.Until(() => stand.One.To(stand.Other) is not null);
            stand.One.To(stand.Other)!.Kind.ShouldBe(isUp ? PathKind.Direct : PathKind.Relay);
            await stand.Pings.Ask(100);
            if (!isUp)
            {
                stand.Agents[2].Restart();
                await stand.Pings.Ask(200);
                stand.Both(PathKind.Relay).ShouldBeTrue();
            }

            var last = stand.Pings.Sent;
            await stand.Pings.Ask(20);
            await stand.Pings.UntilAnswered();
            stand.Pings.Lost(begun, last).ShouldBe(0);
        }
    }

    /// <summary>Two hosts with a VM each that is asked by the other one every 10 ms, and relays.</summary>
    private sealed class Stand : IAsyncDisposable
    {
        private readonly ImmutableArray<OverlayGuest> guests;
        private readonly Echo echo;
        private readonly Socket load;
        private readonly Socket sink;
        private readonly CancellationTokenSource over = new();
        private Task loading = Task.CompletedTask;
        private volatile bool isLoaded;

        private Stand(OverlayLab lab, ImmutableArray<OverlayGuest> guests, ImmutableArray<PathAgent> agents)
        {
            (Lab, this.guests, Agents) = (lab, guests, agents);
            (echo, Pings) = (new(guests[0], (byte)'a'), new(guests[1], guests[0].Ip));
            (load, sink) = (guests[1].Udp(0), guests[0].Udp(6000));
        }

        public OverlayLab Lab { get; }

        public ImmutableArray<PathAgent> Agents { get; }

        public PathAgent One => Agents[0];

        public PathAgent Other => Agents[1];

        public Pinging Pings { get; }

        /// <summary>Frames that went over the network below as they are, from all hosts.</summary>
        public long PlainFrames => Lab.Hosts.Sum(host => host.PlainFrames());

        public static async Task<Stand> Begin(int relays, LinkPath path)
        {
            var lab = await new OverlayLab(2 + relays).Begin();
            var agents = ImmutableArray<PathAgent>.Empty;
            var site = lab.Hosts[0].Id.Site;
            var links = new SegmentsNews([]) { Encryption = ImmutableSortedDictionary<SiteId, LinkEncryption>.Empty.Add(site, LinkEncryption.Required), Stars = path == LinkPath.Star ? [site] : [] };
            agents = [.. lab.Hosts.Select((host, index) => new PathAgent(host, index > 1, Above, TimeSpan.FromSeconds(2), _ => links, () => agents, () => Book(agents)))];
            return new(lab, await Talkers(lab), agents);
        }

        public void Start()
        {
            foreach (var agent in Agents)
            {
                agent.Start();
            }

            loading = Task.Run(Burst);
        }

        /// <exception cref="InvalidOperationException">An agent has failed.</exception>
        public bool Both(PathKind kind) => Agents.Select(agent => agent.Fault).FirstOrDefault(fault => fault is not null) is { } fault ? throw new InvalidOperationException("an agent has failed", fault) : One.To(Other)?.Kind == kind && Other.To(One)?.Kind == kind;

        /// <summary>From now on one VM sends the other 150 kB/s besides, or does not.</summary>
        public void Load(bool isOn) => isLoaded = isOn;

        public async ValueTask DisposeAsync()
        {
            await over.CancelAsync();
            await loading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Pings.DisposeAsync();
            load.Dispose();
            sink.Dispose();
            echo.Dispose();
            foreach (var agent in Agents)
            {
                await agent.DisposeAsync();
            }

            Lab.Dispose();
            over.Dispose();
        }

        private static RelayBook Book(ImmutableArray<PathAgent> agents) =>
            agents.Aggregate(new RelayBook(), (book, agent) => book.Told(agent.Id, agent.Network, agent.Desk.Paths.Heard));

        private static async Task<ImmutableArray<OverlayGuest>> Talkers(OverlayLab lab)
        {
            var hosts = lab.Hosts[..2];
            var entries = hosts.Select((host, index) => OverlayLab.Entry(Application, index + 1, host, index + 1)).ToArray();
            var segment = lab.Segment(Application, Vni, entries);
            var guests = ImmutableArray.CreateBuilder<OverlayGuest>();
            foreach (var host in lab.Hosts)
            {
                host.CountPlainFrames();
            }

            foreach (var (host, entry) in hosts.Zip(entries))
            {
                await host.Make(segment);
                var guest = lab.Guest(entry).Plug(host, Vni).RunAt(host);
                host.See(guest.Port, GuestState.Running, guest.Tap);
                await host.Apply(segment);
                guests.Add(guest);
            }

            return guests.ToImmutable();
        }

        private async Task Burst()
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
            while (await timer.WaitForNextTickAsync(over.Token))
            {
                for (var datagram = 0; isLoaded && datagram < 15; datagram++)
                {
                    await load.SendToAsync(new byte[1000], SocketFlags.None, new IPEndPoint(guests[0].Ip, 6000), over.Token);
                }
            }
        }
    }
}
