using Federation.Domain.Guests;
using Federation.Domain.Networks;
using Federation.Host.Networks;
using Federation.Scenarios.Sensors;
using Shouldly;

namespace Federation.Scenarios.Networks;

public sealed class PlumberTests
{
    private const string Application = "astro/cg.1";
    private const int Vni = 0x79;

    [LabFact]
    public async Task A_plumber_that_is_started_anew_finds_what_is_there_mends_what_is_wrong_and_touches_nothing_else()
    {
        using var lab = await new OverlayLab(2).Begin();
        var (a, segment) = (lab.Hosts[0], Three(lab));
        await Fill(lab, segment);
        var whole = a.Everything();

        a.Restart();
        (await a.Plumber.Begin(default)).ShouldBe([new(Vni, Application)]);
        RuleChanges.Between(Vni, await a.Plumber.Read(Vni, default), a.Rules(segment)).IsNothing.ShouldBeTrue();
        await a.Make(segment);
        await a.Apply(segment);
        a.Everything().ShouldBe(whole);

        // Somebody takes the filters away, a neighbour, an entry, and adds one.
        a.Space.Exec("nft", "flush", "ruleset");
        a.Space.In($"neigh del 10.80.0.3 dev fb{Vni:x6}");
        a.Space.Exec("bridge", "fdb", "del", "52:54:00:79:00:03", "dev", $"fx{Vni:x6}", "master");
        a.Space.Exec("bridge", "fdb", "add", "52:54:00:79:00:09", "dev", $"fx{Vni:x6}", "dst", "10.79.2.2", "self", "permanent");
        a.Plumber.Doubt(Vni);
        await a.Apply(segment);
        RuleChanges.Between(Vni, await a.Plumber.Read(Vni, default), a.Rules(segment)).IsNothing.ShouldBeTrue();
    }

    [LabFact]
    public async Task What_a_switch_hangs_on_is_in_force_before_any_program_is_started()
    {
        using var lab = await new OverlayLab(2).Begin();
        var (a, segment) = (lab.Hosts[0], Three(lab));
        var moves = segment.Entries.Values.First(entry => entry.At == a.Id);
        segment = segment with { Entries = segment.Entries.SetItem(moves.Port, moves with { Next = lab.Hosts[1].Id }) };
        await Fill(lab, segment);
        var runs = a.Rules(segment);
        a.See(moves.Port, GuestState.AtSwitch, lab.Guests[0].Tap);
        var changes = RuleChanges.Between(Vni, runs, a.Rules(segment));

        a.Ahead.Do($"fx{Vni:x6}", changes.PortsAhead, changes.ForwardedAhead);
        RuleChanges.Between(Vni, await a.Plumber.Read(Vni, default), a.Rules(segment)).IsNothing.ShouldBeTrue();

        // What is there already is no fault, nor what is not there at all.
        await a.Apply(segment);
        a.Ahead.Do("fxnone", [new(moves.Mac, "fvnone")], changes.ForwardedAhead);
        RuleChanges.Between(Vni, await a.Plumber.Read(Vni, default), a.Rules(segment)).IsNothing.ShouldBeTrue();
    }

    [LabFact]
    public async Task A_segment_that_a_host_leaves_leaves_nothing()
    {
        using var lab = await new OverlayLab(2).Begin();
        var a = lab.Hosts[0];
        var before = a.Everything();
        await Fill(lab, Three(lab));
        foreach (var guest in lab.Guests)
        {
            a.Space.In($"link del {guest.Tap}");
        }

        await a.Plumber.Remove(Vni, default);
        await a.Plumber.Remove(Vni, default);
        a.Everything().ShouldBe(before);
    }

    private static Segment Three(OverlayLab lab) => lab.Segment(
        Application, Vni, OverlayLab.Entry(Application, 1, lab.Hosts[0], 1), OverlayLab.Entry(Application, 2, lab.Hosts[0], 2), OverlayLab.Entry(Application, 3, lab.Hosts[1], 3));

    private static async Task Fill(OverlayLab lab, Segment segment)
    {
        var a = lab.Hosts[0];
        await a.Make(segment);
        foreach (var entry in segment.Entries.Values.Where(entry => entry.At == a.Id))
        {
            var guest = lab.Guest(entry).Plug(a, Vni).RunAt(a);
            a.See(guest.Port, GuestState.Running, guest.Tap);
        }

        await a.Apply(segment);
    }
}
