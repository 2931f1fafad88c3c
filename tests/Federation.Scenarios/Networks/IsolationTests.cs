using System.Net;
using System.Net.Sockets;
using Federation.Domain.Guests;
using Federation.Scenarios.Sensors;
using Shouldly;
using Xunit;

namespace Federation.Scenarios.Networks;

public sealed class IsolationTests
{
    private const int Vni = 0x79;
    private const int OtherVni = 0x7a;
    private const string Mine = "astro/cg.1";
    private const string Others = "bio/cg.1";
    private const string Mac1 = "52:54:00:79:00:01";
    private const string Mac2 = "52:54:00:79:00:02";
    private const string Ip1 = "10.80.0.1";
    private const string Ip2 = "10.80.0.2";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [LabFact]
    public async Task Two_tenants_with_the_same_addresses_on_the_same_hosts_do_not_hear_each_other()
    {
        using var lab = await new OverlayLab(2).Begin();
        var mine = await Two(lab, Mine, Vni);
        var others = await Two(lab, Others, OtherVni);
        using var echoes = new Echo(mine[1], (byte)'m');
        using var otherEchoes = new Echo(others[1], (byte)'o');
        await using var pings = new Pinging(mine[0], mine[1].Ip);
        await using var otherPings = new Pinging(others[0], others[1].Ip);
        await pings.Ask(50);
        await otherPings.Ask(50);
        await pings.UntilAnswered();
        await otherPings.UntilAnswered();

        // What is for all is for all of one tenant.
        using var listens = mine[1].Udp(6000);
        using var othersListen = others[1].Udp(6000);
        using var calls = mine[0].Udp(0);
        using var othersCall = others[0].Udp(0);
        othersCall.SendTo("others"u8, new IPEndPoint(IPAddress.Parse("10.80.0.255"), 6000));
        calls.SendTo("mine"u8, new IPEndPoint(IPAddress.Parse("10.80.0.255"), 6000));
        var heard = new byte[64];
        heard.AsSpan(0, await listens.ReceiveAsync(heard, SocketFlags.None, Cancel)).ToArray().ShouldBe("mine"u8.ToArray());
        heard.AsSpan(0, await othersListen.ReceiveAsync(heard, SocketFlags.None, Cancel)).ToArray().ShouldBe("others"u8.ToArray());

        (pings.Answers.Values.Distinct().Single(), otherPings.Answers.Values.Distinct().Single()).ShouldBe(((byte)'m', (byte)'o'));
    }

