using CsCheck;
using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Planning.Exact;
using Federation.Planning.Tests.Reference;
using Federation.Planning.Tests.Worlds;
using Shouldly;
using Xunit;

namespace Federation.Planning.Tests;

public sealed class ExactSolverTests
{
    [Fact]
    public void Exact_finds_what_looking_at_every_placement_finds() =>
        World.Small.Sample(IsAsGoodAsEveryPlacement, iter: 2_000);

    // A VM has to come to one offer of a site while another offer of it is over-full, from before.
    [Fact]
    public void An_offer_that_is_over_full_does_not_stop_a_move_to_another_one_of_its_site() =>
        IsAsGoodAsEveryPlacement(new(Vms: 3, Sites: 2, Seed: 1596938503));

    private static void IsAsGoodAsEveryPlacement(World world)
    {
        var problem = new PlacementProblem(world.View);
        var answer = new BranchAndBoundSolver().Solve(problem, Given.AmpleTime, TestContext.Current.CancellationToken);
        if (BruteForce.Best(world.View) is not { } best)
        {
            answer.Status.ShouldBe(PlanStatus.Infeasible);
            answer.Assignment.ShouldBeEmpty();
            return;
        }

        answer.Status.ShouldBe(PlanStatus.Optimal);
        var locations = problem.Locations(answer.Assignment);
        ReferenceRules.Broken(world.View, locations).ShouldBeNull();
        var value = new ReferencePlacement(world.View, locations).Terms().Value(world.View.Application.Objective);
        BruteForce.Same(value[0], best[0]).ShouldBeTrue($"{value[0]} is not {best[0]}");
        BruteForce.IsBetter(best, value).ShouldBeFalse("ties are broken by the other parts of the objective");
        BruteForce.Same(answer.Bound!.Value, best[0]).ShouldBeTrue();
    }
}
