using System.Collections.Immutable;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Plans;

public sealed class DecisionLoopTests
{
    private static readonly MovePolicy Policy = new() { PersistenceWindows = 1, AppliesPlans = true };
    private static readonly PlacementView View = Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1", "a"), Samples.Vm("vm2", "a"));
    private static readonly PlanId Id = new(View.Application.Id, 1);

    [Fact]
    public void A_gain_that_has_persisted_is_applied_where_the_service_applies_plans_and_proposed_otherwise()
    {
        Decide(Policy, new(), Moving(View)).Orders.ShouldHaveSingleItem().Applies.ShouldBeTrue();
        Decide(Policy with { AppliesPlans = false }, new(), Moving(View)).Orders.ShouldHaveSingleItem().Applies.ShouldBeFalse();

        var waits = Decide(Policy with { PersistenceWindows = 2 }, new(), Moving(View));
        waits.Orders.ShouldBeEmpty();
        DecisionLoop.LookAgain(waits.Next, Samples.Now)!.Value.ShouldBe((Samples.Now.AddSeconds(30), DecisionTrigger.GainSeen));
    }

    [Fact]
    public void What_was_proposed_is_not_proposed_again_unless_the_application_is_described_anew()
    {
        var known = DecisionLoop.Proposed(new(), Id, Moving(View), revision: 0);
        Decide(Policy with { AppliesPlans = false }, known, Moving(View)).Orders.ShouldBeEmpty();
        Decide(Policy, known, Moving(View)).Orders.ShouldHaveSingleItem().Known.ShouldBe(Id);
        Decide(Policy, DecisionLoop.Started(known, Id, waits: true), Moving(View)).Orders.ShouldBeEmpty("it waits for approvals");
        DecisionLoop.Decide(Policy, known, View with { Revision = 1 }, DecisionTrigger.TimePassed, Moving).Orders.ShouldHaveSingleItem().Known.ShouldBeNull();
    }

    [Theory]
    [InlineData(PlanState.Rejected)]
    [InlineData(PlanState.Cancelled)]
    public void What_a_person_has_turned_down_is_not_proposed_again(PlanState end)
    {
        var known = DecisionLoop.Proposed(new(), Id, Moving(View), revision: 0);
        Decide(Policy, DecisionLoop.Ended(known, Id, Moving(View), end, [], Samples.Now), Moving(View)).Orders.ShouldBeEmpty();
    }

    [Fact]
    public void Only_VMs_that_have_moved_cool_down_when_a_plan_has_failed()
    {
        var both = Moving(View) with { Steps = [Step("vm1", "a", "b"), Step("vm2", "a", "b")] };
        var failed = DecisionLoop.Ended(new(), Id, both, PlanState.Failed, [new("vm1")], Samples.Now);
        ImmutableSortedDictionary<VmId, DateTimeOffset>? seen = null;
        DecisionLoop.Decide(Policy, failed, View, DecisionTrigger.TimePassed, view =>
        {
            seen = view.CoolingDown;
            return Moving(view);
        });
        seen!.Keys.ShouldBe([new("vm1")]);
    }

    [Fact]
    public void While_a_plan_is_applied_nothing_is_looked_at_but_what_a_person_asks_for()
    {
        var busy = DecisionLoop.Started(new(), Id, waits: false);
        Decide(Policy, busy, Moving(View)).Plan.ShouldBeNull();
        var asked = DecisionLoop.Decide(Policy, busy, View, DecisionTrigger.Asked, Moving);
        asked.Orders.ShouldHaveSingleItem().Applies.ShouldBeFalse();
        asked.Next.ShouldBe(busy);
        DecisionLoop.Ended(busy, Id, Moving(View), PlanState.Applied, [], Samples.Now).UnderWay.ShouldBeNull();
    }

    [Fact]
    public void What_closes_is_left_in_time_planned_anew_first_and_as_it_was_planned_otherwise()
    {
        var leaving = Moving(View) with { LeaveAt = Samples.Now.AddHours(1), Later = [Step("vm1", "b", "a")] };
        var applied = DecisionLoop.Ended(new(), Id, leaving, PlanState.Applied, [], Samples.Now);
        DecisionLoop.LookAgain(applied, Samples.Now)!.Value.ShouldBe((Samples.Now.AddHours(1), DecisionTrigger.LeaveDue));

        var then = View with { Now = Samples.Now.AddHours(1) };
        var orders = DecisionLoop.Decide(Policy with { AppliesPlans = false }, applied, then, DecisionTrigger.LeaveDue, view => Moving(view) with { IsForced = true }).Orders;
        orders.Select(order => (order.Applies, order.Departs)).ShouldBe([(true, false), (true, true)]);
        orders[1].Plan.Steps.ShouldBe(leaving.Later);
        DecisionLoop.Decide(Policy, applied, View, DecisionTrigger.LeaveDue, Moving).Plan.ShouldBeNull("it is too early");

        var stays = DecisionLoop.Decide(Policy, applied, then, DecisionTrigger.LeaveDue, view => Moving(view) with { Decision = PlanDecision.Stay });
        stays.NeedNotLeave.ShouldBeTrue();
        stays.Next.Departure.ShouldBeNull();
    }

    [Fact]
    public void A_VM_that_has_left_is_not_moved_later_and_the_others_are()
    {
        var leaving = Moving(View) with { LeaveAt = Samples.Now.AddHours(1), Later = [Step("vm1", "b", "a"), Step("vm2", "a", "b")] };
        var applied = DecisionLoop.Ended(new(), Id, leaving, PlanState.Applied, [new("vm1")], Samples.Now);

        var without = DecisionLoop.Without(applied, new("vm1"));
        without.Departure!.Later.Select(step => step.Vm.Value).ShouldBe(["vm2"]);
        without.Departure.Placement.ShouldAllBe(placed => placed.Vm != new VmId("vm1"));
        without.History.LastMoves.ShouldBeEmpty();
        DecisionLoop.Without(without, new("vm2")).Departure.ShouldBeNull();
        DecisionLoop.Without(without, new("vm1")).ShouldBeSameAs(without);
    }

    private static Decision Decide(MovePolicy policy, DecisionState state, Plan plan) =>
        DecisionLoop.Decide(policy, state, View, DecisionTrigger.TimePassed, _ => plan);

    private static Plan Moving(PlacementView view) => new()
    {
        Application = view.Application.Id, Objective = view.Application.Objective, MadeAt = view.Now, Decision = PlanDecision.Migrate,
        Status = PlanStatus.Feasible, Why = [new PlanReason.LeavesInTime()], After = new PlacementEstimate(),
        Placement = [new(new("vm1"), Samples.At("b"), default), new(new("vm2"), Samples.At("a"), default)],
        Steps = [Step("vm1", "a", "b")],
    };

    private static MigrationStep Step(string vm, string from, string to) => new(new(vm), Samples.At(from), Samples.At(to), default);
}
