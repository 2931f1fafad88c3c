using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Plans;
using Federation.Domain.Reconciling;
using Federation.Domain.Sites;
using Federation.Grains.Tests.Making;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

/// <summary>VMs that change to another offer of their site: planned when a price changes, carried out, and whole whatever fails.</summary>
public sealed class RestartTests
{
    private static readonly AppId Named = new(new("astro"), "cg");
    private static readonly AppId App = Named with { Incarnation = 1 };
    private static readonly VmRef Vm = new(App, new("vm1"));
    private static readonly Location Old = Samples.At("a");
    private static readonly Location New = new(new("a"), "half");
    private static readonly Restarts Allowed = new(TimeSpan.Zero, TimeSpan.FromSeconds(60));

    [Fact]
    public async Task Once_another_offer_of_its_site_gets_cheap_a_VM_restarts_on_it_if_it_may_and_all_know_of_the_new_offer()
    {
        await using var cluster = await Running(Allowed);
        (await Ask(cluster)).Plan.Decision.ShouldBe(PlanDecision.Stay);
        await Cheap(cluster, 0.2m);

        var asked = await Ask(cluster);
        asked.Plan.Steps.ShouldHaveSingleItem().ShouldSatisfyAllConditions(step => step.IsRestart.ShouldBeTrue(), step => step.To.ShouldBe(New));
        await cluster.Grains.Plan(asked.Id).Apply();
        await Settled(cluster, asked.Id);
        await RunsOn(cluster, New);
        var allocation = (await cluster.Grains.Site(new("a")).Get())!.Ledger.Allocations[Vm];
        (allocation.Vcpus, allocation.MemoryBytes).ShouldBe((2, 4 * Samples.GiB));
        (await Ask(cluster)).Plan.Waits.ShouldBeEmpty();
        (await cluster.Events.ReadAfter(0, 1000, TestContext.Current.CancellationToken)).ShouldContain(logged => logged.Event.Text == $"{Vm} starts to move from {Old} to {New}");
    }

    [Fact]
    public async Task It_keeps_its_offer_where_restarts_are_not_allowed_in_quiet_hours_and_where_one_does_not_pay()
    {
        await using var cluster = await Running(null);
        await Cheap(cluster, 0.2m);
        (await Ask(cluster)).Plan.Steps.ShouldBeEmpty("restarts are not allowed");
        await Describe(cluster, Allowed, [new([], new(0, 0), new(12, 0), TimeZoneInfo.Utc), new([], new(12, 0), new(0, 0), TimeZoneInfo.Utc)]);
        (await Ask(cluster)).Plan.Steps.ShouldBeEmpty("it is a quiet hour");
        await Describe(cluster, Allowed with { LostWork = TimeSpan.FromHours(40) }, []);
        (await Ask(cluster)).Plan.Steps.ShouldBeEmpty("it loses more than it saves");
        await Describe(cluster, Allowed, []);
        (await Ask(cluster)).Plan.Steps.ShouldHaveSingleItem().To.ShouldBe(New);
    }

    [Theory]
    [InlineData(nameof(IHypervisor.Switch), PlanState.Failed)]
    [InlineData(nameof(IHypervisor.Run), PlanState.Applied)]
    [InlineData(nameof(IHypervisor.Stop), PlanState.Applied)]
    public async Task Whatever_fails_while_it_restarts_it_runs_once_on_one_offer_and_holds_one_place(string call, PlanState expected)
    {
        await using var cluster = await Running(Allowed);
        await Cheap(cluster, 0.2m);
        var asked = await Ask(cluster);
        cluster.Hypervisor.Fail(call, times: expected == PlanState.Failed ? 10 : 1, afterItsWork: false);
        await cluster.Grains.Plan(asked.Id).Apply();
        await Settled(cluster, asked.Id);
        (await cluster.Grains.Plan(asked.Id).Get())!.State.ShouldBe(expected);
        await RunsOn(cluster, expected == PlanState.Applied ? New : Old);
    }

    [Fact]
    public async Task A_VM_that_is_lost_as_it_restarts_is_nowhere_and_holds_no_place()
    {
        await using var cluster = await Running(Allowed);
        await Cheap(cluster, 0.2m);
        var asked = await Ask(cluster);
        cluster.Hypervisor.Before[nameof(IHypervisor.Run)] = async () =>
            await cluster.Hypervisor.Inner.Stop(Vm, at: null, (await cluster.Grains.Vm(Vm).Status()).Epoch, CancellationToken.None);
        await cluster.Grains.Plan(asked.Id).Apply();
        await Settled(cluster, asked.Id);
        (await cluster.Grains.Vm(Vm).Status()).At.ShouldBeNull();
        (await cluster.Grains.Site(new("a")).Get())!.Ledger.Allocations.ShouldBeEmpty();
    }

    // One copy, where the service says, at one place of one size.
    private static async Task RunsOn(Cluster cluster, Location at)
    {
        (await cluster.Hypervisor.Find(Vm, TestContext.Current.CancellationToken)).Instances.ShouldBe([new(at, VmInstanceState.Running)]);
        (await cluster.Grains.Vm(Vm).Status()).At.ShouldBe(at);
        var allocation = (await cluster.Grains.Site(at.Site).Get())!.Ledger.Allocations.ShouldHaveSingleItem().Value;
        (allocation.Offer, allocation.State, allocation.Next).ShouldBe((at.Offer, AllocationState.Occupied, null));
    }

    private static async Task<Cluster> Running(Restarts? restarts)
    {
        var cluster = await Cluster.Start();
        (await cluster.Grains.Site(new("a")).Apply(SiteWith(1))).Changed.ShouldBeTrue();
        await Describe(cluster, restarts, []);
        return cluster;
    }

    private static async Task Describe(Cluster cluster, Restarts? restarts, ImmutableArray<ArrivalWindow> quiet)
    {
        var application = Samples.View([SiteWith(1)], Samples.Vm("vm1", "a")).Application;
        (await cluster.Grains.Application(Named).Apply(application with { Id = Named, Restarts = restarts, Remaining = TimeSpan.FromHours(10), Quiet = quiet })).Changed.ShouldBeTrue();
    }

    private static async Task Cheap(Cluster cluster, decimal price) => (await cluster.Grains.Site(new("a")).Apply(SiteWith(price))).Changed.ShouldBeTrue();

    private static Site SiteWith(decimal price) =>
        Samples.Site("a", Samples.Std, Samples.Std with { Name = "half", Vcpus = 2, MemoryBytes = 4 * Samples.GiB, Price = PriceSchedule.Always(price) });

    private static async Task<StoredPlan> Ask(Cluster cluster) => (await cluster.Grains.Placement(App).Plan(new(20, "exact", 0, 2), TestContext.Current.CancellationToken))!;

    private static async Task Settled(Cluster cluster, PlanId plan)
    {
        while (!PlanSagas.IsSettled((await cluster.Grains.Plan(plan).Get())!.Saga))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
