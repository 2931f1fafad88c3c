using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Plans;

/// <summary>Plans over what is known of the time to come. It is 12:00, and four hours are left.</summary>
public sealed class FuturesTests
{
    [Fact]
    public void A_site_that_closes_and_lets_VMs_leave_before_that_in_a_window_only_is_left_in_the_window()
    {
        // Closes at 14:00, and lets VMs leave between 12:30 and 13:00.
        var view = View().WithSite("a", site => site with { Availability = [new(At(11, 0), At(14, 0))] }).WithPolicy("a", policy => policy with { Departures = [Window(12, 30, 13, 0)] });
        var plan = PlanOf(view);
        (plan.Decision, plan.Status).ShouldBe((PlanDecision.Migrate, PlanStatus.Optimal));
        plan.Steps.ShouldBeEmpty();
        plan.Later.ShouldHaveSingleItem().To.ShouldBe(Samples.At("b"));
        var begins = plan.LeaveAt!.Value.AddSeconds(plan.Later[0].StartSeconds);
        begins.ShouldBeInRange(At(12, 30), At(13, 0).AddTicks(-1));
        plan.NextEvent.ShouldBe(At(12, 30));
    }

    [Fact]
    public void Nor_does_it_matter_whether_the_window_is_of_those_who_come()
    {
        var view = View().WithSite("a", site => site with { Availability = [new(At(11, 0), At(14, 0))] }).WithPolicy("b", policy => policy with { Arrivals = [Window(12, 30, 13, 0)] });
        PlanOf(view).LeaveAt!.Value.ShouldBeInRange(At(12, 30), At(13, 0));
    }

    [Fact]
    public void A_window_that_closes_before_the_site_does_is_left_at_its_end_where_that_is_cheaper()
    {
        // a is half as dear as b, closes at 15:00, and lets nobody leave from 13:00 on.
        var view = View().WithOffer("b", offer => offer with { Price = PriceSchedule.Always(2) })
            .WithSite("a", site => site with { Availability = [new(At(11, 0), At(15, 0))] }).WithPolicy("a", policy => policy with { Departures = [Window(11, 0, 13, 0)] });
        var plan = PlanOf(view);
        plan.Steps.ShouldBeEmpty();
        plan.LeaveAt!.Value.AddSeconds(plan.Later.ShouldHaveSingleItem().EndSeconds).ShouldBe(At(13, 0), TimeSpan.FromMilliseconds(1));
        plan.Why.OfType<PlanReason.MovesLater>().ShouldHaveSingleItem().Event!.Kind.ShouldBe(KnownEventKind.DeparturesClose);
    }

    [Fact]
    public void What_becomes_cheap_is_gone_to_when_it_is_and_not_before()
    {
        var view = View().WithOffer("b", offer => offer with { Price = new([new(At(10, 0), 3), new(At(13, 0), 0.01m)]) });
        var plan = PlanOf(view);
        plan.Steps.ShouldBeEmpty();
        plan.LeaveAt.ShouldBe(At(13, 0));
        var step = plan.Later.ShouldHaveSingleItem();
        plan.After!.Value.Moving.ShouldBe(step.Bill.Sum, 1e-12);
        // An hour at 1, then three at 0.01.
        plan.After.Value.Hosting.ShouldBe(1.03, 1e-4);
        plan.Why.OfType<PlanReason.Gain>().ShouldHaveSingleItem().Moves.ShouldBe(1);
        plan.Bound.ShouldBe(plan.After.Value.Cost);
    }

