using System.Collections.Immutable;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Domain.Traffic;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Plans;

public sealed class CourseTests
{
    [Fact]
    public void VMs_that_wait_for_each_other_at_full_sites_change_places_by_a_stop_at_a_third()
    {
        var plan = PlanOf(Crossed(stop: 1m));
        plan.Placement.Select(vm => vm.Location).ShouldBe([Samples.At("b"), Samples.At("a")]);
        plan.Steps.Length.ShouldBe(3);
        plan.Steps[0].To.ShouldBe(Samples.At("c"));
        plan.Steps[2].From.ShouldBe(Samples.At("c"));
        plan.Steps[2].Vm.ShouldBe(plan.Steps[0].Vm);
        plan.Why.Select(PlanReasonText.Of).ShouldContain(line => line.Contains("stops at c/std on its way"));
        plan.Steps.Sum(step => step.Bill.Sum).ShouldBe(plan.After!.Value.Moving, 1e-12);
    }

    [Theory]
    [InlineData(0, PlanDecision.Migrate)]
    [InlineData(24, PlanDecision.Stay)]
    public void A_stop_is_made_only_where_it_gains_more_than_it_costs(int hoursBilledAtLeast, PlanDecision decision)
    {
        // vm1 sends much to the internet, which b does not bill; c bills a VM that comes for so long.
        var view = Crossed(stop: 1m).WithVm("vm1", vm => vm with { Sites = null }).WithVm("vm2", vm => vm with { Sites = null })
            .WithSite("b", site => site with { Network = site.Network with { InternetEgressPerGB = 0 } })
            .WithSite("c", site => site with { Billing = new(TimeSpan.FromSeconds(1), TimeSpan.FromHours(hoursBilledAtLeast)) });
        var sent = ImmutableSortedDictionary<VmId, Flow>.Empty.Add(new("vm1"), new(1e5, 2e8));
        PlanOf(view with { Traffic = view.Traffic with { SentOutside = sent } }).Decision.ShouldBe(decision);
    }

    [Fact]
    public void A_free_grid_that_closes_is_used_and_left_in_time_and_the_later_move_is_in_the_bill()
    {
        var view = Closing(minutes: 40);
        var plan = PlanOf(view);
        plan.Decision.ShouldBe(PlanDecision.Migrate);
        plan.Steps.ShouldHaveSingleItem().To.ShouldBe(Samples.At("grid"));
        var leaving = plan.Later.ShouldHaveSingleItem();
        leaving.From.ShouldBe(Samples.At("grid"));
        plan.LeaveAt!.Value.AddSeconds(leaving.EndSeconds).ShouldBe(Samples.Now.AddMinutes(40).AddSeconds(-view.LeaveEarlySeconds), TimeSpan.FromMilliseconds(1));
        plan.After!.Value.Cost.ShouldBeLessThan(plan.Before!.Value.Cost);
        plan.After.Value.Moving.ShouldBe(plan.Steps[0].Bill.Sum + leaving.Bill.Sum, 1e-12);
        plan.Why.Select(PlanReasonText.Of).ShouldContain(line => line.StartsWith("grid (until 2026-11-23T12:40Z) closes before the application ends"));
    }

    [Fact]
    public void A_grid_whose_two_moves_cost_more_than_it_saves_is_left_alone() =>
        PlanOf(Closing(minutes: 5)).Decision.ShouldBe(PlanDecision.Stay);

    [Fact]
    public void A_grid_too_small_for_all_takes_some_for_as_long_as_it_is_there()
    {
        var view = Closing(minutes: 40);
        view = (view with { Application = view.Application with { Vms = [Samples.Vm("vm1", "a"), Samples.Vm("vm2", "a")] } })
            .WithSite("grid", site => site with { Quotas = [new("*", 4, null, null, null)] });
        var plan = PlanOf(view);
        plan.Steps.ShouldHaveSingleItem().To.ShouldBe(Samples.At("grid"));
        plan.Later.ShouldHaveSingleItem();
    }

    [Fact]
    public void What_runs_at_a_closing_site_stays_as_long_as_that_is_better()
    {
        var view = Closing(minutes: 40).WithVm("vm1", vm => vm with { At = Samples.At("grid") });
        var plan = PlanOf(view);
        plan.Decision.ShouldBe(PlanDecision.Migrate);
        plan.Steps.ShouldBeEmpty();
        plan.Later.ShouldHaveSingleItem().To.ShouldBe(Samples.At("a"));
        PlanReasonText.Of(plan.Why[0]).ShouldStartWith("staying is not possible: availability: site grid");
    }

