using System.Net;
using System.Net.Sockets;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Scenarios.Sensors;
using Shouldly;
using Xunit;

namespace Federation.Scenarios.Networks;

public sealed class ClientTests(ITestOutputHelper output)
{
    private const string Mac = "52:54:00:79:00:01";

    [LabFact]
    public async Task A_machine_behind_a_router_that_translates_addresses_talks_with_a_VM_while_it_moves_and_is_gone_from_all_tables_when_it_has_left()
    {
        await using var lab = await new ClientLab().Begin();
        var (a, b) = (lab.One, lab.Other);
        var entry = OverlayLab.Entry(ClientLab.Application, 1, a, 1);
        var segment = await lab.Meet(entry);
        var guest = lab.Overlay.Guest(entry).Plug(a, ClientLab.Vni).Plug(b, ClientLab.Vni).RunAt(a);
        a.See(entry.Port, GuestState.Running, guest.Tap);
        b.See(entry.Port, GuestState.Receiving, guest.Tap);
        await lab.Tell(segment, a, b);
        using var echo = new Echo(guest, (byte)'m');
        await using var talk = await Talk.Begin(guest.Space, lab.Client.Space, $"{guest.Ip}");
        talk.Peer.ShouldBe(IPAddress.Parse("10.80.0.9"));
        await using var pings = new Pinging(lab.Client.Space.Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp), guest.Ip);
        await pings.UntilAnswered();
        await talk.More(20);

        // The move, as agents see it; the client hears of it last.
        talk.LongestPause();
        var begun = pings.Sent;
        var expected = segment with { Revision = segment.Revision + 1, Entries = segment.Entries.SetItem(entry.Port, entry with { Next = b.Id }) };
        await lab.Tell(expected, b, a);
        guest.RunAt(null);
        a.See(entry.Port, GuestState.AtSwitch, guest.Tap);
        b.See(entry.Port, GuestState.Received, guest.Tap);
        await lab.Tell(expected, b, a);
        guest.RunAt(b);
        await pings.UntilAnswered();
        var owned = expected with { Revision = segment.Revision + 2, Entries = segment.Entries.SetItem(entry.Port, entry with { At = b.Id, Epoch = 2, Former = [a.Id] }) };
        a.See(entry.Port, null, guest.Tap);
        b.See(entry.Port, GuestState.Running, guest.Tap);
        await lab.Tell(owned, b, a);
        await pings.Ask(20);
        await lab.Client.Tell(owned);
        var settled = owned with { Revision = segment.Revision + 3, Entries = segment.Entries.SetItem(entry.Port, entry with { At = b.Id, Epoch = 2 }) };
        await lab.Tell(settled, a, b);
        await talk.More(50);
        await pings.UntilAnswered();
        output.WriteLine($"move: {pings.Lost(begun, pings.Answers.Keys.Max())} pings of 10 ms lost, the connection paused for {talk.LongestPause().TotalMilliseconds:0} ms");

