using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Plans;

/// <summary>VMs run where nobody knows the price: it has not begun, or its feed is too old.</summary>
public sealed class UnknownPriceTests
{
    [Fact]
    public void With_nothing_to_do_it_stays_and_says_what_is_not_known()
    {
        var plan = PlanOf(Unpriced());
        plan.Decision.ShouldBe(PlanDecision.Stay);
        plan.Why.OfType<PlanReason.PriceNotKnown>().ShouldHaveSingleItem().Places.Names.ShouldBe(["a/std"]);
    }

    [Fact]
    public void Under_time_it_leaves_for_what_is_quicker_and_pays_what_is_known_of_the_move()
    {
        var plan = PlanOf(Unpriced().With(app => app with { Objective = Objective.Time }).WithOffer("b", offer => offer with { Speed = 2 }));
        plan.Decision.ShouldBe(PlanDecision.Migrate);
        var step = plan.Steps.ShouldHaveSingleItem();
        step.Bill.DoubleHosting.ShouldBe(0, "its old place is paid for meanwhile, and nobody knows with how much");
        step.Bill.Egress.ShouldBeGreaterThan(0);
        plan.Why.OfType<PlanReason.PriceNotKnown>().ShouldHaveSingleItem();
    }

    [Fact]
    public void It_is_left_when_the_site_closes()
    {
        var plan = PlanOf(Unpriced().WithSite("a", site => site with { Availability = [new(Samples.Now.AddHours(-1), Samples.Now.AddMinutes(20))] }));
        plan.Decision.ShouldBe(PlanDecision.Migrate);
        plan.Steps.Concat(plan.Later).ShouldHaveSingleItem().To.ShouldBe(Samples.At("b"));
    }

    [Fact]
    public void Other_VMs_are_compared_by_what_is_known_of_them()
    {
        var view = Unpriced(Samples.Vm("vm2", "c")).WithOffer("c", offer => offer with { Price = PriceSchedule.Always(5) });
        var plan = PlanOf(view);
        plan.Decision.ShouldBe(PlanDecision.Migrate);
        plan.Steps.ShouldHaveSingleItem().Vm.Value.ShouldBe("vm2");
    }

    [Fact]
    public void Nobody_comes_for_a_price_that_is_not_known()
    {
        var view = Unpriced(Samples.Vm("vm2", "c"));
        new PlacementProblem(view).Candidates[1].Length.ShouldBe(2);
        PlanOf(view.WithVm("vm1", vm => vm with { At = Samples.At("c") })).Rejected.ShouldHaveSingleItem().Refusal.Code.ShouldBe(RefusalCode.PriceUnknown);
    }

    [Fact]
    public void What_begins_to_cost_counts_from_then_on()
    {
        // Half an hour unknown, then 1 an hour.
        var schedule = new PriceSchedule([new(Samples.Now.AddMinutes(30), 1)]);
        schedule.KnownOver(Samples.Now, 3600).ShouldBe(0.5, 1e-12);
        schedule.KnownOver(Samples.Now, 1800).ShouldBe(0);
        PlanOf(Unpriced().WithOffer("a", offer => offer with { Price = schedule })).Before!.Value.Hosting.ShouldBe(0.5, 1e-12);
    }

    private static PlacementView Unpriced(params VmSpec[] more) =>
        Samples.View([Samples.Site("a"), Samples.Site("b"), Samples.Site("c")], [Samples.Vm("vm1", "a"), .. more])
            .WithOffer("a", offer => offer with { Price = PriceSchedule.Unknown });

    private static Plan PlanOf(PlacementView view) => Planner.Plan(view, new EverySeatSolver(), new(), TestContext.Current.CancellationToken);
}
