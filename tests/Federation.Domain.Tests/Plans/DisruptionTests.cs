using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Plans;

/// <summary>What an application may say of where its VMs are, and how many of them at one.</summary>
public sealed class DisruptionTests
{
    [Fact]
    public void A_site_that_is_left_out_is_left_and_nothing_comes_there()
    {
        var view = Cheaper("a");
        PlanOf(view.With(application => application with { Without = [new("b")] })).Decision.ShouldBe(PlanDecision.Stay);
        var plan = PlanOf(Cheaper("b").With(application => application with { Without = [new("b")] }));
        (plan.Decision, plan.IsForced, plan.Placement[0].Location.Site.Value).ShouldBe((PlanDecision.Migrate, true, "a"));
        plan.Why[0].ShouldBeOfType<PlanReason.StayingImpossible>().Refusal.Code.ShouldBe(RefusalCode.SiteLeftOut);
    }

    [Fact]
    public void Of_a_set_no_more_VMs_are_at_one_site_than_may_be()
    {
        var view = Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1"), Samples.Vm("vm2"), Samples.Vm("vm3"))
            .WithOffer("b", offer => offer with { Price = PriceSchedule.Always(0.1m) });
        SitesOf(PlanOf(view)).ShouldBe("b b b");
        SitesOf(PlanOf(view.With(application => application with { Apart = [new([new("vm1"), new("vm2"), new("vm3")], 2) { MostAtOne = 2 }] }))).Count(site => site == 'b').ShouldBe(2);
        var three = PlanOf(view.With(application => application with { Apart = [new([new("vm1"), new("vm2"), new("vm3")], 1) { MostAtOne = 1 }] }));
        three.Why[0].ShouldBeOfType<PlanReason.OneRuleForbids>().Refusal.Code.ShouldBe(RefusalCode.AffinityCrowded);
    }

    [Fact]
    public void Where_too_many_are_at_one_site_only_they_have_to_move_and_no_more_of_them_than_are_too_many()
    {
        var view = Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1", "a"), Samples.Vm("vm2", "a"), Samples.Vm("vm3", "a"), Samples.Vm("vm4", "a"))
            .WithOffer("b", offer => offer with { Price = PriceSchedule.Always(5m) });
        var plan = PlanOf(view.With(application => application with { Apart = [new([new("vm1"), new("vm2"), new("vm3")], 2) { MostAtOne = 2 }] }));
        (plan.Decision, plan.IsForced, SitesOf(plan)).ShouldBe((PlanDecision.Migrate, true, "a a a b"));
        plan.Why[0].ShouldBeOfType<PlanReason.StayingImpossible>().Refusal.ToString().ShouldBe("affinity: of vm1, vm2, vm3 2 may be at one site at most, 3 are at a");
        plan.Placement[3].Location.Site.Value.ShouldBe("a");
    }

    [Fact]
    public void The_offers_never_cost_more_an_hour_together_than_they_may_not_even_later()
    {
        // b is free now and costs 3 from the 50th minute on; a costs 1 all the time.
        var view = Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1"), Samples.Vm("vm2"))
            .WithOffer("b", offer => offer with { Price = new([new(Samples.Now.AddHours(-1), 0), new(Samples.Now.AddMinutes(50), 3)]) });
        SitesOf(Directly(null)).ShouldBe("b b");
        SitesOf(Directly(4)).ShouldBe("a b");
        SitesOf(Directly(2)).ShouldBe("a a");
        Directly(1.5m).Why[0].ShouldBeOfType<PlanReason.OneRuleForbids>().Refusal.Code.ShouldBe(RefusalCode.BudgetPerHour);

        Plan Directly(decimal? most) => Planner.Plan(
            view.With(application => application with { BudgetPerHour = most }), new EverySeatSolver(), new() { LooksAhead = false }, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void In_quiet_hours_nothing_moves_for_a_gain_and_what_can_wait_moves_when_they_are_over()
    {
        var view = Cheaper("a");
        PlanOf(view).Steps.ShouldHaveSingleItem();
        var quiet = Quiet(view);
        PlanOf(quiet).Decision.ShouldBe(PlanDecision.Stay, "they last as long as the run");
        var later = PlanOf(quiet.With(application => application with { Remaining = TimeSpan.FromHours(4) }));
        (later.Decision, later.Steps.Length, later.LeaveAt).ShouldBe((PlanDecision.Migrate, 0, Samples.Now.AddHours(1)));
        later.NextEvent.ShouldBe(Samples.Now.AddHours(1));
        PlanOf(quiet with { Now = Samples.Now.AddHours(1) }).Steps.ShouldHaveSingleItem();
        Planner.Plan(quiet with { Wanted = new(new("vm1"), new("b")) }, new EverySeatSolver(), new(), TestContext.Current.CancellationToken).Steps.ShouldHaveSingleItem();
    }

    [Fact]
    public void What_cannot_stay_moves_in_quiet_hours_all_the_same_and_all_others_stay()
    {
        var view = Quiet(Samples.View([Samples.Site("a"), Samples.Site("b"), Samples.Site("c")], Samples.Vm("vm1", "a"), Samples.Vm("vm2", "c")))
            .WithOffer("b", offer => offer with { Price = PriceSchedule.Always(0.1m) });
        SitesOf(PlanOf(view.WithPolicy("a", policy => policy with { Tenants = ["bio"] }))).ShouldBe("b c");
        SitesOf(PlanOf(view.With(application => application with { Quiet = [] }).WithPolicy("a", policy => policy with { Tenants = ["bio"] }))).ShouldBe("b b");
    }

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(3, 1)]
    public void A_site_that_closes_is_left_after_quiet_hours_where_there_is_time_and_within_them_where_there_is_not(double closes, double leavesAfter)
    {
        var view = Quiet(Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1", "a"))).With(application => application with { Remaining = TimeSpan.FromHours(6) });
        var plan = PlanOf(view with { Sites = [.. view.Sites.Select(site => site.Id.Value != "a" ? site : site with { Availability = [new(Samples.Now.AddHours(-1), Samples.Now.AddHours(closes))] })] });
        plan.Decision.ShouldBe(PlanDecision.Migrate);
        (plan.LeaveAt ?? Samples.Now).ShouldBeGreaterThanOrEqualTo(Samples.Now.AddHours(leavesAfter));
        (plan.LeaveAt ?? Samples.Now).ShouldBeLessThan(Samples.Now.AddHours(closes));
    }

    // From 11:00 to 13:00; it is noon.
    private static PlacementView Quiet(PlacementView view) => view.With(application => application with { Quiet = [new([], new(11, 0), new(13, 0), TimeZoneInfo.Utc)] });

    private static string SitesOf(Plan plan) => string.Join(' ', plan.Placement.Select(vm => vm.Location.Site).Order());

    private static PlacementView Cheaper(string at) => Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1", at))
        .WithOffer("b", offer => offer with { Price = PriceSchedule.Always(0.1m) });

    private static Plan PlanOf(PlacementView view) => Planner.Plan(view, new EverySeatSolver(), new(), TestContext.Current.CancellationToken);
}
