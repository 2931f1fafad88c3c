using System.Collections.Immutable;
using Federation.Domain.Guests;
using Federation.Domain.Sites;
using Federation.Host.Tunnels;
using Federation.Scenarios.Sensors;
using Shouldly;

namespace Federation.Scenarios.Networks;

public sealed class TunnelTests
{
    private const string Application = "astro/cg.1";
    private const int Vni = 0x7b;

    [LabFact]
    public async Task Frames_between_sites_are_encrypted_while_they_flow_and_none_is_lost_when_keys_are_renewed()
    {
        using var lab = await new OverlayLab(2).Begin();
        var guests = await Talkers(lab);
        using var one = new Tunnel(lab.Hosts[0], lab.Hosts[1]);
        using var other = new Tunnel(lab.Hosts[1], lab.Hosts[0]);
        using var echo = new Echo(guests[0], (byte)'a');
        await using var pings = new Pinging(guests[1], guests[0].Ip);
        await pings.UntilAnswered();
        var plain = lab.Hosts[0].PlainFrames();
        plain.ShouldBeGreaterThan(0);

        var begun = pings.Sent;
        await Tunnel.Until(LinkEncryption.On, one, other, generation: 1);
        await pings.Ask(20);
        var (encrypted, changed) = (lab.Hosts[0].PlainFrames(), pings.Sent);
        await pings.Ask(50);
        lab.Hosts[0].PlainFrames().ShouldBe(encrypted);

        // Only one of the two has keys that are too old: the other one follows.
        one.Clock.Ahead(TimeSpan.FromHours(25));
        await Tunnel.Until(LinkEncryption.On, one, other, generation: 2);
        await pings.Ask(50);
        lab.Hosts[0].PlainFrames().ShouldBe(encrypted);
        var last = pings.Sent;
        await pings.Ask(20);
        await pings.UntilAnswered();
        Enumerable.Range(begun, last - begun).Where(number => !pings.Answers.ContainsKey(number))
            .ShouldBeEmpty($"asked from {begun} on, encrypted before {changed}, until {last}");

        one.Clock.Ahead(KeyRenewal.Overlap);
        await one.Look(LinkEncryption.On, other);
        one.Desk.Ends.ShouldHaveSingleItem().Generation.ShouldBe(2);
    }

    [LabFact]
    public async Task Where_encryption_is_required_nothing_goes_and_nothing_is_taken_that_is_not_encrypted()
    {
        using var lab = await new OverlayLab(2).Begin();
        var guests = await Talkers(lab);
        using var one = new Tunnel(lab.Hosts[0], lab.Hosts[1]);
        using var other = new Tunnel(lab.Hosts[1], lab.Hosts[0]);
        using var echo = new Echo(guests[0], (byte)'a');
        await using var pings = new Pinging(guests[1], guests[0].Ip);
        await pings.UntilAnswered();

        // The other one has no end yet, and goes on sending as it did.
        await one.Look(LinkEncryption.Required, other);
        await pings.Ask(10);
        var (from, answered) = (pings.Sent, lab.Hosts[0].PlainFrames());
        await pings.Ask(30);
        pings.Lost(from, from + 30).ShouldBe(30);
        lab.Hosts[0].PlainFrames().ShouldBe(answered);
        lab.Hosts[1].PlainFrames().ShouldBeGreaterThan(answered);

        await Tunnel.Until(LinkEncryption.Required, one, other, generation: 1);
        await pings.UntilAnswered();
        lab.Hosts[0].PlainFrames().ShouldBe(answered);
    }

    private static async Task<ImmutableArray<OverlayGuest>> Talkers(OverlayLab lab)
    {
        var entries = lab.Hosts.Select((host, index) => OverlayLab.Entry(Application, index + 1, host, index + 1)).ToArray();
        var segment = lab.Segment(Application, Vni, entries);
        var guests = ImmutableArray.CreateBuilder<OverlayGuest>();
        foreach (var (host, entry) in lab.Hosts.Zip(entries))
        {
            host.CountPlainFrames();
            await host.Make(segment);
            var guest = lab.Guest(entry).Plug(host, Vni).RunAt(host);
            host.See(guest.Port, GuestState.Running, guest.Tap);
            await host.Apply(segment);
            guests.Add(guest);
        }

        return guests.ToImmutable();
    }
}
