using System.Text.Json;
using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Json;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Plans;

/// <summary>Cold moves in plans: priced as what they are, with a reason, and never instead of a live one.</summary>
public sealed class ColdMoveTests
{
    private static readonly ColdMoves Cold = new(TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(30));

    [Fact]
    public void A_cold_move_stands_in_the_plan_with_its_reason_its_terms_and_its_price()
    {
        var plan = PlanOf(Dear.With(application => application with { ColdMoves = Cold }).WithPolicy("b", policy => policy with { Moves = new() { Live = false } }));
        var step = plan.Steps.ShouldHaveSingleItem();
        step.Estimate.IsCold.ShouldBeTrue();
        step.Terms.ShouldNotBeNull().IsLive.ShouldBeFalse();
        var said = plan.Why.OfType<PlanReason.MovesCold>().ShouldHaveSingleItem();
        (said.Refusal.Code, said.DowntimeSeconds, said.LostSeconds).ShouldBe((RefusalCode.MoveNotLive, 30, 120));
        plan.After!.Value.DowntimeSeconds.ShouldBe(150);
        PlanReasonText.Of(said).ShouldBe(
            "vm1 moves cold from a to b, stopped and started anew: 30 s of downtime and 120 s of lost work each; live is not possible, site b lets no VM move live");
    }

    [Fact]
    public void The_lost_work_is_in_the_bill_so_that_a_cold_move_is_made_only_where_it_pays()
    {
        PlacementView Moving(double lostHours) => Dear.With(application => application with { ColdMoves = Cold with { LostWork = TimeSpan.FromHours(lostHours) } })
            .WithPolicy("b", policy => policy with { Moves = new() { Live = false } });
        PlanOf(Moving(0.1)).Decision.ShouldBe(PlanDecision.Migrate);
        // Three hours at half the price cost more than the one that is left at the whole.
        PlanOf(Moving(3)).Decision.ShouldBe(PlanDecision.Stay);
    }

    [Fact]
    public void Where_it_can_move_live_it_does_and_nothing_is_said()
    {
        var plan = PlanOf(Dear.With(application => application with { ColdMoves = Cold }));
        plan.Steps.ShouldHaveSingleItem().Estimate.IsCold.ShouldBeFalse();
        plan.Steps[0].Terms.ShouldNotBeNull().IsLive.ShouldBeTrue();
        plan.Why.ShouldNotContain(reason => reason is PlanReason.MovesCold);
    }

    [Fact]
    public void Where_neither_live_nor_cold_is_allowed_it_stays_and_the_reason_is_told()
    {
        var plan = PlanOf(Dear.WithPolicy("b", policy => policy with { Moves = new() { Live = false } }));
        plan.Decision.ShouldBe(PlanDecision.Stay);
        plan.Rejected.ShouldHaveSingleItem().Refusal.Code.ShouldBe(RefusalCode.MoveNotLive);
    }

    [Fact]
    public void A_processor_that_is_slowed_down_is_told()
    {
        var plan = PlanOf(Dear.WithVm("vm1", vm => vm with { DirtyBytesPerSecond = 2e8 }).With(application => application with { Moves = new() { AutoConverge = true } }));
        plan.Steps.ShouldHaveSingleItem().Terms.ShouldNotBeNull().AutoConverge.ShouldBeTrue();
        plan.Why.OfType<PlanReason.SlowsDown>().ShouldHaveSingleItem().LostSeconds.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_host_is_emptied_live_or_cold_and_what_stays_is_told(bool coldIsAllowed)
    {
        // vm2 writes a disk faster than the network of its site carries it.
        var hot = Samples.Vm("vm2", "a") with { Guest = new() { Disks = [new("root", null, 5_000_000_000, 1_000_000_000, 2e9)] } };
        var view = Samples.View([Samples.Site("a")], Samples.Vm("vm1", "a"), hot)
            .With(application => application with { ColdMoves = coldIsAllowed ? Cold : null });
        var plan = PlanOf(view with { Drain = new(new("a"), "h1", [new("vm1"), new("vm2")]) { Within = [new("vm1"), new("vm2")] } });
        plan.Steps.Select(step => (step.Vm.Value, step.Estimate.IsCold, step.Terms!.IsLive)).ShouldBe(
            coldIsAllowed ? [("vm1", false, true), ("vm2", true, false)] : [("vm1", false, true)]);
        plan.Why.OfType<PlanReason.MovesCold>().Select(reason => $"{reason.Vms}").ShouldBe(coldIsAllowed ? ["vm2"] : []);
        plan.Why.OfType<PlanReason.StaysOnHost>().Select(reason => reason.Refusal.Code).ShouldBe(coldIsAllowed ? [] : [RefusalCode.MigrationNeverEnds]);
        if (coldIsAllowed)
        {
            // The disk at 1 GB/s, and the boot.
            plan.Steps[1].Estimate.DurationSeconds.ShouldBe(31, 1e-9);
        }
    }

    [Fact]
    public void What_was_planned_live_is_not_carried_out_once_it_would_have_to_be_cold()
    {
        var view = Dear.With(application => application with { ColdMoves = Cold });
        var plan = PlanOf(view);
        var id = new PlanId(view.Application.Id, 1);
        PlanReliance.Check(id, plan, 0, departs: false, view).IsFeasible.ShouldBeTrue();
        var refusal = PlanReliance.Check(id, plan, 0, departs: false, view.WithPolicy("b", policy => policy with { Moves = new() { Live = false } })).Refusal.ShouldNotBeNull();
        (refusal.Code, refusal.Root.Code).ShouldBe((RefusalCode.PlanSiteRefuses, RefusalCode.MoveNotLive));
    }

    [Fact]
    public void A_plan_says_the_same_after_it_was_stored()
    {
        var plan = PlanOf(Dear.With(application => application with { ColdMoves = Cold }).WithPolicy("b", policy => policy with { Moves = new() { Live = false } }));
        var read = JsonSerializer.Deserialize<Plan>(JsonSerializer.Serialize(plan, DomainJson.Options), DomainJson.Options)!;
        (read.Steps[0].Estimate, read.Steps[0].Terms).ShouldBe((plan.Steps[0].Estimate, plan.Steps[0].Terms));
        PlanSaga.Of(new(new(new("astro"), "cg", 1), 1), read, new HashSet<VmId>()).Steps[0].Terms.ShouldBe(plan.Steps[0].Terms);
    }

    private static Plan PlanOf(PlacementView view) => 
        Planner.Plan(view, new EverySeatSolver(), new(), TestContext.Current.CancellationToken);

    // A VM at a site of twice the price.
    private static PlacementView Dear => Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1", "a"))
        .WithOffer("a", offer => offer with { Price = PriceSchedule.Always(2) });
}