        // It leaves: nothing of it is at the hosts, nothing of the network is at it.
        await lab.Tell(settled with { Revision = segment.Revision + 4, Entries = settled.Entries.Remove(lab.Own.Port), Peers = settled.Peers.Remove(lab.Client.Post.Id) }, a, b);
        await lab.Client.Leave();
        await Hosts.Waiting.Until(() => lab.Overlay.Hosts.All(host => Traces(host.Space, lab.Client.Post, lab.Own.Mac) is []));
        lab.Client.Space.Exec("ip", "-o", "link").ShouldNotContain(": f");
        lab.Client.Space.Exec("ip", "addr").ShouldNotContain($"{lab.Client.Post.Below}");
        lab.Client.Space.Exec("ip", "route", "show", "table", "all").ShouldNotContain("4789");
    }

    [LabFact]
    public async Task A_client_passes_with_nobody_elses_addresses_and_gets_into_no_other_network()
    {
        await using var lab = await new ClientLab().Begin();
        var host = lab.One;
        var entry = OverlayLab.Entry(ClientLab.Application, 1, host, 1);
        var segment = await lab.Meet(entry);
        var guest = lab.Overlay.Guest(entry).Plug(host, ClientLab.Vni).RunAt(host);
        host.See(entry.Port, GuestState.Running, guest.Tap);
        await lab.Tell(segment, host);
        var foreign = OverlayLab.Entry("bio/cg.1", 1, host, 1);
        var others = lab.Overlay.Segment("bio/cg.1", ClientLab.Vni + 1, foreign);
        await host.Make(others);
        var other = lab.Overlay.Guest(foreign).Plug(host, ClientLab.Vni + 1).RunAt(host);
        host.See(foreign.Port, GuestState.Running, other.Tap);
        await host.Apply(others);

        var own = $"{lab.Own.Mac}";
        byte[] Ip(string name, string from, string source) => RawFrames.Ethernet(Mac, from, 0x0800, RawFrames.Udp(source, "10.80.0.1", 9, $"{name};"));
        byte[] Arp(string name, string from, string mac, string source) => RawFrames.Ethernet(Mac, from, 0x0806, RawFrames.Arp(2, mac, source, Mac, "10.80.0.1", $"{name};"));
        (int Vni, byte[] Frame)[] frames =
        [
            (ClientLab.Vni + 1, Ip("bad network", own, "10.80.0.9")),
            (ClientLab.Vni, Ip("bad MAC", "52:54:00:79:00:07", "10.80.0.9")),
            (ClientLab.Vni, Ip("bad IPv4", own, "10.80.0.7")),
            (ClientLab.Vni, Arp("bad ARP answer", own, own, "10.80.0.7")),
            (ClientLab.Vni, Arp("bad MAC in ARP", own, "52:54:00:79:00:07", "10.80.0.9")),
            (ClientLab.Vni, RawFrames.Ethernet(Mac, own, 0x86dd, RawFrames.Udp6("fd80::7", "fd80::1", "bad IPv6;"))),
            (ClientLab.Vni, RawFrames.Ethernet(Mac, own, 0x88b5, "bad protocol;"u8.ToArray())),
            (ClientLab.Vni, Arp("good ARP answer", own, own, "10.80.0.9")),
            (ClientLab.Vni, Ip("good IPv4", own, "10.80.0.9")),
        ];
        using RawPort heard = new(guest.Space, "p0"), elsewhere = new(other.Space, "p0");

        // By the tunnel, past all that its own machine holds it to; and without encryption, as anybody could who knows its address.
        using var tunnel = lab.Client.Space.Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        tunnel.Bind(new IPEndPoint(IPAddress.Parse($"{lab.Client.Post.Below}"), 0));
        using var below = lab.Other.Space.Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        lab.Other.Space.In($"addr add {lab.Client.Post.Below}/32 dev lo");
        below.Bind(new IPEndPoint(IPAddress.Parse($"{lab.Client.Post.Below}"), 4999));
        var to = new IPEndPoint(IPAddress.Parse($"{host.Address}"), 4789);
        below.SendTo(RawFrames.Vxlan(ClientLab.Vni, Ip("bad way", own, "10.80.0.9")), to);
        foreach (var (vni, frame) in frames)
        {
            tunnel.SendTo(RawFrames.Vxlan(vni, frame), to);
        }

        var came = await heard.Until(frame => RawFrames.Has(frame, "good IPv4"), TestContext.Current.CancellationToken);
        ForgedFrames.Names(came).ShouldBe(["good ARP answer", "good IPv4"]);
        // What would have come to the other tenant came before this, by the same tunnel.
        elsewhere.Drain().ShouldNotContain(frame => RawFrames.Has(frame, "bad "));
    }

    [LabFact]
    public async Task Machines_behind_a_client_and_VMs_reach_each_other_by_the_addresses_that_were_given_and_by_no_other()
    {
        await using var lab = await new ClientLab("10.80.0.64", "10.80.0.65").Begin();
        var host = lab.One;
        var entry = OverlayLab.Entry(ClientLab.Application, 1, host, 1);
        var segment = await lab.Meet(entry);
        var guest = lab.Overlay.Guest(entry).Plug(host, ClientLab.Vni).RunAt(host);
        host.See(entry.Port, GuestState.Running, guest.Tap);
        await lab.Tell(segment, host);
        using var echo = new Echo(guest, (byte)'m');
        await using (var talk = await Talk.Begin(guest.Space, lab.Behind!, $"{guest.Ip}"))
        {
            talk.Peer.ShouldBe(IPAddress.Parse("10.80.0.64"));
            await talk.More(20);
        }

        await using (var back = await Talk.Begin(lab.Behind!, guest.Space, "10.80.0.65"))
        {
            back.Peer.ShouldBe(guest.Ip.ShouldNotBeNull());
            await back.More(20);
        }

        // Somebody else on that network, while the others are answered.
        lab.Behind!.In("addr add 10.80.0.77/24 dev eth0");
        Socket From(string address)
        {
            var socket = lab.Behind.Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            return socket;
        }

        await using var strangers = new Pinging(From("10.80.0.77"), guest.Ip);
        await using var pings = new Pinging(From("10.80.0.65"), guest.Ip);
        await strangers.Ask(20);
        await pings.UntilAnswered();
        strangers.Answers.ShouldBeEmpty();

        // No way from a VM through the client into other networks of its machine.
        lab.Client.Space.Exec("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
        guest.Space.In("route add 192.168.7.0/24 via 10.80.0.9");
        using var elsewhere = guest.Udp(0);
        var before = Forwarded(lab.Client.Space);
        await elsewhere.SendToAsync(new byte[4], SocketFlags.None, new IPEndPoint(IPAddress.Parse("192.168.7.1"), 9));
        await pings.UntilAnswered();
        Forwarded(lab.Client.Space).ShouldBe(before);
        await lab.Client.Leave();
        lab.Client.Space.Exec("ip", "neigh", "show", "proxy").ShouldNotContain("10.80.0");
        lab.Client.Space.Exec("ip", "route").ShouldNotContain("10.80.0");
    }

    // What left the machine by its line that is not its own.
    private static string Forwarded(NetworkNamespace space)
    {
        if (!space.Exec("nft", "list", "tables").Contains("passed", StringComparison.Ordinal))
        {
            space.Exec("nft", "add", "table", "ip", "passed");
            space.Exec("nft", "add", "chain", "ip", "passed", "out", "{ type filter hook postrouting priority 0; }");
            space.Exec("nft", "add", "rule", "ip", "passed", "out", "oifname", "u0", "ip", "saddr", "10.80.0.1", "counter");
        }

        return space.Exec("nft", "list", "table", "ip", "passed");
    }

    private static string[] Traces(NetworkNamespace space, ClientPost client, Address mac)
    {
        // What was counted so far is no table that frames go by. Devices in a process are known beyond their namespace: those of this one are asked.
        var tables = space.Exec("nft", "list", "tables").Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.EndsWith("count", StringComparison.Ordinal)).Select(line => space.Exec(["nft", "list", .. line.Split(' ')]));
        var tunnels = space.Exec("ip", "-o", "link").Split('\n').Where(line => line.Contains(": fw", StringComparison.Ordinal)).Select(line => space.Exec("wg", "show", line.Split(' ')[1].TrimEnd(':'), "dump"));
        var all = string.Join('\n', [space.Exec("bridge", "fdb"), space.Exec("ip", "neigh"), space.Exec("ip", "route", "show", "table", "all"), .. tables, .. tunnels]);
        return [.. new[] { $"{client.Below}", $"{mac}", $"{mac.Number:x}" }.Where(trace => all.Contains(trace, StringComparison.Ordinal))];
    }
}
