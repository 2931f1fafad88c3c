using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Planning.Tests.Reference;
using Federation.Planning.Tests.Worlds;
using Shouldly;
using Xunit;

namespace Federation.Planning.Tests;

public sealed class ParetoFrontTests
{
    [Fact]
    public void Every_point_holds_all_constraints_and_none_is_better_in_both_than_another()
    {
        var seen = 0;
        foreach (var world in World.Series(100))
        {
            var front = Front(world, 4);
            foreach (var (point, next) in front.Zip(front.Skip(1)))
            {
                point.Terms.Cost.ShouldBeLessThan(next.Terms.Cost);
                point.Terms.TimeSeconds.ShouldBeGreaterThan(next.Terms.TimeSeconds);
            }

            front.ShouldAllBe(point => ReferenceRules.Broken(Asking(world, Objective.Cost), point.Placement) == null);
            seen += front.Length > 1 ? 1 : 0;
        }

        seen.ShouldBeGreaterThan(3);
    }

    [Fact]
    public void It_begins_with_the_cheapest_placement_and_ends_with_the_quickest()
    {
        foreach (var world in World.Series(60))
        {
            var front = Front(world, 3);
            var (cheapest, quickest) = (BruteForce.Best(Paying(world, Objective.Cost)), BruteForce.Best(Paying(world, Objective.Time)));
            front.IsEmpty.ShouldBe(cheapest is null);
            if (!front.IsEmpty)
            {
                BruteForce.Same(front[0].Terms.Cost, cheapest![0]).ShouldBeTrue();
                BruteForce.Same(front[^1].Terms.TimeSeconds, quickest![0]).ShouldBeTrue();
            }
        }
    }

    private static System.Collections.Immutable.ImmutableArray<ParetoPoint> Front(World world, int points) =>
        ParetoFront.Of(Asking(world, Objective.Utilization), new AutoSolver(), Given.AmpleTime, points, TestContext.Current.CancellationToken).Points;

    private static PlacementView Asking(World world, Objective objective) =>
        world.View with { Application = world.View.Application with { Objective = objective } };

    // What is preferred is no part of a front: it is about what is paid.
    private static PlacementView Paying(World world, Objective objective)
    {
        var view = Asking(world, objective);
        return view with { Application = view.Application with { Prefer = [] } };
    }
}
