using CsCheck;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Planning.Tests.Oracle;

public sealed class PlannerTests
{
    [Fact]
    public void A_plan_prints_what_the_design_says_of_where_it_leads_and_of_staying()
    {
        var decided = new int[Enum.GetValues<PlanDecision>().Length];
        Testing.Worlds.Small.Sample(
            world =>
            {
                var plan = PlanOf(world, out _);
                CheckFigures(world, plan);
                Interlocked.Increment(ref decided[(int)plan.Decision]);
            },
            iter: 1000);
        decided.ShouldAllBe(count => count > 0);
    }

    [Fact]
    public void A_plan_decides_as_the_design_says() =>
        Testing.Worlds.Small.Sample(
            world =>
            {
                var plan = PlanOf(world, out var search);
                if (world.View.Application.Objective != Objective.Utilization)
                {
                    plan.Decision.ShouldBe(Expected(world, search));
                }
            },
            iter: 1000);

    private static Plan PlanOf(World world, out OracleSearch search) =>
        Planner.Plan(world.View, search = new(world.View), new() { LooksAhead = false }, TestContext.Current.CancellationToken);

    private static void CheckFigures(World world, Plan plan)
    {
        var oracle = new OracleWorld(world.View);
        var vms = world.View.Application.Vms;
        if (plan.Before is { } before)
        {
            OracleAssert.Same(before, OraclePlacement.Of(oracle, [.. vms.Select(vm => vm.At!.Value)])!);
        }

        if (plan.After is not { } after)
        {
            plan.Decision.ShouldBe(PlanDecision.Infeasible);
            return;
        }

        var figures = OraclePlacement.Of(oracle, [.. plan.Placement.Select(vm => vm.Location)])!;
        OracleAssert.Same(after, figures);
        plan.Placement.Select(vm => vm.Vm).ShouldBe(vms.Select(vm => vm.Id));
        for (var i = 0; i < vms.Length; i++)
        {
            OracleAssert.Same(plan.Placement[i].Bill, figures.Bills[i]);
            CheckStep(plan.Steps.SingleOrDefault(step => step.Vm == vms[i].Id), vms[i], plan.Placement[i].Location, figures.Migrations[i]);
        }
    }

    private static void CheckStep(MigrationStep? step, VmSpec vm, Location to, OracleMigration? expected)
    {
        if (expected is null)
        {
            step.ShouldBeNull();
            return;
        }

        step.ShouldNotBeNull().From.ShouldBe(vm.At!.Value);
        step.To.ShouldBe(to);
        OracleAssert.Same(step.Estimate, expected);
    }

    private static PlanDecision Expected(World world, OracleSearch search)
    {
        var oracle = new OracleWorld(world.View);
        var vms = world.View.Application.Vms;
        if (search.Best() is not { } best)
        {
            return PlanDecision.Infeasible;
        }

        if (vms.Any(vm => vm.At is null))
        {
            return PlanDecision.Place;
        }

        Location[] here = [.. vms.Select(vm => vm.At!.Value)];
        if (OracleRules.Violations(oracle, here).Count > 0)
        {
            return PlanDecision.Migrate;
        }

        var staying = search.Value(here, OraclePlacement.Of(oracle, here)!);
        var gain = staying - search.Value(best.Placement, best.Figures);
        return gain > staying * world.View.Application.Margin ? PlanDecision.Migrate : PlanDecision.Stay;
    }
}
