using Federation.Contracts;
using Federation.Domain.Groups;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Domain.Traffic;
using Federation.Grains.Tests.Making;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

/// <summary>One VM leaves its application: the description is without it, it stops, and its place is given back once, whatever breaks off on the way.</summary>
public sealed class VmRemovalTests
{
    private static readonly AppId Named = new(new("astro"), "cg");
    private static readonly AppId App = Named with { Incarnation = 1 };
    private static readonly VmId First = new("vm1");
    private static readonly VmId Second = new("vm2");
    private static readonly VmId Third = new("vm3");

    [Fact]
    public async Task The_VM_stops_its_place_is_given_back_and_the_description_goes_on_without_it()
    {
        await using var cluster = await WithThree();
        var before = (await cluster.Grains.Application(Named).Get())!.Version;

        var change = await cluster.Grains.Application(Named).RemoveVm(Second);

        (change.Changed, change.IsPending, change.Version).ShouldBe((true, false, before with { Revision = before.Revision + 1 }));
        change.Rules.ShouldBe(["together (vm1, vm2) is dropped", "apart (vm1, vm2, vm3) is for vm1, vm3 now"]);
        var status = (await cluster.Grains.Application(Named).Get())!;
        status.Application.Vms.Select(vm => vm.Id).ShouldBe([First, Third]);
        status.Application.Together.ShouldBeEmpty();
        status.Application.Apart.Single().Sites.ShouldBe(2);
        await RunsExactly(cluster, First, Third);
        (await cluster.Events.ReadAfter(0, 100, TestContext.Current.CancellationToken)).Where(entry => entry.Event.Kind.Value == "vm.deleted")
            .ShouldHaveSingleItem().Event.Text.ShouldBe("astro/cg/vm2 was taken out of its application: stopped at a/std, its place given back");
    }

    [Fact]
    public async Task What_cannot_be_taken_out_is_refused_with_what_helps()
    {
        await using var cluster = await WithThree();
        var application = cluster.Grains.Application(Named);
        (await application.RemoveVm(new("vm9"))).Refused.Single().Code.ShouldBe(RefusalCode.VmUnknown);
        (await application.RemoveVm(First, new() { Exists = true, OneOf = [new(1, 7)] })).Refused.Single().Code.ShouldBe(RefusalCode.VersionDiffers);
        (await application.RemoveVm(First)).Changed.ShouldBeTrue();
        (await application.RemoveVm(First)).Refused.Single().Code.ShouldBe(RefusalCode.VmUnknown);
        (await application.RemoveVm(Second)).Changed.ShouldBeTrue();
        RefusalText.Of((await application.RemoveVm(Third)).Refused.Single()).ShouldBe(
            "vm3 is the last VM of application cg: 'fedctl app delete cg' ends the whole application");
        await RunsExactly(cluster, Third);
    }

    [Fact]
    public async Task While_the_hypervisor_does_not_answer_it_is_under_way_and_the_VM_keeps_its_place()
    {
        await using var cluster = await WithThree();
        cluster.Hypervisor.Fail(nameof(IHypervisor.Stop), times: 1000, afterItsWork: false);
        var change = await cluster.Grains.Application(Named).RemoveVm(Second);
        (change.IsPending, change.Refused.IsEmpty).ShouldBe((true, true));
        (await cluster.Grains.Application(Named).Get())!.Application.Vms.Select(vm => vm.Id).ShouldBe([First, Third]);
        (await cluster.Grains.Site(new("a")).Get())!.Ledger.Allocations.Count.ShouldBe(3);

        cluster.Hypervisor.Mend();
        await Settled(cluster);
        await RunsExactly(cluster, First, Third);
    }

