using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Grains.Tests.Making;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

/// <summary>An application is deleted while one of its plans starts. Whoever is held, and where: no place is left that nobody frees.</summary>
public sealed class DeletionRaceTests
{
    private static readonly AppId Named = new(new("astro"), "cg");

    [Fact]
    public async Task A_plan_that_has_claimed_the_application_and_reserved_nothing_keeps_the_deletion_off()
    {
        await using var cluster = await WithPlan();
        var held = cluster.Storage.Hold(state => state is PlanGrain.Life { Saga.State: PlanState.Applying });
        var start = cluster.Grains.Plan(Plan).Apply();
        await held.Reached;

        var early = await cluster.Grains.Application(Named).Delete();
        held.Release();
        await start;
        await Settled(cluster);

        early.Refused.ShouldHaveSingleItem().Code.ShouldBe(RefusalCode.PlanBusy);
        (await cluster.Grains.Application(Named).Delete()).Changed.ShouldBeTrue();
        await HoldsNothing(cluster);
    }

    [Fact]
    public async Task A_plan_that_comes_to_its_claim_after_the_deletion_reserves_nothing()
    {
        await using var cluster = await WithPlan();
        var held = cluster.Storage.Hold(state => state is PlanGrain.Life { Saga.Slot: SlotProgress.Wanted });
        var start = cluster.Grains.Plan(Plan).Apply();
        await held.Reached;

        (await cluster.Grains.Application(Named).Delete()).Changed.ShouldBeTrue();
        held.Release();
        await start;
        await Settled(cluster);

        (await cluster.Grains.Plan(Plan).Get())!.State.ShouldBe(PlanState.Failed);
        await HoldsNothing(cluster);
    }

    [Fact]
    public async Task Plans_that_start_in_the_middle_of_a_deletion_are_refused_and_reserve_nothing()
    {
        await using var cluster = await WithPlan();
        var (reached, released) = (new TaskCompletionSource(), new TaskCompletionSource());
        cluster.Hypervisor.Before[nameof(IHypervisor.Stop)] = () =>
        {
            reached.SetResult();
            return released.Task;
        };
        var deletion = cluster.Grains.Application(Named).Delete();
        await reached.Task;

        // It has been told of the deletion by now, or learns of it.
        (await cluster.Grains.Plan(Plan).Apply()).Refusal!.Code.ShouldBeOneOf(RefusalCode.ApplicationDeleted, RefusalCode.ApplicationDeleting);
        var second = await cluster.Grains.Placement(Plan.Application).Plan(Request, TestContext.Current.CancellationToken);
        (await cluster.Grains.Plan(second!.Id).Apply()).Refusal!.Code.ShouldBe(RefusalCode.ApplicationDeleting);
        released.SetResult();
        (await deletion).Changed.ShouldBeTrue();

        await HoldsNothing(cluster);
    }

    private static PlanRequest Request { get; } = new(1, "search", 0, 1);

    private static PlanId Plan => new(Named with { Incarnation = 1 }, 1);

    // Two VMs that are nowhere yet, and a plan that starts them.
    private static async Task<Cluster> WithPlan()
    {
        var cluster = await Cluster.Start();
        await cluster.Grains.Site(new("a")).Apply(Samples.Site("a"));
        var application = Samples.View([], Samples.Vm("vm1"), Samples.Vm("vm2")).Application with { Id = Named };
        (await cluster.Grains.Application(Named).Apply(application)).Changed.ShouldBeTrue();
        var plan = await cluster.Grains.Placement(Plan.Application).Plan(Request, TestContext.Current.CancellationToken);
        (plan!.Id, plan.Plan.Decision).ShouldBe((Plan, PlanDecision.Place));
        return cluster;
    }

    private static async Task Settled(Cluster cluster)
    {
        while (!PlanSagas.IsSettled((await cluster.Grains.Plan(Plan).Get())!.Saga))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private static async Task HoldsNothing(Cluster cluster)
    {
        (await cluster.Grains.Application(Named).Get()).ShouldBeNull();
        (await cluster.Grains.Site(new("a")).Places()).ShouldBeEmpty();
        (await cluster.Hypervisor.List(new("a"), TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }
}
