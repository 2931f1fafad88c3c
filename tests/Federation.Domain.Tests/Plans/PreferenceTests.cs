using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Sites;
using Federation.Domain.Tests.Estimation;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Plans;

/// <summary>Where VMs would be counts so much an hour, and is paid by nobody; in round figures. Two VMs for an hour, at a for 1 and at b for 1.2.</summary>
public sealed class PreferenceTests
{
    private static readonly PlacementView Two = Samples.View([Samples.Site("a"), Samples.Site("b", Samples.Std with { Price = PriceSchedule.Always(1.2m) })], Samples.Vm("vm1"), Samples.Vm("vm2"));

    [Fact]
    public void It_counts_for_each_VM_and_hour_elsewhere_in_the_objective_and_not_in_the_cost()
    {
        var problem = new PlacementProblem(Preferring("b", 0.5m));
        var estimate = PlacementEstimator.Estimate(problem, problem.Seats([Samples.At("a"), Samples.At("b")]))!.Value;
        (estimate.Cost, estimate.Preference).ShouldBe((2.2, 0.5));
        estimate.Weighed.ShouldBe(2.7, 1e-12);
        ObjectiveValue.Of(Objective.Cost, estimate).Primary.ShouldBe(2.7, 1e-12);
        ObjectiveValue.Of(Objective.Time, estimate).ShouldBe(new(estimate.TimeSeconds, estimate.Weighed, -estimate.Utilization));
    }

    [Fact]
    public void It_is_of_the_VMs_that_are_named_and_several_add_up()
    {
        var view = Two.With(application => application with
        {
            Prefer = [new([new("vm1")], [new("b")], 0.5m), new([], [new("b")], 0.25m), new([], [new("a"), new("b")], 8)],
        });
        var problem = new PlacementProblem(view);
        (problem.Preferences.Of(0, 0), problem.Preferences.Of(1, 0), problem.Preferences.Of(0, 1)).ShouldBe((0.75, 0.25, 0));
    }

    [Theory]
    [InlineData(0.1, "a")]
    [InlineData(0.3, "b")]
    public void VMs_go_where_they_are_preferred_unless_elsewhere_is_cheaper_by_more(decimal price, string goes) =>
        PlanOf(Preferring("b", price)).Placement.ShouldAllBe(vm => vm.Location.Site == new SiteId(goes));

    [Fact]
    public void A_budget_does_not_see_it_and_forbids_what_costs_more_all_the_same()
    {
        PlanOf(Preferring("b", 5).With(application => application with { Budget = 2.4m })).Placement.ShouldAllBe(vm => vm.Location.Site == new SiteId("b"));
        var held = PlanOf(Preferring("b", 5).With(application => application with { Budget = 2.1m }));
        held.Decision.ShouldBe(PlanDecision.Place);
        held.After!.Value.ShouldSatisfyAllConditions(terms => terms.Cost.ShouldBe(2), terms => terms.Preference.ShouldBe(10));
    }

    [Fact]
    public void The_reasons_name_it_beside_the_cost() =>
        PlanReasonText.Of(PlanOf(Preferring("b", 0.1m)).Why[0]).ShouldContain("cost 2 USD (hosting 2, traffic 0, moving 0), preference 0.2, time");

    [Fact]
    public void Who_is_preferred_elsewhere_moves_if_that_beats_the_margin_together_with_the_money()
    {
        PlacementView Running(decimal price) => Preferring("b", price).WithVm("vm1", vm => vm with { At = Samples.At("a") }).WithVm("vm2", vm => vm with { At = Samples.At("a") });
        PlanOf(Running(0.3m)).Decision.ShouldBe(PlanDecision.Stay, "a gain of 0.2 less what moving costs is less than 5 % of 2.6");
        var moves = PlanOf(Running(1));
        (moves.Decision, moves.Before!.Value.Preference, moves.After!.Value.Preference).ShouldBe((PlanDecision.Migrate, 2, 0));
        PlanReasonText.Of(moves.Why[0]).ShouldStartWith("cost and preference 4 by staying, 2.");
        moves.After!.Value.Cost.ShouldBeGreaterThan(moves.Before!.Value.Cost);
    }

    [Fact]
    public void A_VM_that_leaves_its_application_takes_its_preference_along()
    {
        var application = Two.With(application => application with { Prefer = [new([new("vm1")], [new("b")], 1), new([new("vm1"), new("vm2")], [new("b")], 2), new([], [new("b")], 3)] }).Application;
        VmRemoval.Of(application, new("vm1")).Next!.Prefer.Select(preference => (string.Join(' ', preference.Vms), preference.PricePerHour)).ShouldBe([("vm2", 2), ("", 3)]);
    }

    private static PlacementView Preferring(string site, decimal price) => Two.With(application => application with { Prefer = [new([], [new(site)], price)] });

    private static Plan PlanOf(PlacementView view) => Planner.Plan(view, new EverySeatSolver(), new(), TestContext.Current.CancellationToken);
}
