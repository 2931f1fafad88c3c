using CsCheck;
using Federation.Domain.Estimation;
using Federation.Domain.Refusals;
using Shouldly;
using Xunit;

namespace Federation.Planning.Tests.Oracle;

public sealed class EstimatorTests
{
    [Fact]
    public void Every_term_of_an_estimate_is_what_the_design_says()
    {
        var estimated = 0;
        Testing.Worlds.Any.Sample(
            world =>
            {
                var problem = new PlacementProblem(world.View);
                var expected = OraclePlacement.Of(new OracleWorld(world.View), world.Target);
                var actual = PlacementEstimator.Estimate(problem, Seats.Of(problem, world.Target));
                (actual is null).ShouldBe(expected is null);
                if (actual is { } estimate && expected is not null)
                {
                    OracleAssert.Same(estimate, expected);
                    Interlocked.Increment(ref estimated);
                }
            },
            iter: 5000);
        estimated.ShouldBeGreaterThan(2000);
    }

    [Fact]
    public void Every_VMs_share_of_the_bill_is_what_the_design_says() =>
        Testing.Worlds.Any.Sample(
            world =>
            {
                var problem = new PlacementProblem(world.View);
                var seats = Seats.Of(problem, world.Target);
                if (OraclePlacement.Of(new OracleWorld(world.View), world.Target) is not { } expected)
                {
                    return;
                }

                for (var vm = 0; vm < seats.Length; vm++)
                {
                    var bill = PlacementEstimator.Bill(problem, seats, vm, expected.TimeSeconds.ToDouble());
                    OracleAssert.Same(bill.ShouldNotBeNull(), expected.Bills[vm]);
                }
            },
            iter: 2000);

    [Fact]
    public void Every_migration_sends_and_takes_what_the_design_says() =>
        Testing.Worlds.Any.Sample(
            world =>
            {
                var (problem, oracle) = (new PlacementProblem(world.View), new OracleWorld(world.View));
                var seats = Seats.Of(problem, world.Target);
                foreach (var vm in Enumerable.Range(0, seats.Length).Where(vm => problem.Moves(vm, problem.Seats[seats[vm]])))
                {
                    var expected = oracle.Migration(world.View.Application.Vms[vm], world.Target[vm]);
                    var actual = problem.Migration(vm, problem.Seats[seats[vm]]);
                    (actual is null).ShouldBe(expected is null);
                    if (actual is { } estimate && expected is not null)
                    {
                        OracleAssert.Same(estimate, expected);
                    }
                }
            },
            iter: 2000);

    [Fact]
    public void A_placement_is_rejected_for_a_constraint_that_it_violates_and_for_nothing_else()
    {
        var feasible = 0;
        Testing.Worlds.Any.Sample(
            world =>
            {
                var problem = new PlacementProblem(world.View);
                var seats = Seats.Of(problem, world.Target);
                var violated = OracleRules.Violations(new OracleWorld(world.View), world.Target);
                var verdict = PlacementRules.Check(problem, seats, PlacementEstimator.Estimate(problem, seats));
                if (verdict.Refusal is { } refusal)
                {
                    var reason = RefusalText.Of(refusal);
                    violated.ShouldContain(reason[..reason.IndexOf(':', StringComparison.Ordinal)], reason);
                }
                else
                {
                    violated.ShouldBeEmpty();
                    Interlocked.Increment(ref feasible);
                }
            },
            iter: 5000);
        feasible.ShouldBeGreaterThan(200);
    }
}
