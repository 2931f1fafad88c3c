using CsCheck;
using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Planning.Exact;
using Federation.Planning.Search;
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

    [Fact]
    public void With_a_tenth_of_a_second_for_twenty_VMs_there_is_a_plan_or_none_was_found_in_time()
    {
        var planned = 0;
        foreach (var world in Enumerable.Range(0, 30).Select(seed => new World(Vms: 20, Sites: 5, seed)))
        {
            var problem = new PlacementProblem(world.View);
            var limit = Given.AmpleTime with { TimeLimit = TimeSpan.FromMilliseconds(100) };
            var answer = new ExactSolver().Solve(problem, limit, TestContext.Current.CancellationToken);
            if (answer.Assignment.IsEmpty)
            {
                var search = new LocalSearchSolver(effort: 0.2).Solve(problem, Given.AmpleTime, TestContext.Current.CancellationToken);
                answer.Status.ShouldBe(search.Assignment.IsEmpty ? answer.Status : PlanStatus.Unknown, world.ToString());
                continue;
            }

            planned++;
            ReferenceRules.Broken(world.View, problem.Locations(answer.Assignment)).ShouldBeNull(world.ToString());
            (answer.Bound ?? 0).ShouldBeLessThanOrEqualTo(Evaluated.Of(problem, [.. answer.Assignment]).Value.Primary, world.ToString());
        }

        planned.ShouldBeGreaterThan(0);
    }

    // Beyond what branch and bound takes on: a world with no placement, one that is proven to the last digit, and two within whole units.
    [Theory]
    [InlineData(4, PlanStatus.Infeasible)]
    [InlineData(31, PlanStatus.Optimal)]
    [InlineData(28, PlanStatus.Feasible)]
    [InlineData(36, PlanStatus.Feasible)]
    public void One_thread_proves_what_two_prove(int seed, PlanStatus status)
    {
        var world = new World(Vms: 13, Sites: 3, seed);
        var (one, two) = (Solve(threads: 1), Solve(threads: 2));

        (one.Status, two.Status).ShouldBe((status, status));
        one.Solver.ShouldBe(two.Solver);
        one.Bound.ShouldBe(two.Bound);

        SolverAnswer Solve(int threads) =>
            new ExactSolver().Solve(new(world.View), Given.AmpleTime with { Threads = threads }, TestContext.Current.CancellationToken);
    }

    private static void IsAsGoodAsEveryPlacement(World world)
    {
        var problem = new PlacementProblem(world.View);
        var answer = new ExactSolver().Solve(problem, Given.AmpleTime, TestContext.Current.CancellationToken);
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
