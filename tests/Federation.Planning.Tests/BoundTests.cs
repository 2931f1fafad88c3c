using CsCheck;
using Federation.Domain.Estimation;
using Federation.Planning.Bounds;
using Federation.Planning.Exact.ConstraintModel;
using Federation.Planning.Model;
using Federation.Planning.Search;
using Federation.Planning.Tests.Reference;
using Federation.Planning.Tests.Worlds;
using Shouldly;
using Xunit;

namespace Federation.Planning.Tests;

public sealed class BoundTests
{
    [Fact]
    public void No_placement_is_better_than_the_bound_of_large_problems() =>
        World.Small.Sample(
            world =>
            {
                if (ModelOf(world) is { } model && BruteForce.Best(world.View) is { } best)
                {
                    var bound = IndependentBound.Of(model);
                    bound.ShouldNotBeNull();
                    bound.Value.Primary.ShouldBeLessThanOrEqualTo(best[0] * (1 + 1e-9));
                }
            },
            iter: 1_000);

    [Fact]
    public void What_the_constraint_model_proves_is_true()
    {
        var bounded = 0;
        foreach (var world in World.Series(1200))
        {
            bounded += IsTrue(world) ? 1 : 0;
        }

        bounded.ShouldBeGreaterThan(30);
    }

    // Whether it had a placement to bound. Every second search starts with a placement that is as good as it gets, the others with staying.
    private static bool IsTrue(World world)
    {
        if (ModelOf(world) is not { } model)
        {
            return false;
        }

        var (incumbent, clock) = (new Incumbent(model.Problem), new SearchClock(TimeProvider.System, TimeSpan.FromSeconds(60), default));
        incumbent.OfferStaying();
        if (world.Seed % 2 == 0)
        {
            LocalSearchSolver.Search(model, incumbent, new() { Seed = world.Seed }, clock, effort: 0.2);
        }

        var search = new ConstraintSearch(model, incumbent, clock);
        search.Run(new() { Seed = world.Seed }, repeatable: false, TestContext.Current.CancellationToken);
        var best = BruteForce.Best(world.View);
        if (search.NothingBetter)
        {
            BruteForce.Same(incumbent.Best?.Value.Primary ?? -1, best?[0] ?? -1).ShouldBeTrue(world.ToString());
        }

        if (best is null)
        {
            incumbent.Best.ShouldBeNull(world.ToString());
            return false;
        }

        (search.Bound ?? 0).ShouldBeLessThanOrEqualTo(best[0] * (1 + 1e-9), world.ToString());
        return search.Bound is not null;
    }

    private static CostModel? ModelOf(World world)
    {
        var problem = new PlacementProblem(world.View);
        return problem.Candidates.Any(seats => seats.IsEmpty) ? null : new(problem);
    }
}