    [Fact]
    public void Who_will_be_asked_to_approve_the_leaving_is_said_when_the_plan_is_made()
    {
        PlanOf(Closing(minutes: 40)).Why.OfType<PlanReason.LeavingAsks>().ShouldBeEmpty();
        var manual = Closing(minutes: 40).WithPolicy("a", policy => policy with { ManualApproval = true }).WithPolicy("grid", policy => policy with { ManualDepartures = true });
        PlanOf(manual).Why.OfType<PlanReason.LeavingAsks>().ShouldHaveSingleItem().Sites.ShouldBe([new SiteId("a"), new SiteId("grid")]);
    }

    [Fact]
    public void When_it_is_time_the_later_moves_are_a_plan_of_their_own()
    {
        var plan = PlanOf(Closing(minutes: 40));
        var departure = LeavingInTime.Departure(plan, plan.LeaveAt!.Value);
        departure.Steps.ShouldBe(plan.Later);
        departure.Placement.ShouldHaveSingleItem().Location.ShouldBe(Samples.At("a"));
        departure.Later.ShouldBeEmpty();
        LeavingInTime.SecondsAt(plan, plan.Steps[0].Vm, Samples.At("grid")).ShouldBeInRange(2200, 2400);
    }

    [Fact]
    public void Every_VM_has_a_second_place_and_the_sites_where_it_could_not_be()
    {
        var view = Samples.View([Samples.Site("a"), Samples.Site("b"), Samples.Site("c")], Samples.Vm("vm1", "a"), Samples.Vm("vm2", "a"))
            .WithOffer("b", offer => offer with { Price = PriceSchedule.Always(1.5m) })
            .WithVm("vm2", vm => vm with { Sites = [new("a"), new("b")] });
        var plan = PlanOf(view);
        plan.Decision.ShouldBe(PlanDecision.Stay);
        plan.Placement[0].RunnerUp.ShouldNotBeNull().Location.Site.Value.ShouldBe("c");
        var second = plan.Placement[1].RunnerUp.ShouldNotBeNull();
        second.Location.ShouldBe(Samples.At("b"));
        second.Hosting.ShouldBe(0.5, 1e-3);
        second.Cost.ShouldBe(second.Hosting + second.Traffic + second.Moving, 1e-12);
        RefusalText.Of(plan.Placement[1].Rejected.ShouldHaveSingleItem().Refusal).ShouldStartWith("allowed sites: vm2");
        plan.Alternative.ShouldNotBeNull().Reason.ShouldBe(new PlanReason.WorseByObjective());
    }

    [Fact]
    public void A_plan_to_stay_shows_the_best_move_and_why_it_does_not_pay()
    {
        var view = Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1", "a"))
            .WithOffer("b", offer => offer with { Price = PriceSchedule.Always(0.85m) });
        var plan = PlanOf(view);
        plan.Decision.ShouldBe(PlanDecision.Stay);
        var move = plan.Alternative.ShouldNotBeNull();
        move.Moves.ShouldBe(1);
        move.Worse!.Value.ShouldBeLessThan(0);
        move.Reason.ShouldBeOfType<PlanReason.Gain>().IsEnough.ShouldBeFalse();
        PlanReasonText.Of(plan.Why[^1]).ShouldStartWith("second best: 1 x b");
        PlanReasonText.Of(plan.Why[^1]).ShouldContain("; hosting -");
        PlanReasonText.Of(plan.Why[^1]).ShouldContain("moving +");
    }

    [Fact]
    public void What_is_worse_than_nothing_is_so_by_no_share()
    {
        var view = Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1", "a"))
            .WithOffer("a", offer => offer with { Price = PriceSchedule.Always(0) });
        var plan = PlanOf(view);
        plan.After!.Value.Cost.ShouldBe(0);
        plan.Alternative.ShouldNotBeNull().Worse.ShouldBeNull();
        PlanReasonText.Of(plan.Why[^1]).ShouldEndWith(" s");
    }

    private static PlacementView Crossed(decimal stop) =>
        Samples.View([Samples.Site("a"), Samples.Site("b"), Samples.Site("c")], Samples.Vm("vm1", "a"), Samples.Vm("vm2", "b"))
            .WithOffer("a", offer => offer with { Available = 1 }).WithOffer("b", offer => offer with { Available = 1 })
            .WithOffer("c", offer => offer with { Price = PriceSchedule.Always(stop * 10) })
            .WithVm("vm1", vm => vm with { Sites = [new("b"), new("c")] }).WithVm("vm2", vm => vm with { Sites = [new("a"), new("c")] });

    private static PlacementView Closing(int minutes) =>
        Samples.View([Samples.Site("a"), Samples.Site("grid")], Samples.Vm("vm1", "a")).With(app => app with { Remaining = TimeSpan.FromHours(2) })
            .WithOffer("grid", offer => offer with { Price = PriceSchedule.Always(0) })
            .WithSite("grid", site => site with { Availability = [new(Samples.Now.AddHours(-1), Samples.Now.AddMinutes(minutes))] });

    private static Plan PlanOf(PlacementView view) =>
        Planner.Plan(view, new EverySeatSolver(), new(), TestContext.Current.CancellationToken);
}
