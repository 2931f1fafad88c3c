using Federation.Domain.Guests;
using Federation.Scenarios.Sensors;
using Shouldly;

namespace Federation.Scenarios.Networks;

public sealed class OverlayMoveTests
{
    private const string Application = "astro/cg.1";
    private const int Vni = 0x79;

    [LabFact]
    public async Task A_VM_that_moves_between_hosts_of_different_networks_is_reached_all_the_time_though_others_hear_of_it_late()
    {
        using var lab = await new OverlayLab(3).Begin();
        var (a, b, c) = (lab.Hosts[0], lab.Hosts[1], lab.Hosts[2]);
        var (moves, asks) = (OverlayLab.Entry(Application, 1, a, 1), OverlayLab.Entry(Application, 2, c, 2));
        var before = lab.Segment(Application, Vni, moves, asks);
        foreach (var host in lab.Hosts)
        {
            await host.Make(before);
        }

        var (mover, asker) = (lab.Guest(moves).Plug(a, Vni).Plug(b, Vni).RunAt(a), lab.Guest(asks).Plug(c, Vni).RunAt(c));
        a.See(mover.Port, GuestState.Running, mover.Tap);
        b.See(mover.Port, GuestState.Receiving, mover.Tap);
        c.See(asker.Port, GuestState.Running, asker.Tap);
        foreach (var host in lab.Hosts)
        {
            await host.Apply(before);
        }

        using var echo = new Echo(mover, (byte)'m');
        await using var pings = new Pinging(asker, mover.Ip);
        await pings.UntilAnswered();
        var first = pings.Sent;
        await pings.Ask(30);

        // The move is announced to both ends; the VM stands still; both ends act on what they see; it runs on at the destination.
        var announced = before with { Revision = 2, Entries = before.Entries.SetItem(moves.Port, moves with { Next = b.Id }) };
        await b.Apply(announced);
        await a.Apply(announced);
        var paused = pings.Sent;
        mover.RunAt(null);
        a.See(mover.Port, GuestState.AtSwitch, mover.Tap);
        await a.Apply(announced);
        b.See(mover.Port, GuestState.Received, mover.Tap);
        await b.Apply(announced);
        mover.RunAt(b);
        await pings.UntilAnswered();
        var runs = pings.Answers.Keys.Where(number => number >= paused).Max();

        // The destination owns it, the source has cleared its copy and forwards; the third host does not know yet.
        var owned = announced with { Revision = 3, Entries = before.Entries.SetItem(moves.Port, moves with { At = b.Id, Epoch = 2, Former = [a.Id] }) };
        await b.Apply(owned);
        a.See(mover.Port, null, mover.Tap);
        await a.Apply(owned);
        await pings.Ask(50);
        await c.Apply(owned);
        await pings.Ask(30);
        await a.Apply(owned with { Revision = 4, Entries = before.Entries.SetItem(moves.Port, moves with { At = b.Id, Epoch = 2 }) });
        await pings.Ask(30);
        await pings.UntilAnswered();
        var last = pings.Answers.Keys.Max();

        pings.Lost(first, paused - 1).ShouldBeLessThanOrEqualTo(1);
        pings.Lost(runs, last).ShouldBeLessThanOrEqualTo(3);
        a.Space.Exec("nft", "list", "set", "netdev", $"fx{Vni:x6}", "forwarded").ShouldNotContain("elements");
    }
}