    [Fact]
    public void What_becomes_dear_is_left_just_in_time()
    {
        var view = View().WithOffer("a", offer => offer with { Price = new([new(At(10, 0), 0.9m), new(At(13, 0), 9)]) });
        var plan = PlanOf(view);
        plan.LeaveAt!.Value.AddSeconds(plan.Later.ShouldHaveSingleItem().EndSeconds).ShouldBe(At(13, 0), TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public void A_reservation_that_opens_and_closes_again_is_used_while_it_is_there()
    {
        var view = View().WithOffer("b", offer => offer with { Price = PriceSchedule.Always(0) })
            .WithSite("b", site => site with { Availability = [new(At(12, 30), At(14, 30))] });
        var plan = PlanOf(view);
        plan.Steps.ShouldBeEmpty();
        plan.LeaveAt.ShouldBe(At(12, 30));
        plan.Later.ShouldHaveSingleItem().To.ShouldBe(Samples.At("b"));
        var back = plan.Then.ShouldHaveSingleItem();
        back.Steps.ShouldHaveSingleItem().To.ShouldBe(Samples.At("a"));
        back.At.AddSeconds(back.Steps[0].EndSeconds).ShouldBe(At(14, 30).AddSeconds(-view.LeaveEarlySeconds), TimeSpan.FromMilliseconds(1));
        plan.After!.Value.Moving.ShouldBe(plan.Later[0].Bill.Sum + back.Steps[0].Bill.Sum, 1e-12);
        plan.After.Value.Cost.ShouldBeLessThan(0.7 * plan.Before!.Value.Cost);
    }

    [Fact]
    public void What_opens_at_an_instant_is_come_to_at_it_on_whatever_tick_the_clock_is()
    {
        var view = View().WithOffer("b", offer => offer with { Price = PriceSchedule.Always(0) })
            .WithSite("b", site => site with { Availability = [new(At(12, 30), At(14, 30))] });
        Enumerable.Range(1, 40).Select(number => PlanOf(view with { Now = view.Now.AddTicks(number * 1_234_567L) }).LeaveAt).ShouldAllBe(at => at == At(12, 30));
    }

    [Fact]
    public void A_later_gain_below_the_margin_moves_nobody()
    {
        var view = View().WithOffer("b", offer => offer with { Price = new([new(At(10, 0), 3), new(At(13, 0), 0.95m)]) });
        PlanOf(view).Decision.ShouldBe(PlanDecision.Stay);
        PlanOf(view.With(app => app with { Margin = 0 })).LeaveAt.ShouldBe(At(13, 0));
    }

    [Fact]
    public void Where_nobody_can_ever_leave_that_is_proven_over_all_of_it()
    {
        var view = View().WithSite("a", site => site with { Availability = [new(At(11, 0), At(14, 0))] }).WithPolicy("a", policy => policy with { Departures = [Window(14, 30, 15, 0)] });
        (PlanOf(view).Decision, PlanOf(view).Status).ShouldBe((PlanDecision.Infeasible, PlanStatus.Infeasible));
    }

    [Fact]
    public void Who_does_not_look_ahead_sees_what_is_now()
    {
        var view = View().WithOffer("b", offer => offer with { Price = new([new(At(10, 0), 3), new(At(13, 0), 0.01m)]) });
        var plan = Planner.Plan(view, new EverySeatSolver(), new() { LooksAhead = false }, TestContext.Current.CancellationToken);
        plan.Later.ShouldBeEmpty();
        plan.Steps.ShouldHaveSingleItem("at 3 an hour for an hour, and still");
    }

    [Fact]
    public void Later_moves_are_a_plan_of_their_own_when_it_is_time_and_those_after_them_come_after_it()
    {
        var plan = PlanOf(View().WithOffer("b", offer => offer with { Price = PriceSchedule.Always(0) })
            .WithSite("b", site => site with { Availability = [new(At(12, 30), At(14, 30))] }));
        var first = LeavingInTime.Departure(plan, At(12, 30));
        (first.Steps, first.LeaveAt, first.Then.Length).ShouldBe((plan.Later, plan.Then[0].At, 0));
        first.Later.ShouldBe(plan.Then[0].Steps);
        var last = LeavingInTime.Departure(first, first.LeaveAt!.Value);
        (last.LeaveAt, last.Later.Length, last.Placement[0].Location).ShouldBe((null, 0, Samples.At("a")));
        LeavingInTime.SecondsAt(plan, new("vm1"), Samples.At("b")).ShouldBe((plan.Then[0].At - plan.MadeAt).TotalSeconds + plan.Then[0].Steps[0].EndSeconds);
        LeavingInTime.Without(plan, new("vm1")).ShouldBeNull();
    }

    [Fact]
    public void A_plan_with_later_moves_is_held_against_the_world_with_its_instants()
    {
        var view = View().WithOffer("b", offer => offer with { Price = PriceSchedule.Always(0) }).WithSite("b", site => site with { Availability = [new(At(12, 30), At(14, 30))] });
        var plan = PlanOf(view);
        var id = new PlanId(view.Application.Id, 1);
        PlanReliance.Check(id, plan, 0, departs: false, view with { Now = At(12, 5) }).IsFeasible.ShouldBeTrue();
        PlanReliance.Check(id, plan, 0, departs: false, view.WithOffer("b", offer => offer with { Price = PriceSchedule.Always(2) })).IsFeasible.ShouldBeFalse("what it was for is gone");
    }

    [Fact]
    public void The_service_looks_again_when_the_world_is_known_to_change_and_holds_to_what_was_applied()
    {
        var view = View().WithOffer("b", offer => offer with { Price = new([new(At(10, 0), 3), new(At(13, 0), 0.01m)]) });
        var policy = new MovePolicy { PersistenceWindows = 1, AppliesPlans = true };
        var decision = DecisionLoop.Decide(policy, new(), view, DecisionTrigger.TimePassed, PlanOf);
        var order = decision.Orders.ShouldHaveSingleItem();
        order.Applies.ShouldBeTrue();

        var id = new PlanId(view.Application.Id, 1);
        var applied = DecisionLoop.Ended(DecisionLoop.Proposed(decision.Next, id, order.Plan, 0), id, order.Plan, PlanState.Applied, [], view.Now);
        DecisionLoop.Decide(policy, applied, view with { Now = At(12, 10) }, DecisionTrigger.TimePassed, PlanOf).Orders.ShouldBeEmpty("it holds");
        DecisionLoop.LookAgain(applied with { History = new() }, view.Now)!.Value.At.ShouldBe(At(13, 0));
        var due = DecisionLoop.Decide(policy with { PersistenceWindows = 9, AppliesPlans = false }, applied, view with { Now = At(13, 0) }, DecisionTrigger.LeaveDue, PlanOf).Orders;
        due.ShouldHaveSingleItem().Applies.ShouldBeTrue("it goes as planned, whatever has to persist otherwise");

        var unapplied = new DecisionState { NextEvent = At(13, 0) };
        DecisionLoop.LookAgain(unapplied, view.Now)!.Value.ShouldBe((At(13, 0), DecisionTrigger.EventDue));
    }

    private static DateTimeOffset At(int hour, int minute) => new(2026, 11, 23, hour, minute, 0, TimeSpan.Zero);

    private static ArrivalWindow Window(int fromHour, int fromMinute, int untilHour, int untilMinute) => new([], new(fromHour, fromMinute), new(untilHour, untilMinute), TimeZoneInfo.Utc);

    private static PlacementView View() =>
        Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1", "a")).With(app => app with { Remaining = TimeSpan.FromHours(4), Margin = 0.05 });

    private static Plan PlanOf(PlacementView view) => Planner.Plan(view, new EverySeatSolver(), new(), TestContext.Current.CancellationToken);
}
