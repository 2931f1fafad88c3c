using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Federation.Domain.Guests;
using Federation.Scenarios.Sensors;
using Shouldly;

namespace Federation.Scenarios.Networks;

public sealed class GatewayTests(Xunit.ITestOutputHelper output)
{
    private const string Application = "astro/cg.1";
    private const string Public = "203.0.113.17";
    private const int Vni = 0x7c;

    [LabFact]
    public async Task A_connection_from_outside_goes_on_while_its_VM_moves_and_while_its_gateway_dies()
    {
        using var lab = await new GatewayLab(4, gateways: 2).Begin();
        var (a, b, first, second) = (lab.Hosts[0], lab.Hosts[1], lab.Hosts[2], lab.Hosts[3]);
        var entry = OverlayLab.Entry(Application, 1, a, 1);
        var segment = GatewayLab.Reached(lab.Overlay.Segment(Application, Vni, entry), first, [second], (Public, entry.Port));
        await lab.See();
        await lab.Tell(segment);
        var guest = lab.Guest(entry, segment, a, b);
        await lab.See((a, GuestState.Running, guest), (b, GuestState.Receiving, guest));
        using var echo = new Echo(guest, (byte)'m');
        await using var talk = await Talk.Begin(guest.Space, lab.Outside, Public);
        talk.Peer.ShouldBe(IPAddress.Parse(GatewayLab.Client));
        await using var pings = new Pinging(lab.Outside.Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp), IPAddress.Parse(Public));
        await pings.UntilAnswered();
        await talk.More(20);

        // The move, as agents see it; the gateway hears of it last.
        talk.LongestPause();
        var (moveBegan, expected) = (pings.Sent, segment with { Revision = 2, Entries = segment.Entries.SetItem(entry.Port, entry with { Next = b.Id }) });
        await lab.Tell(expected, b, a);
        guest.RunAt(null);
        await lab.See((a, GuestState.AtSwitch, guest), (b, GuestState.Received, guest));
        guest.RunAt(b);
        await pings.UntilAnswered();
        var owned = expected with { Revision = 3, Entries = segment.Entries.SetItem(entry.Port, entry with { At = b.Id, Epoch = 2, Former = [a.Id] }) };
        await lab.Tell(owned, b, a);
        await pings.Ask(20);
        await lab.Tell(owned, first, second);
        await lab.See((b, GuestState.Running, guest));
        var settled = owned with { Revision = 4, Entries = segment.Entries.SetItem(entry.Port, entry with { At = b.Id, Epoch = 2 }) };
        await lab.Tell(settled);
        await talk.More(20);
        await pings.UntilAnswered();
        output.WriteLine($"move: {pings.Lost(moveBegan, pings.Answers.Keys.Max())} pings of 10 ms lost, the connection paused for {talk.LongestPause().TotalMilliseconds:0} ms");

