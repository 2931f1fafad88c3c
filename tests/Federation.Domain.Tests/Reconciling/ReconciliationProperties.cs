using CsCheck;
using Federation.Domain.Identity;
using Federation.Domain.Reconciling;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Reconciling;

public sealed class ReconciliationProperties
{
    private static readonly TimeSpan Settle = TimeSpan.FromMinutes(2);

    private static Gen<(int What, int Figure)[]> Sequence =>
        (from what in Gen.Frequency(
            (3, Gen.Const(0)), (8, Gen.Const(1)), (4, Gen.Const(2)), (1, Gen.Const(3)), (1, Gen.Const(4)), (1, Gen.Const(5)), (1, Gen.Const(6)), (1, Gen.Const(7)))
         from figure in Gen.Int[0, 1 << 20]
         select (what, figure)).Array[1, 40];

    [Fact]
    public void After_two_looks_ledgers_and_VM_grains_say_what_hypervisors_say_and_a_third_look_finds_nothing_to_repair() =>
        Sequence.Sample(
            acts =>
            {
                var world = After(acts);
                Reconcile(world, without: null);
                world.Differences().ShouldBeEmpty();
                Reconciliation.Compare(world.Look()).Where(finding => finding.Repair is not null).ShouldBeEmpty();
            },
            iter: RandomSequences.Count(5_000));

    [Fact]
    public void A_silent_site_makes_nobody_give_back_or_move_what_is_there() =>
        Gen.Select(Sequence, Gen.Int[0, 2]).Sample(
            (acts, silent) =>
            {
                var world = After(acts);
                Reconcile(world, without: null);
                Reconciliation.Compare(world.Look(silent)).Where(finding => finding.Repair is not null).ShouldBeEmpty();
            },
            iter: RandomSequences.Count(5_000) / 4);

    /// <summary>For each finding that is repaired a seed of a sequence that is not reconciled without it.</summary>
    public static TheoryData<FindingKind, string> Seeds { get; } = new()
    {
        { FindingKind.PlaceExpired, "1Z0myXb53In2" },
        { FindingKind.PlaceOfNobody, "41tDXcLY2kC5" },
        { FindingKind.PlaceWithoutVm, "3JY91vofLht5" },
        { FindingKind.VmWithoutPlace, "4TK0JDgJYK35" },
        { FindingKind.LocationDiffers, "6drRTLvo5kw5" },
        { FindingKind.EpochBehind, "8T39T5jqegd1" },
        { FindingKind.ClaimOfEndedPlan, "7lq6WUxxf0n5" },
        { FindingKind.NotListed, "cLHQxmwgAfz1" },
        { FindingKind.ListedInVain, "22iNUSdxfDa1" },
        { FindingKind.IncarnationBehind, "cwWAX4TVaKa1" },
    };

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Without_one_of_its_findings_a_sequence_is_not_reconciled(FindingKind kind, string seed) =>
        Sequence.Caught($"{kind}", seed, acts =>
        {
            var world = After(acts);
            Reconcile(world, without: kind);
            world.Differences().ShouldBeEmpty();
        }).ShouldBeOfType<ShouldAssertException>();

    [Fact]
    public void Every_finding_that_is_repaired_has_a_seed() => Seeds.Select(row => row.Data.Item1).ShouldBe(Enum.GetValues<FindingKind>()
        .Where(kind => new Finding(kind, new AppId(new("astro"), "cg", 1), new VmId("vm1"), Samples.At("a"), Plan: new(new(new("astro"), "cg", 1), 1)).Repair is not null));

    [Fact]
    public void What_is_seen_once_is_not_repaired_unless_its_time_is_over()
    {
        var orphan = new Finding(FindingKind.PlaceOfNobody, new AppId(new("astro"), "cg", 1), new VmId("vm1"), Samples.At("a"), Reservation: "r");
        var expired = orphan with { Kind = FindingKind.PlaceExpired };
        var first = new ReconcilerState().After([orphan, expired], Samples.Now);
        first.Due(Samples.Now, Settle).ShouldBe([expired]);
        var later = Samples.Now + Settle;
        first.After([orphan], later).Due(later, Settle).ShouldBe([orphan]);
        first.After([], later).After([orphan], later + Settle).Due(later + Settle, Settle).ShouldBeEmpty();
        first.After([orphan with { Reservation = "another" }], later).Due(later, Settle).ShouldBeEmpty();
    }

    private static ReconciledWorld After((int What, int Figure)[] acts)
    {
        var world = new ReconciledWorld();
        foreach (var (what, figure) in acts)
        {
            world.Act(what, figure);
        }

        return world;
    }

    // What ends a claim lets the application be looked at: it is seen twice again.
    private static void Reconcile(ReconciledWorld world, FindingKind? without)
    {
        var state = new ReconcilerState();
        for (var look = 0; look < 6; look++)
        {
            var now = Samples.Now + (look * Settle);
            state = state.After([.. Reconciliation.Compare(world.Look()).Where(finding => finding.Kind != without)], now);
            foreach (var finding in state.Due(now, Settle))
            {
                world.Do(finding.Repair!);
            }
        }
    }
}
