using System.Text.Json;
using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Json;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Plans;

public sealed class PlanReasonTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly PlanTerms Terms = new(new PlacementEstimate(1, 0.5, 0.25, 100, 2, 0.75, 4, 8, 1), "USD");

    private static readonly Dictionary<PlanReason, string> Sentences = new()
    {
        [new PlanReason.FirstPlacement(Terms)] = "first placement: cost 1.75 USD (hosting 1, traffic 0.5, moving 0.25), time 102 s, utilization 75 %",
        [new PlanReason.StayingImpossible(Refusal.SiteUnknown(new("a")))] = $"staying is not possible: {RefusalText.Of(Refusal.SiteUnknown(new("a")))}",
        [new PlanReason.MakesRoom(NameList.Of([new VmId("vm5")]))] = "no place was found for vm5 while the VMs that run stay where they are",
        [new PlanReason.PriceNotKnown(NameList.Of(["a/std"]))] = "the price of a/std is not known now: what it costs to stay there counts as nothing while that is so, "
            + "nobody comes there, and staying and leaving are compared by all else",
        [new PlanReason.NothingBetter(Terms)] = "nothing is better than staying: cost 1.75 USD (hosting 1, traffic 0.5, moving 0.25), time 102 s, utilization 75 %",
        [new PlanReason.Gain(Objective.Cost, 10, 8, 2, new(GainLimitKind.Margin, 0.04), IsEnough: true)] =
            "cost 10 by staying, 8 after 2 migrations: a gain of 2 (20 %), more than the margin of 4 %",
        [new PlanReason.Gain(Objective.Time, 10, 9, 1, new(GainLimitKind.Moving, 3, 0.5), IsEnough: false)] =
            "time 10 by staying, 9 after 1 migration: a gain of 1 (10 %), not more than 3 times the 0.5 that moving costs",
        [new PlanReason.Costs(PlacementRole.BestMove, Terms)] = "the best move: cost 1.75 USD (hosting 1, traffic 0.5, moving 0.25), time 102 s, utilization 75 %",
        [new PlanReason.StopsOnTheWay(new("vm1"), new(new("a"), "std"))] =
            "vm1 stops at a/std on its way: without a stop there is no order of moves in which every site has room",
        [new PlanReason.MovesCold(NameList.Of(["vm1"]), new("a"), new("b"), Refusal.MoveDowntime(new("a"), new("b"), new("vm1"), 1, 2.5), 90, 600)] =
            "vm1 moves cold from a to b, stopped and started anew: 90 s of downtime and 600 s of lost work each; live is not possible, vm1 would stand still for 2.5 s, and 1 s is the longest",
        [new PlanReason.MovesCold(NameList.Of(["vm1", "vm2"]), new("a"), new("b"), Refusal.MoveDuration(new("a"), new("b"), new("vm1"), 60, 61), 90, 0)] =
            "vm1, vm2 move cold from a to b, stopped and started anew: 90 s of downtime at most and 0 s of lost work each; live is not possible, vm1 would be on its way for 61 s, and 60 s is the longest",
        [new PlanReason.RestartsInPlace(NameList.Of(["vm1"]), new(new("a"), "large"), new(new("a"), "std"), 60, 0, 0.03)] = "vm1 restarts at a: large -> std, 60 s, saves 0.03 an hour",
        [new PlanReason.RestartsInPlace(NameList.Of(["vm1", "vm2"]), new(new("a"), "std"), new(new("a"), "large"), 60, 600, -0.5)] =
            "vm1, vm2 restart at a: std -> large, 60 s and 600 s of run time lost each, costs 0.5 an hour more",
        [new PlanReason.RestartsInPlace(NameList.Of(["vm1"]), new(new("a"), "std"), new(new("a"), "large"), 60, 0, null)] = "vm1 restarts at a: std -> large, 60 s",
        [new PlanReason.StaysOnHost(new("a"), NameList.Of(["vm1"]), Refusal.ImageMissing(new("a"), new("vm1"), "debian"))] =
            $"vm1 cannot move to another host of a: {RefusalText.Of(Refusal.ImageMissing(new("a"), new("vm1"), "debian"))}",
        [new PlanReason.SlowsDown(NameList.Of(Enumerable.Range(1, 12).Select(vm => $"vm{vm}")), new("a"), new("b"), 7.5)] =
            "the processors of vm1, vm2, vm3, vm4, vm5, vm6, vm7, vm8, vm9, vm10 and 2 more are slowed down on the way from a to b, or the copying would not end in time: "
            + "up to 7.5 s of run time are lost",
        [new PlanReason.SiteCloses([new(new("grid"), Noon)], Noon.AddMinutes(-10), 1, 0.125)] =
            "grid (until 2026-11-23T12:00Z) closes before the application ends: from 2026-11-23T11:50Z on 1 VM leaves, which costs 0.125 of the moving",
        [new PlanReason.LeavingAsks([new("a"), new("grid")])] =
            "a, grid will be asked to approve the leaving when it is time: no approval of this plan covers it, and until it is given VMs stay",
        [new PlanReason.MovesLater(Noon, 2, 0.125, new(Noon, KnownEventKind.PriceFalls, new("b")) { Offer = "std", Before = 0.3m, After = 0.01m })] =
            "b/std costs 0.01 an hour from 2026-11-23T12:00Z on, 0.3 until then: from 2026-11-23T12:00Z on 2 VMs move, which costs 0.125 of the moving",
        [new PlanReason.MovesLater(Noon, 1, 0, new(Noon, KnownEventKind.PriceFalls, new("b")) { Offer = "std", After = 1 })] =
            "b/std costs 1 an hour from 2026-11-23T12:00Z on, what it costs until then is not known: from 2026-11-23T12:00Z on 1 VM moves, which costs 0 of the moving",
        [new PlanReason.MovesLater(Noon, 1, 0, new(Noon, KnownEventKind.SiteOpens, new("b")))] =
            "b opens at 2026-11-23T12:00Z: from 2026-11-23T12:00Z on 1 VM moves, which costs 0 of the moving",
        [new PlanReason.MovesLater(Noon, 1, 0, new(Noon.AddHours(1), KnownEventKind.DeparturesClose, new("b")))] =
            "b lets VMs leave until 2026-11-23T13:00Z only: from 2026-11-23T12:00Z on 1 VM moves, which costs 0 of the moving",
        [new PlanReason.MovesLater(Noon, 1, 0, null)] = "the world changes as is known: from 2026-11-23T12:00Z on 1 VM moves, which costs 0 of the moving",
        [new PlanReason.LeavesInTime()] = "the time has come for what was planned for now",
        [new PlanReason.SecondBest("2 x b", Terms, Terms.Estimate with { Hosting = 0.5 }, 0.1)] =
            "second best: 2 x b, cost 1.75 USD (hosting 1, traffic 0.5, moving 0.25), time 102 s, utilization 75 %; "
            + "hosting +0.5, traffic +0, moving +0, time +0 s: +10 % of the objective",
        [new PlanReason.WorseByObjective()] = "it is worse by the objective",
        [new PlanReason.NoBetter()] = "it is no better, ties go to what is there",
        [new PlanReason.NoPlacement()] = "no placement holds all constraints; each site's first obstacle is listed",
        [new PlanReason.NoneFoundInTime("search")] = "no placement was found in time (search); that does not prove that there is none",
        [new PlanReason.AsWanted(new("vm1"), new("b"), NameList.Of<string>([]))] = "vm1 is to be at b, as was asked for; all others stay",
        [new PlanReason.AsWanted(new("vm1"), new("b"), NameList.Of(["vm2", "vm3"]))] =
            "vm1 is to be at b, as was asked for; vm2, vm3 go along, for they have to be at one site; all others stay",
        [new PlanReason.WantedChange(Objective.Cost, 10, 12, Terms.Estimate, Terms.Estimate with { Hosting = 3 }, IsBetter: false)] =
            "cost 10 by staying, 12 with the move: 2 more (20 %); hosting +2, traffic +0, moving +0, time +0 s: by the objective staying is better, or as good",
        [new PlanReason.WantedChange(Objective.Cost, 10, 9, Terms.Estimate, Terms.Estimate with { Hosting = 0 }, IsBetter: true)] =
            "cost 10 by staying, 9 with the move: 1 less (10 %); hosting -1, traffic +0, moving +0, time +0 s",
        [new PlanReason.WantedImpossible(new("vm1"), new("b"), Refusal.SiteUnknown(new("b")))] = "vm1 cannot be at b, as was asked for: there is no site b",
        [new PlanReason.LeavesWanted(new("vm1"), new("b"), PlanId.Parse("astro/cg.1.3"))] =
            "vm1 is at b because plan cg.1.3 was asked for; this plan takes it away for the reasons given",
        [new PlanReason.DrainsHost(new("a"), "h1", NameList.Of(["vm1"]), NameList.Of(["vm2"]))] =
            "host a/h1 is to be emptied: vm1 to other hosts of a, which picks them when the step begins; vm2 to other sites, for no other host of a can take them",
        [new PlanReason.DrainsHost(new("a"), "h1", NameList.Of<string>([]), NameList.Of<string>([]))] = "host a/h1 is to be emptied: nothing can leave",
        [new PlanReason.AdvisedBySite(new("a"), "h1, h3", NameList.Of(["vm1 to h2"]), NameList.Of(["vm2"]))] =
            "the administrators of a ask for it, to switch off what is empty of h1, h3: vm1 to h2, which costs nothing; vm2 to other sites. Nobody has to: 'fedctl apply' does it, else all stays as it is",
        [new PlanReason.CannotLeave(new("a"), "h1", NameList.Of(["vm2"]))] =
            "no other host of a and no other site can take vm2: they stay on a/h1, and are tried again while it is drained",
        [new PlanReason.StaysOnHost(new("a"), NameList.Of(["vm2"]), Refusal.SiteUnknown(new("b")))] =
            "vm2 cannot move to another host of a: there is no site b",
        [new PlanReason.NoTraffic()] = "no traffic is known: who talks with whom counts for nothing in this plan; prices, sizes and limits alone decide",
        [new PlanReason.OldTraffic(Noon, 7200)] = "the newest traffic that is known ends at 2026-11-23T12:00Z, 2 h before this plan: it is taken to go on as it was then",
        [new PlanReason.UnknownTraffic(NameList.Of(["vm1"]))] = "what vm1 receives is not known, and counts for nothing in this plan",
        [new PlanReason.OneRuleForbids(Refusal.CapacityNoOrderOf([new VmId("vm1"), new VmId("vm2")]))] =
            "one rule forbids every placement: capacity: vm1, vm2 wait for each other's places, there is no order of moves in which every site has room at every step",
        [new PlanReason.Said("it pays")] = "it pays",
    };

    [Fact]
    public void Every_reason_has_its_sentence_and_keeps_it_through_JSON()
    {
        foreach (var (reason, sentence) in Sentences)
        {
            PlanReasonText.Of(reason).ShouldBe(sentence);
            var json = JsonSerializer.Serialize(reason, DomainJson.Options);
            PlanReasonText.Of(JsonSerializer.Deserialize<PlanReason>(json, DomainJson.Options)!).ShouldBe(sentence, json);
        }
    }

    [Fact]
    public void A_sentence_that_an_earlier_version_stored_stays_what_was_said() =>
        JsonSerializer.Deserialize<PlanReason[]>("""["it pays"]""", DomainJson.Options).ShouldBe([new PlanReason.Said("it pays")]);

    [Fact]
    public void No_reason_is_left_out_above() =>
        Sentences.Keys.Select(reason => reason.GetType()).Distinct().ShouldBe(typeof(PlanReason).GetNestedTypes(), ignoreOrder: true);
}
