using System.Net;
using System.Net.Sockets;
using Federation.Domain.Guests;
using Federation.Host.Networks;
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
        var forger = await Forger.Begin(lab, await Two(lab, Mine, Vni), await Two(lab, Others, OtherVni), (Vni, OtherVni));
        (await forger.Send(Cancel)).ShouldBe(Forger.Expected);
    }

    [LabFact]
    public async Task Without_any_one_rule_of_the_filter_something_comes_that_must_not_or_does_not_come_that_should()
    {
        using var lab = await new OverlayLab(2).Begin();
        var forger = await Forger.Begin(lab, await Two(lab, Mine, Vni), await Two(lab, Others, OtherVni), (Vni, OtherVni));
        var (host, unnoticed) = (lab.Hosts[0], new List<string>());
        // How what is sent is shared is another test's affair.
        foreach (var rule in Rules(host).Where(rule => !rule.Text.Contains(FilterRuleset.Shares, StringComparison.Ordinal)))
        {
            // All are made anew after each, under other numbers.
            var now = Rules(host).Single(each => each.Chain == rule.Chain && each.Text == rule.Text);
            host.Space.Exec("nft", "delete", "rule", "bridge", FilterRuleset.Table, now.Chain, "handle", now.Handle);
            var came = await forger.Send(Cancel);
            TestContext.Current.TestOutputHelper?.WriteLine($"without {rule.Chain}: {rule.Text}\n  comes: {string.Join("; ", came.Except(Forger.Expected))}\n  misses: {string.Join("; ", Forger.Expected.Except(came))}");
            unnoticed.AddRange(came.SetEquals(Forger.Expected) ? [$"{rule.Chain}: {rule.Text}"] : []);
            await host.Plumber.Begin(Cancel);
        }

        unnoticed.ShouldBeEmpty();
        (await forger.Send(Cancel)).ShouldBe(Forger.Expected);
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

    private static List<(string Chain, string Text, string Handle)> Rules(OverlayHost host)
    {
        var (chain, rules) = ("", new List<(string, string, string)>());
        foreach (var line in host.Space.Exec("nft", "-a", "list", "table", "bridge", FilterRuleset.Table).Split('\n').Select(line => line.Trim()))
        {
            var words = line.Split(" # handle ");
            if (line.StartsWith("chain ", StringComparison.Ordinal))
            {
                chain = line.Split(' ')[1];
            }
            else if (chain.Length > 0 && words.Length == 2)
            {
                rules.Add((chain, words[0], words[1]));
            }
        }

        return rules;
    }
}