    [Theory]
    [InlineData("application", false)]
    [InlineData("application", true)]
    [InlineData("site", false)]
    [InlineData("site", true)]
    [InlineData("vm", false)]
    [InlineData("vm", true)]
    public async Task Wherever_it_breaks_off_it_comes_to_its_end_and_the_hours_count_once(string state, bool afterIt)
    {
        await using var cluster = await WithThree();
        cluster.Clock.Advance(TimeSpan.FromHours(3));
        cluster.Storage.Fail(state, afterIt);
        try
        {
            await cluster.Grains.Application(Named).RemoveVm(Second);
        }
        catch (OrleansException)
        {
            // Whether it was begun, its caller does not know: asked again, it is or has been done.
        }

        await cluster.Forget();
        if ((await cluster.Grains.Application(Named).Get())!.Application.Vms.Any(vm => vm.Id == Second))
        {
            (await cluster.Grains.Application(Named).RemoveVm(Second)).Changed.ShouldBeTrue();
        }

        await Settled(cluster);
        await RunsExactly(cluster, First, Third);
        (await cluster.Grains.Site(new("a")).Get())!.Ledger.SpentCoreHours["astro"].ShouldBe(12, 0.1, "4 vCPUs for 3 hours, once");
        (await cluster.Grains.Reconciler().Look(repair: false)).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_VM_that_has_moved_since_it_was_described_is_stopped_where_it_is()
    {
        await using var cluster = await WithThree();
        await cluster.Grains.Site(new("a")).Apply(Dear(Samples.Site("a")));
        var plan = await cluster.Grains.Placement(App).Plan(new(1, "search", 0, 1), TestContext.Current.CancellationToken);
        plan!.Plan.Decision.ShouldBe(PlanDecision.Migrate);
        await cluster.Grains.Plan(plan.Id).Apply();
        while (!PlanSagas.IsSettled((await cluster.Grains.Plan(plan.Id).Get())!.Saga))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        var at = (await cluster.Grains.Vm(new(App, First)).Status()).At!.Value;
        (await cluster.Grains.Application(Named).RemoveVm(First)).Changed.ShouldBeTrue();
        (await cluster.Grains.Site(at.Site).Get())!.Ledger.Allocations.Keys.ShouldNotContain(new VmRef(App, First));
        (await cluster.Grains.Vm(new(App, First)).Status()).At.ShouldBeNull();
    }

    [Fact]
    public async Task A_plan_that_is_carried_out_keeps_the_VM_and_a_plan_from_before_is_stale()
    {
        await using var cluster = await WithThree();
        var plan = new PlanId(App, 1);
        (await cluster.Grains.Application(Named).BeginPlan(plan)).IsFeasible.ShouldBeTrue();
        (await cluster.Grains.Application(Named).RemoveVm(First)).Refused.Single().Code.ShouldBe(RefusalCode.PlanBusy);
        await cluster.Grains.Application(Named).EndPlan(plan);
        await cluster.Grains.Site(new("a")).Apply(Dear(Samples.Site("a")));
        var made = await cluster.Grains.Placement(App).Plan(new(1, "search", 0, 1), TestContext.Current.CancellationToken);
        (await cluster.Grains.Application(Named).RemoveVm(First)).Changed.ShouldBeTrue();
        (await cluster.Grains.Plan(made!.Id).Apply()).Refusal!.Code.ShouldBe(RefusalCode.PlanApplicationChanged);
    }

    [Fact]
    public async Task Groups_traffic_and_plans_know_the_VM_no_more()
    {
        // All three talk to each other in two windows: that makes a group of three.
        var now = Window.LastClosed(TimeProvider.System.GetUtcNow());
        await using var cluster = await WithThree([.. from window in (Window[])[now.Previous, now] from vm in (int[])[1, 2, 3] select Report(window, vm)]);
        await cluster.Grains.Groups(App).CatchUp();
        (await cluster.Grains.Groups(App).Get()).Groups.ShouldHaveSingleItem().Members.ShouldBe([First, Second, Third]);

        (await cluster.Grains.Application(Named).RemoveVm(Second)).Changed.ShouldBeTrue();

        (await cluster.Grains.Groups(App).Get()).Groups.ShouldHaveSingleItem().Members.ShouldBe([First, Third]);
        (await cluster.Grains.Traffic(App).Window(now)).Matrix.Pairs.Keys.ShouldAllBe(pair => pair.Source != Second && pair.Destination != Second);
        var plan = await cluster.Grains.Placement(App).Plan(new(1, "search", 0, 1), TestContext.Current.CancellationToken);
        plan!.Plan.Placement.Select(vm => vm.Vm).ShouldBe([First, Third]);
    }

    // What is reported is in the store before any grain looks at it, as after a restart.
    private static async Task<Cluster> WithThree(params SubmittedReport[] reported)
    {
        var cluster = await Cluster.Start();
        await cluster.Traffic.Append(reported, TestContext.Current.CancellationToken);
        foreach (var site in Samples.View([Samples.Site("a"), Samples.Site("b")]).Sites)
        {
            (await cluster.Grains.Site(site.Id).Apply(site)).Changed.ShouldBeTrue();
        }

        var vms = Enumerable.Range(1, 3).Select(number => Samples.Vm($"vm{number}", "a") with { Addresses = [AddressOf(number)] }).ToArray();
        var application = Samples.View([], vms).Application with
        {
            Id = Named, Detection = new() { Metric = Metric.Bytes }, Together = [[First, Second]], Apart = [new([First, Second, Third], 2)],
        };
        (await cluster.Grains.Application(Named).Apply(application)).Changed.ShouldBeTrue();
        return cluster;
    }

    private static Address AddressOf(int number) => Address.Parse($"10.42.0.{number}");

    private static SubmittedReport Report(Window window, int vm) => new(
        App,
        new ReportOrigin("host-a", Guid.NewGuid(), 1),
        new WindowReport(
            new($"vm{vm}"), window,
            [.. Enumerable.Range(1, 3).Where(other => other != vm).Select(other => new TrafficRecord(AddressOf(other), FlowDirection.Received, 3000, 8_000_000_000))],
            Window.Length));

    private static Domain.Sites.Site Dear(Domain.Sites.Site site) => Samples.View([site, Samples.Site("b")]).WithOffer("a", std => std with { Price = Domain.Sites.PriceSchedule.Always(9) }).Sites[0];

    private static async Task Settled(Cluster cluster)
    {
        while ((await cluster.Grains.Application(Named).Look()).IsBusy)
        {
            await cluster.Grains.Application(Named).Resume();
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    // What the ledger holds, what VM grains say and what the hypervisor runs is the same.
    private static async Task RunsExactly(Cluster cluster, params VmId[] vms)
    {
        var expected = vms.Select(vm => new VmRef(App, vm)).ToList();
        (await cluster.Grains.Site(new("a")).Get())!.Ledger.Allocations.Keys.ShouldBe(expected);
        (await cluster.Hypervisor.List(new("a"), TestContext.Current.CancellationToken)).Select(vm => vm.Vm).ShouldBe(expected);
        foreach (var vm in new[] { First, Second, Third })
        {
            (await cluster.Grains.Vm(new(App, vm)).Status()).At.ShouldBe(vms.Contains(vm) ? Samples.At("a") : null);
        }
    }
}
