using CsCheck;
using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Plans;

public sealed class BestMoveTests
{
    [Fact]
    public void In_small_worlds_no_other_placement_is_better_than_what_a_plan_to_stay_says_came_second() => Worlds.Small.Sample(world =>
    {
        var plan = Planner.Plan(world.View, new EverySeatSolver(), new(), CancellationToken.None);
        if (plan.Decision != PlanDecision.Stay)
        {
            return;
        }

        var problem = new PlacementProblem(world.View);
        var best = EverySeatSolver.Assignments(problem)
            .Where(assignment => !assignment.SequenceEqual(problem.CurrentSeats))
            .Select(assignment => Evaluated.Of(problem, assignment))
            .Where(other => other.Verdict.IsFeasible)
            .Aggregate((Evaluated?)null, (best, other) => best is null || other.Value.IsBetterThan(best.Value) ? other : best);
        (best is not null && plan.Alternative is null).ShouldBeFalse();
        if (best is not null)
        {
            best.Value.IsBetterThan(ObjectiveValue.Of(plan.Objective, plan.Alternative!.Terms)).ShouldBeFalse();
        }
    });

    [Fact]
    public void VMs_that_have_to_be_together_have_a_best_move_although_none_can_move_alone()
    {
        // What a pair saves elsewhere is less than its moves cost; there is no room for both pairs.
        var view = Samples.View(
                [Samples.Site("a"), Samples.Site("b", Samples.Std with { Available = 2 }), Samples.Site("c", Samples.Std with { Available = 2 })],
                Samples.Vm("vm1", "a"), Samples.Vm("vm2", "a"), Samples.Vm("vm3", "a"), Samples.Vm("vm4", "a"))
            .With(application => application with { Together = [[new("vm1"), new("vm2")], [new("vm3"), new("vm4")]] })
            .WithOffer("b", offer => offer with { Price = PriceSchedule.Always(0.99m) })
            .WithOffer("c", offer => offer with { Price = PriceSchedule.Always(0.99m) });
        var full = PlanOf(view, PlanDetail.Full);
        full.Decision.ShouldBe(PlanDecision.Stay);
        full.Alternative.ShouldNotBeNull().Moves.ShouldBe(2);
        PlanOf(view, PlanDetail.Nearby).Alternative.ShouldBeNull();
        PlanOf(view, PlanDetail.Decision).Alternative.ShouldBeNull();
    }

    private static Plan PlanOf(PlacementView view, PlanDetail detail) =>
        Planner.Plan(view, new EverySeatSolver(), new() { Detail = detail }, CancellationToken.None);
}