        // Before the second takes over nobody answers.
        var died = pings.Sent;
        GatewayLab.Kill(first);
        await pings.Ask(20);
        pings.Lost(died + 1, died + 20).ShouldBeGreaterThan(15);
        var taken = GatewayLab.Reached(settled with { Revision = 5 }, second, [first], (Public, entry.Port));
        var told = pings.Sent;
        await lab.Tell(taken, b, second);
        await pings.UntilAnswered();
        output.WriteLine($"takeover: {pings.Answers.Keys.Where(number => number >= told).Min() - told} pings of 10 ms from the news to the first answer");
        await talk.More(50);
        output.WriteLine($"the connection paused for {talk.LongestPause().TotalMilliseconds:0} ms");
    }

    [LabFact]
    public async Task Two_tenants_with_the_same_addresses_behind_one_gateway_do_not_mix_and_reach_neither_it_nor_each_other_but_by_public_addresses()
    {
        using var lab = await new GatewayLab(2, gateways: 1).Begin();
        var (host, gateway) = (lab.Hosts[0], lab.Hosts[1]);
        await lab.See();
        var guests = ImmutableArray.CreateBuilder<OverlayGuest>();
        foreach (var (application, vni, address) in new[] { (Application, Vni, Public), ("bio/cg.1", Vni + 1, "203.0.113.18") })
        {
            var entry = OverlayLab.Entry(application, 1, host, 1);
            var segment = GatewayLab.Reached(lab.Overlay.Segment(application, vni, entry), gateway, [], (address, entry.Port));
            await lab.Tell(segment);
            guests.Add(lab.Guest(entry, segment, host));
        }

        await lab.See([.. guests.Select(guest => (host, GuestState.Running, guest))]);
        using var one = new Echo(guests[0], (byte)'1');
        using var two = new Echo(guests[1], (byte)'2');
        (await Ask(lab.Outside, Public)).ShouldBe((byte)'1');
        (await Ask(lab.Outside, "203.0.113.18")).ShouldBe((byte)'2');
        (await Ask(guests[0].Space, "203.0.113.18")).ShouldBe((byte)'2');
        (await Ask(guests[1].Space, Public)).ShouldBe((byte)'1');

        // Neither the gateway's own addresses, nor another host's, nor an address of the network below.
        using var listening = new Listener(gateway.Space);
        using var below = new Listener(host.Space);
        foreach (var address in new[] { "203.0.113.4", $"{gateway.Address}", $"{host.Address}" })
        {
            (await Ask(guests[0].Space, address, tries: 3)).ShouldBeNull(address);
        }

        (listening.Heard + below.Heard).ShouldBe(0);
        (await Ask(lab.Outside, "203.0.113.4")).ShouldNotBeNull();
        listening.Heard.ShouldBe(1);
    }

    [LabFact]
    public async Task A_gateway_whose_lease_is_over_answers_no_more_though_nobody_is_there_to_say_so_and_one_that_is_started_anew_touches_nothing()
    {
        using var lab = await new GatewayLab(3, gateways: 2).Begin();
        var (host, gateway) = (lab.Hosts[0], lab.Hosts[1]);
        var entry = OverlayLab.Entry(Application, 1, host, 1);
        var segment = GatewayLab.Reached(lab.Overlay.Segment(Application, Vni, entry), gateway, [lab.Hosts[2]], (Public, entry.Port));
        var before = Everything(gateway);
        await lab.See();
        await lab.Tell(segment);
        var guest = lab.Guest(entry, segment, host);
        await lab.See((host, GuestState.Running, guest));
        using var echo = new Echo(guest, (byte)'m');
        (await Ask(lab.Outside, Public)).ShouldNotBeNull();

        await lab.Gateways[gateway].Renew(TimeSpan.FromMilliseconds(1), default);
        (await Ask(lab.Outside, Public, tries: 3)).ShouldBeNull();
        lab.Outside.Exec("ip", "neigh", "flush", "dev", "br0");
        (await Ask(lab.Outside, Public, tries: 3)).ShouldBeNull();
        await lab.Gateways[gateway].Renew(TimeSpan.FromMinutes(10), default);
        (await Ask(lab.Outside, Public)).ShouldNotBeNull();

        // What is there is right; what somebody took away comes back.
        var whole = Everything(gateway);
        lab.Gateways[gateway].Doubt();
        await lab.Tell(segment);
        Everything(gateway).ShouldBe(whole);
        gateway.Space.Exec("nft", "flush", "ruleset");
        gateway.Space.In($"route del {Public}/32");
        gateway.Space.In($"neigh del proxy {Public} dev o0");
        lab.Gateways[gateway].Doubt();
        gateway.Plumber.Doubt(Vni);
        await lab.Tell(segment);
        await lab.Gateways[gateway].Renew(TimeSpan.FromMinutes(10), default);
        Everything(gateway).ShouldBe(whole);
        (await Ask(lab.Outside, Public)).ShouldNotBeNull();

        // Another one has it: nothing leads in here any more.
        await lab.Tell(GatewayLab.Reached(segment, lab.Hosts[2], [gateway], (Public, entry.Port)));
        gateway.Space.Exec("ip", "route").ShouldNotContain(Public);
        gateway.Space.Exec("ip", "neigh", "show", "proxy").ShouldNotContain(Public);
        gateway.Space.Exec("nft", "list", "table", "ip", "federation_gateway").ShouldNotContain(Public);
        gateway.Space.Exec("ip", "-o", "link").ShouldNotContain(": fh");
        before.ShouldNotContain(Public);
    }

    private static string Everything(OverlayHost host) => string.Join('\n',
        host.Space.Exec("ip", "-o", "link"), host.Space.Exec("ip", "route"), host.Space.Exec("ip", "neigh", "show", "nud", "permanent"), host.Space.Exec("ip", "neigh", "show", "proxy"),
        host.Space.Exec("nft", "list", "table", "ip", "federation_gateway"), host.Space.Exec("nft", "list", "set", "netdev", "federation_gateway", "leased"));

    // Who answers, by its letter; null: nobody does.
    private static async Task<byte?> Ask(NetworkNamespace from, string address, int tries = 20)
    {
        using var socket = from.Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(address), Echo.Port));
        var answer = new byte[64];
        for (var number = 0; number < tries; number++)
        {
            using var wait = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
            try
            {
                await socket.SendAsync(new byte[] { 1, 2, 3, 4 }, SocketFlags.None, wait.Token);
                return answer[await socket.ReceiveAsync(answer, SocketFlags.None, wait.Token) - 1];
            }
            catch (OperationCanceledException)
            {
                // Lost, or nobody is there.
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
        }

        return null;
    }

    /// <summary>Somebody on a host who would answer VMs.</summary>
    private sealed class Listener : IDisposable
    {
        private readonly Socket socket;
        private int heard;

        public Listener(NetworkNamespace space)
        {
            socket = space.Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Any, Echo.Port));
            _ = Task.Run(Listen);
        }

        public int Heard => Volatile.Read(ref heard);

        public void Dispose() => socket.Dispose();

        private async Task Listen()
        {
            var buffer = new byte[64];
            try
            {
                while (true)
                {
                    var came = await socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0));
                    Interlocked.Increment(ref heard);
                    await socket.SendToAsync(buffer.AsMemory(0, came.ReceivedBytes), SocketFlags.None, came.RemoteEndPoint);
                }
            }
            catch (Exception over) when (over is SocketException or ObjectDisposedException)
            {
                // The test has ended.
            }
        }
    }
}
