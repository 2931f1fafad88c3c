using System.Globalization;
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

    // FEDERATION_SEQUENCES is how many random sequences are tried; the nightly run tries some hundred thousand.
    private static int Sequences =>
        int.TryParse(Environment.GetEnvironmentVariable("FEDERATION_SEQUENCES"), CultureInfo.InvariantCulture, out var count) ? count : 5_000;

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
            iter: Sequences);

    [Fact]
    public void A_silent_site_makes_nobody_give_back_or_move_what_is_there() =>
        Gen.Select(Sequence, Gen.Int[0, 2]).Sample(
            (acts, silent) =>
            {
                var world = After(acts);
                Reconcile(world, without: null);
                Reconciliation.Compare(world.Look(silent)).Where(finding => finding.Repair is not null).ShouldBeEmpty();
            },
            iter: Sequences / 4);

    // Each guard taken out is missed by some sequence.
    [Theory]
    [InlineData(FindingKind.PlaceExpired)]
    [InlineData(FindingKind.PlaceOfNobody)]
    [InlineData(FindingKind.PlaceWithoutVm)]
    [InlineData(FindingKind.VmWithoutPlace)]
    [InlineData(FindingKind.LocationDiffers)]
    [InlineData(FindingKind.EpochBehind)]
    [InlineData(FindingKind.ClaimOfEndedPlan)]
    [InlineData(FindingKind.NotListed)]
    [InlineData(FindingKind.ListedInVain)]
    [InlineData(FindingKind.IncarnationBehind)]
    public void Without_one_of_its_findings_some_sequence_is_not_reconciled(FindingKind kind) =>
        Enumerable.Range(0, 3_000).Any(seed => IsCaught(seed, kind)).ShouldBeTrue();

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

    private static bool IsCaught(int seed, FindingKind without)
    {
        var random = new Random(seed);
        var world = After([.. Enumerable.Range(0, 30).Select(_ => (random.Next(8), random.Next(1 << 20)))]);
        Reconcile(world, without);
        return world.Differences().Any();
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