    [LabFact]
    public async Task A_VM_sends_with_its_own_addresses_only_and_nothing_else_that_it_sends_comes_anywhere()
    {
        using var lab = await new OverlayLab(2).Begin();
        var mine = await Two(lab, Mine, Vni);
        var others = await Two(lab, Others, OtherVni);
        using var raw = new RawPort(mine[0].Space, "p0");
        using var sees = new RawPort(mine[1].Space, "p0");
        using var othersSee = new RawPort(others[1].Space, "p0");
        var host = lab.Hosts[0].Address.ToString();
        const string Ip6 = "fd80::1";
        const string All = "ff02::1";

        Send("forged MAC", text => RawFrames.Ethernet(Mac2, "52:54:00:79:00:07", 0x0800, RawFrames.Udp(Ip1, Ip2, 9, text)));
        Send("forged IPv4", text => RawFrames.Ethernet(Mac2, Mac1, 0x0800, RawFrames.Udp("10.80.0.7", Ip2, 9, text)));
        Send("forged IPv6", text => RawFrames.Ethernet(Mac2, Mac1, 0x86dd, RawFrames.Udp6("fd80::7", "fd80::2", text)));
        Send("forged ARP answer", text => RawFrames.Ethernet(Mac2, Mac1, 0x0806, RawFrames.Arp(2, Mac1, "10.80.0.7", Mac2, Ip2, text)));
        Send("forged ARP question", text => RawFrames.Ethernet(RawFrames.Everybody, Mac1, 0x0806, RawFrames.Arp(1, Mac1, "10.80.0.7", Mac2, "10.80.0.9", text)));
        Send("forged MAC in ARP", text => RawFrames.Ethernet(Mac2, Mac1, 0x0806, RawFrames.Arp(2, "52:54:00:79:00:07", Ip1, Mac2, Ip2, text)));
        Send("forged neighbour", text => RawFrames.Ethernet(Mac2, Mac1, 0x86dd, RawFrames.Icmp6(Ip6, All, 136, "fd80::7", text)));
        Send("forged router", text => RawFrames.Ethernet(Mac2, Mac1, 0x86dd, RawFrames.Icmp6(Ip6, All, 134, "fd80::1", text)));
        Send("VLAN tag", text => RawFrames.Ethernet(Mac2, Mac1, 0x8100, [0, 5, 8, 0, .. RawFrames.Udp("10.80.0.7", Ip2, 9, text)]));
        Send("another protocol", text => RawFrames.Ethernet(Mac2, Mac1, 0x88b5, System.Text.Encoding.ASCII.GetBytes(text)));
        Send("somebody unknown", text => RawFrames.Ethernet("52:54:00:79:00:09", Mac1, 0x0800, RawFrames.Udp(Ip1, Ip2, 9, text)));

        // To the host's own address: it would take the header for its own, and hand the frame to the other tenant.
        var inner = RawFrames.Ethernet(Mac2, Mac1, 0x0800, RawFrames.Udp(Ip1, Ip2, 9, "bad VXLAN"));
        raw.Send(RawFrames.Ethernet(Hosts(Vni), Mac1, 0x0800, RawFrames.Udp(Ip1, host, 4789, RawFrames.Vxlan(OtherVni, inner))));
        raw.Send(RawFrames.Ethernet(Mac2, Mac1, 0x0800, RawFrames.Udp(Ip1, lab.Hosts[1].Address.ToString(), 4789, RawFrames.Vxlan(OtherVni, inner))));
        raw.Send(RawFrames.Ethernet(Hosts(Vni), Mac1, 0x0800, RawFrames.Udp(Ip1, lab.Hosts[1].Address.ToString(), 4789, RawFrames.Vxlan(OtherVni, inner))));

        raw.Send(RawFrames.Ethernet(Mac2, Mac1, 0x0806, RawFrames.Arp(2, Mac1, Ip1, Mac2, Ip2, "good ARP")));
        raw.Send(RawFrames.Ethernet(Mac2, Mac1, 0x86dd, RawFrames.Icmp6(Ip6, All, 136, Ip6, "good neighbour")));
        raw.Send(RawFrames.Ethernet(Mac2, Mac1, 0x86dd, RawFrames.Udp6(Ip6, "fd80::2", "good IPv6")));
        raw.Send(RawFrames.Ethernet(Mac2, Mac1, 0x0800, RawFrames.Udp(Ip1, Ip2, 9, "good last")));
        var came = await sees.Until(frame => RawFrames.Has(frame, "good last"), Cancel);
        using var marks = new RawPort(others[0].Space, "p0");
        marks.Send(RawFrames.Ethernet(Mac2, Mac1, 0x0800, RawFrames.Udp(Ip1, Ip2, 9, "good last")));
        var othersCame = await othersSee.Until(frame => RawFrames.Has(frame, "good last"), Cancel);

        // The one in VXLAN that is for the VM itself is its own affair: it reaches it as it was sent.
        came.Where(frame => RawFrames.Has(frame, "bad")).ShouldAllBe(frame => RawFrames.Has(frame, "bad VXLAN"));
        came.Count(frame => RawFrames.Has(frame, "bad VXLAN")).ShouldBe(1);
        foreach (var good in (string[])["good ARP", "good neighbour", "good IPv6"])
        {
            came.ShouldContain(frame => RawFrames.Has(frame, good), good);
        }

        othersCame.ShouldNotContain(frame => RawFrames.Has(frame, "bad"));

        void Send(string what, Func<string, byte[]> frame) => raw.Send(frame($"bad {what}"));
    }

    // A VM at each of two hosts.
    private static async Task<OverlayGuest[]> Two(OverlayLab lab, string application, int vni)
    {
        var segment = lab.Segment(application, vni, OverlayLab.Entry(application, 1, lab.Hosts[0], 1), OverlayLab.Entry(application, 2, lab.Hosts[1], 2));
        var guests = new List<OverlayGuest>();
        foreach (var (host, entry) in lab.Hosts.Zip(segment.Entries.Values))
        {
            await host.Make(segment);
            guests.Add(lab.Guest(entry).Plug(host, vni).RunAt(host));
            host.See(entry.Port, GuestState.Running, guests[^1].Tap);
            await host.Apply(segment);
        }

        return [.. guests];
    }

    private static string Hosts(int vni) => Host.Networks.DeviceNames.BridgeMac(vni);
}
