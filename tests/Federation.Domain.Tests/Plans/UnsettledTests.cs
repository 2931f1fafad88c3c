using CsCheck;
using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Plans;

/// <summary>Some VMs cannot stay where they run; the others can.</summary>
public sealed class UnsettledTests
{
    [Fact]
    public void One_VM_that_must_leave_moves_no_other_one_whose_move_does_not_pay()
    {
        var plan = PlanOf(Priced(10m, 9.9m));
        plan.Decision.ShouldBe(PlanDecision.Migrate);
        plan.Steps.ShouldHaveSingleItem().Vm.Value.ShouldBe("vm5");
        plan.IsForced.ShouldBeTrue();
        plan.Why[0].ShouldBeOfType<PlanReason.StayingImpossible>();
        plan.Why.OfType<PlanReason.Gain>().ShouldHaveSingleItem().IsEnough.ShouldBeFalse("it says why the others stay");
    }

    [Fact]
    public void Others_move_with_it_where_that_pays_by_itself()
    {
        var plan = PlanOf(Priced(10m, 2m));
        plan.Steps.Length.ShouldBe(5);
        plan.IsForced.ShouldBeFalse("the others go for gain");
        plan.Why.OfType<PlanReason.Gain>().ShouldHaveSingleItem().IsEnough.ShouldBeTrue();
    }

    [Fact]
    public void Others_make_room_where_it_has_no_place_else()
    {
        var view = Priced(10m, 9.9m).WithVm("vm4", vm => vm with { At = Samples.At("b") }).WithSite("b", site => site with { Capacity = new(null, null, 1) });
        var plan = PlanOf(view);
        plan.Steps.Select(step => step.Vm.Value).ShouldBe(["vm4", "vm5"], ignoreOrder: true);
        plan.Why.OfType<PlanReason.MakesRoom>().ShouldHaveSingleItem().Vms.Names.ShouldBe(["vm5"]);
    }

    [Fact]
    public void A_broken_rule_of_affinity_moves_those_that_break_it()
    {
        var view = Priced(10m, 9.9m).With(app => app with { Apart = [new([new("vm1"), new("vm2")], 2)], Vms = [.. app.Vms.Select(vm => vm with { Sites = null })] });
        PlanOf(view).Steps.ShouldHaveSingleItem().Vm.Value.ShouldBeOneOf("vm1", "vm2");
    }

    [Fact]
    public void A_site_that_closes_drives_out_only_those_at_it()
    {
        var view = Priced(10m, 9.9m).With(app => app with { Vms = [.. app.Vms.Select(vm => vm with { Sites = null })] })
            .WithVm("vm5", vm => vm with { At = Samples.At("c") })
            .WithSite("c", site => site with { Availability = [new(Samples.Now.AddHours(-1), Samples.Now.AddMinutes(30))] });
        var plan = PlanOf(view);
        plan.Steps.Concat(plan.Later).ShouldHaveSingleItem().Vm.Value.ShouldBe("vm5");
    }

    [Fact]
    public void Unasked_it_goes_at_once_and_the_others_stay_until_their_gain_has_persisted()
    {
        var decision = DecisionLoop.Decide(new() { PersistenceWindows = 2, AppliesPlans = true }, new(), Priced(10m, 2m), DecisionTrigger.TimePassed, PlanOf);
        var order = decision.Orders.ShouldHaveSingleItem();
        order.Applies.ShouldBeTrue();
        order.Plan.Steps.ShouldHaveSingleItem().Vm.Value.ShouldBe("vm5");
    }

    [Fact]
    public void VMs_that_can_stay_move_only_for_a_gain_over_the_best_in_which_they_stay_that_passes_the_margin() =>
        Worlds.Small.Where(world => world.View.Application.Vms.Length > 1 && world.View.Application.Vms.All(vm => vm.At is not null)).Sample(
            world =>
            {
                var view = world.View.With(app => app with { Vms = app.Vms.SetItem(0, app.Vms[0] with { Sites = [.. world.View.Sites.Select(site => site.Id).Where(id => id != app.Vms[0].At!.Value.Site)] }) });
                var problem = new PlacementProblem(view);
                if (problem.Sites.Any(site => PlacementRules.SecondsAvailable(problem, site) is > 0 and < double.PositiveInfinity))
                {
                    return;
                }

                bool CanStay(int vm) => problem.Candidates[vm].Contains(problem.CurrentSeats[vm]);
                var rest = Best(problem, assignment => assignment.Index().All(vm => !CanStay(vm.Index) || vm.Item == problem.CurrentSeats[vm.Index]));
                var plan = PlanOf(view);
                if (rest is null || plan.Decision == PlanDecision.Infeasible)
                {
                    return;
                }

                var moved = plan.Placement.Index().Any(vm => CanStay(vm.Index) && vm.Item.Location != view.Application.Vms[vm.Index].At);
                var after = ObjectiveValue.Of(plan.Objective, plan.After!.Value);
                if (moved)
                {
                    (rest.Value.Primary - after.Primary).ShouldBeGreaterThanOrEqualTo(Math.Max(view.Application.Margin, view.Application.PredictionError) * rest.Value.Primary - 1e-9);
                }
                else
                {
                    rest.Value.IsBetterThan(after).ShouldBeFalse();
                }
            },
            iter: 300);

    private static Evaluated? Best(PlacementProblem problem, Func<int[], bool> isMeant)
    {
        Evaluated? best = null;
        foreach (var candidate in EverySeatSolver.Assignments(problem).Where(isMeant).Select(assignment => Evaluated.Of(problem, assignment)))
        {
            best = candidate.Verdict.IsFeasible && (best is null || candidate.Value.IsBetterThan(best.Value)) ? candidate : best;
        }

        return best;
    }

    private static Plan PlanOf(PlacementView view) => Planner.Plan(view, new EverySeatSolver(), new() { LooksAhead = false }, TestContext.Current.CancellationToken);

    // Five run at a, where the fifth may not be any more; ten hours are left.
    private static PlacementView Priced(decimal a, decimal b) =>
        Samples.View(
            [Samples.Site("a"), Samples.Site("b"), Samples.Site("c")],
            Samples.Vm("vm1", "a"), Samples.Vm("vm2", "a"), Samples.Vm("vm3", "a"), Samples.Vm("vm4", "a"), Samples.Vm("vm5", "a") with { Sites = [new("b")] })
            .With(app => app with { Remaining = TimeSpan.FromHours(10), Margin = 0.05 })
            .WithOffer("a", offer => offer with { Price = PriceSchedule.Always(a) })
            .WithOffer("b", offer => offer with { Price = PriceSchedule.Always(b) })
            .WithOffer("c", offer => offer with { Price = PriceSchedule.Always(100) });
}
