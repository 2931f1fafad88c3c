using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Plans;

public sealed class EmissionTests
{
    private static readonly SolverOptions Now = new() { LooksAhead = false };

    [Fact]
    public void What_staying_and_the_plan_emit_is_vCPUs_times_watts_times_grams_over_the_hours()
    {
        // 4 vCPUs of 10 W for an hour at a are 0.04 kWh.
        var plan = PlanOf(Emitting(Always(500), Always(50)).WithOffer("b", offer => offer with { Price = PriceSchedule.Always(0.1m) }));
        plan.Decision.ShouldBe(PlanDecision.Migrate);
        plan.GramsBefore!.Value.ShouldBe(20, 1e-9);
        plan.GramsAfter!.Value.ShouldBe(2 * plan.After!.Value.TimeSeconds / 3600, 1e-9);
    }

    [Fact]
    public void Grams_that_change_within_the_run_count_as_they_change()
    {
        var plan = PlanOf(Emitting(new([new(DateTimeOffset.MinValue, 500), new(Samples.Now.AddMinutes(15), 100)]), Always(900)));
        plan.GramsAfter!.Value.ShouldBe(0.04 * ((500 * 0.25) + (100 * 0.75)), 1e-9);
        plan.GramsBefore.ShouldBe(plan.GramsAfter);
    }

    [Fact]
    public void A_site_that_does_not_say_leaves_it_unknown()
    {
        var view = Emitting(Always(500), Always(50));
        PlanOf(view.WithSite("a", site => site with { Energy = null })).GramsAfter.ShouldBeNull();
    }

    [Fact]
    public void VMs_go_where_they_emit_less_once_a_tonne_costs_enough_and_the_bill_has_it_in_it()
    {
        var view = Emitting(Always(900), Always(100)).WithOffer("b", offer => offer with { Price = PriceSchedule.Always(1.1m) });
        PlanOf(view).Decision.ShouldBe(PlanDecision.Stay);
        PlanOf(view.With(application => application with { CarbonPrice = 1000 })).Decision.ShouldBe(PlanDecision.Stay, "0.04 kWh times 0.8 kg are 0.032 of it");
        var plan = PlanOf(view.With(application => application with { CarbonPrice = 10_000 }));
        plan.Decision.ShouldBe(PlanDecision.Migrate);
        plan.Before!.Value.Hosting.ShouldBe(1 + 0.36, 1e-9);
        (plan.After!.Value.Hosting / plan.After.Value.TimeSeconds * 3600).ShouldBe(1.1 + 0.04, 1e-3);
    }

    [Fact]
    public void That_a_site_will_emit_less_is_an_event_that_is_waited_for()
    {
        var view = Emitting(Always(500), new([new(DateTimeOffset.MinValue, 900), new(Samples.Now.AddHours(1), 10)]))
            .With(application => application with { CarbonPrice = 50_000, Remaining = TimeSpan.FromHours(4) });
        Planner.Plan(view, new EverySeatSolver(), new(), TestContext.Current.CancellationToken).LeaveAt.ShouldBe(Samples.Now.AddHours(1));
    }

    private static PriceSchedule Always(decimal grams) => PriceSchedule.Always(grams);

    private static PlacementView Emitting(PriceSchedule a, PriceSchedule b) => Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1", "a"))
        .WithSite("a", site => site with { Energy = new(10, a) }).WithSite("b", site => site with { Energy = new(10, b) });

    private static Plan PlanOf(PlacementView view) => Planner.Plan(view, new EverySeatSolver(), Now, TestContext.Current.CancellationToken);
}
