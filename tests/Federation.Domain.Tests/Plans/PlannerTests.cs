using CsCheck;
using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Plans;

public sealed class PlannerTests
{
    [Fact]
    public void VMs_that_are_nowhere_are_placed_where_the_objective_is_best()
    {
        var plan = PlanOf(PricedAt(1.0m, 0.4m, "nowhere"));
        plan.Decision.ShouldBe(PlanDecision.Place);
        plan.Before.ShouldBeNull();
        plan.Placement.Select(vm => vm.Location).ShouldBe([Samples.At("b")]);
        plan.Steps.ShouldBeEmpty();
        plan.After!.Value.Cost.ShouldBe(0.4, 1e-9);
    }

    [Fact]
    public void A_running_VM_migrates_for_a_gain_beyond_the_margin()
    {
        var plan = PlanOf(PricedAt(1.0m, 0.4m));
        plan.Decision.ShouldBe(PlanDecision.Migrate);
        plan.Before!.Value.Cost.ShouldBe(1.0, 1e-9);
        plan.Steps.ShouldHaveSingleItem().From.ShouldBe(Samples.At("a"));
        plan.Steps[0].To.ShouldBe(Samples.At("b"));
        plan.After!.Value.Moving.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Without_anything_better_VMs_stay()
    {
        var plan = PlanOf(PricedAt(1.0m, 1.0m));
        plan.Decision.ShouldBe(PlanDecision.Stay);
        plan.After.ShouldBe(plan.Before);
        plan.Placement.Select(vm => vm.Location).ShouldBe([Samples.At("a")]);
        plan.Steps.ShouldBeEmpty();
    }

    [Fact]
    public void A_gain_that_just_equals_the_margin_moves_nothing()
    {
        var view = PricedAt(1.0m, 0.4m);
        var gain = GainOf(view);
        PlanOf(WithMargin(view, gain * 0.999)).Decision.ShouldBe(PlanDecision.Migrate);
        PlanOf(WithMargin(view, gain)).Decision.ShouldBe(PlanDecision.Stay);
        PlanOf(WithMargin(view, gain * 1.001)).Decision.ShouldBe(PlanDecision.Stay);
    }

    [Fact]
    public void Where_staying_is_not_possible_VMs_migrate_whatever_it_costs()
    {
        var view = PricedAt(0.1m, 5.0m).WithSite("a", site => site with
        {
            Availability = [new(Samples.Now.AddHours(-1), Samples.Now.AddMinutes(30))],
        });
        var plan = PlanOf(view);
        plan.Decision.ShouldBe(PlanDecision.Migrate);
        plan.After!.Value.Cost.ShouldBeGreaterThan(plan.Before!.Value.Cost);
        PlanReasonText.Of(plan.Why[0]).ShouldStartWith("staying is not possible: availability:");
    }

    [Fact]
    public void Where_no_placement_holds_the_constraints_the_plan_says_so_and_why()
    {
        var plan = PlanOf(PricedAt(1, 1, "nowhere").With(app => app with { Budget = 0.5m }));
        plan.Decision.ShouldBe(PlanDecision.Infeasible);
        plan.Status.ShouldBe(PlanStatus.Infeasible);
        plan.After.ShouldBeNull();
        plan.Placement.ShouldBeEmpty();
        plan.Rejected.Select(rejection => rejection.Site.Value).ShouldBe(["a", "b"]);
        plan.Rejected.ShouldAllBe(rejection => rejection.Refusal.Code == RefusalCode.Budget);
    }

    [Fact]
    public void A_search_that_found_nothing_in_time_proves_nothing()
    {
        var plan = Planner.Plan(
            PricedAt(1, 1), new FixedSolver(new(PlanStatus.Unknown, [], null, "cut short")), new(), TestContext.Current.CancellationToken);
        plan.Decision.ShouldBe(PlanDecision.Infeasible);
        plan.Status.ShouldBe(PlanStatus.Unknown);
        plan.Why[0].ShouldBeOfType<PlanReason.NoneFoundInTime>();
    }

    [Fact]
    public void A_solver_that_breaks_a_constraint_is_a_bug_and_throws() =>
        Should.Throw<InvalidOperationException>(() => Planner.Plan(
            PricedAt(1, 1, "nowhere").WithPolicy("a", policy => policy with { Tenants = ["bio"] }),
            new FixedSolver(new(PlanStatus.Optimal, [0], 1, "wrong")), new(), TestContext.Current.CancellationToken));

    [Fact]
    public void The_gap_is_how_far_the_best_found_may_be_from_the_bound()
    {
        var plan = Planner.Plan(
            PricedAt(1, 1, "nowhere"), new FixedSolver(new(PlanStatus.Feasible, [0], 0.8, "cut short")), new(),
            TestContext.Current.CancellationToken);
        plan.Gap.ShouldNotBeNull().ShouldBe(0.2, 1e-9);
    }

    [Fact]
    public void The_same_view_gives_the_same_plan() =>
        Worlds.Small.Sample(world => Text(PlanOf(world.View)).ShouldBe(Text(PlanOf(world.View))), iter: 100);

    [Fact]
    public void The_order_in_which_sites_are_given_does_not_matter_where_all_was_looked_at() =>
        Worlds.Small.Sample(
            world =>
            {
                var reversed = world.View with { Sites = [.. world.View.Sites.Reverse()] };
                var (one, other) = (PlanOf(reversed), PlanOf(world.View));
                if (IsProven(one) && IsProven(other))
                {
                    Text(one).ShouldBe(Text(other));
                }
            },
            iter: 100);

    [Fact]
    public void A_plan_never_leads_to_anything_worse_than_staying_where_that_is_possible() =>
        Worlds.Small.Sample(
            world =>
            {
                var problem = new PlacementProblem(world.View);
                if (Evaluated.Staying(problem) is { Verdict.IsFeasible: true } stay)
                {
                    var plan = PlanOf(world.View);
                    var after = ObjectiveValue.Of(plan.Objective, plan.After!.Value);
                    stay.Value.IsBetterThan(after).ShouldBeFalse();
                }
            },
            iter: 300);

    private static Plan PlanOf(PlacementView view) =>
        Planner.Plan(view, new EverySeatSolver(), new(), TestContext.Current.CancellationToken);

    private static PlacementView PricedAt(decimal a, decimal b, string at = "a") =>
        Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1", at == "nowhere" ? null : at))
            .WithOffer("a", offer => offer with { Price = PriceSchedule.Always(a) })
            .WithOffer("b", offer => offer with { Price = PriceSchedule.Always(b) });

    private static PlacementView WithMargin(PlacementView view, double margin) => view.With(app => app with { Margin = margin });

    private static double GainOf(PlacementView view)
    {
        var plan = PlanOf(view);
        return (plan.Before!.Value.Cost - plan.After!.Value.Cost) / plan.Before.Value.Cost;
    }

    private static bool IsProven(Plan plan) => plan.Status is PlanStatus.Optimal or PlanStatus.Infeasible;

    private static string Text(Plan plan) => string.Join('\n',
    [
        $"{plan.Decision} {plan.Status} {plan.Bound:R} {plan.Gap:R}", $"{plan.Before}", $"{plan.After}",
        .. plan.Placement.Select(vm => vm.ToString()), .. plan.Steps.Select(step => step.ToString()),
        .. plan.Why.Select(PlanReasonText.Of), .. plan.Rejected.Select(rejection => rejection.ToString()),
    ]);
}
