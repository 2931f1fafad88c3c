using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Applications;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Grains.Tests.Making;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

/// <summary>A site with two hosts: what their agents tell, what administrators order, and what becomes of VMs when a host is lost.</summary>
public sealed class SiteHostsTests
{
    private static readonly SiteId A = new("a");
    private static readonly AppId Named = new(new("astro"), "cg");
    private static readonly VmRef Vm1 = new(Named with { Incarnation = 1 }, new("vm1"));

    [Fact]
    public async Task VMs_get_hosts_as_these_have_room_and_a_site_has_the_sum_of_its_hosts()
    {
        await using var cluster = await WithHosts();
        var site = cluster.Grains.Site(A);
        (await site.HostOf(Vm1)).ShouldBe(new VmHosts("h1", null));
        (await site.Copy(Guid.Empty))!.Site!.Capacity.ShouldBe(new(8, 16 * Samples.GiB, null));
        (await site.Get())!.Site.Capacity.ShouldBeNull("what the site says of itself stays as it says it");
        (await site.Admit([Requests.Of(new(Vm1.Application, new("vm2")))])).IsFeasible.ShouldBeTrue();
        var refusal = (await site.Admit([Requests.Of(new(Vm1.Application, new("vm3")))])).Refusal!;
        refusal.Code.ShouldBe(RefusalCode.CapacitySiteVcpus);
    }

    [Fact]
    public async Task What_was_ordered_of_a_host_outlives_its_site_s_grain()
    {
        await using var cluster = await WithHosts();
        (await cluster.Grains.Site(A).CordonHost("h2")).Did.ShouldBeTrue();
        (await cluster.Grains.Site(A).CordonHost("h2")).Did.ShouldBeFalse("it is already");
        await cluster.Forget();
        (await cluster.Grains.Site(A).HostState("h2")).ShouldBe(HostState.Cordoned);
        (await cluster.Grains.Site(A).Admit([Requests.Of(new(Vm1.Application, new("vm2")))])).Refusal!.Code.ShouldBe(RefusalCode.CapacitySiteVcpus);
        (await cluster.Grains.Site(A).UncordonHost("h2")).Did.ShouldBeTrue();
        (await cluster.Grains.Site(A).Admit([Requests.Of(new(Vm1.Application, new("vm2")))])).IsFeasible.ShouldBeTrue();
    }

    [Fact(Timeout = 60_000)]
    public async Task A_host_that_is_not_heard_of_is_lost_and_its_VMs_say_since_when_nothing_is_known_until_it_is_back()
    {
        await using var cluster = await WithHosts();
        cluster.Clock.Advance(AgentStatus.LongestSilence + TimeSpan.FromSeconds(1));
        await Report(cluster, "h2");
        await Until(async () => await cluster.Grains.Site(A).HostState("h1") == HostState.Lost, TestContext.Current.CancellationToken);
        (await cluster.Grains.Site(A).HostState("h2")).ShouldBe(HostState.Ready);
        await Until(async () => (await cluster.Grains.Application(Named).Get())!.Vms[0].LostSince is not null, TestContext.Current.CancellationToken);
        (await Kinds(cluster)).Count(kind => kind == "host.lost").ShouldBe(1);

        await Report(cluster, "h1", Vm1);
        await Until(async () => (await cluster.Grains.Application(Named).Get())!.Vms[0].LostSince is null, TestContext.Current.CancellationToken);
        (await cluster.Grains.Application(Named).Get())!.Vms[0].At.ShouldBe(Samples.At("a"), "it ran on all the while");
        (await Kinds(cluster)).ShouldContain("host.returned");
    }

    [Fact(Timeout = 60_000)]
    public async Task The_VMs_of_a_fenced_host_are_given_up_and_started_anew_elsewhere_by_a_plan_where_their_application_allows_it()
    {
        await using var cluster = await WithHosts(restart: true);
        (await cluster.Grains.Site(A).FenceHost("h1")).Refused!.Code.ShouldBe(RefusalCode.HostHeard, "its VMs run");
        await LoseHost(cluster);
        (await cluster.Grains.Site(A).FenceHost("h1")).Did.ShouldBeTrue();
        await Until(async () => await cluster.Grains.Site(A).HostOf(Vm1) is { Host: "h2" }, TestContext.Current.CancellationToken);
        await Until(async () => (await cluster.Grains.Vm(Vm1).Status()).At == Samples.At("a"), TestContext.Current.CancellationToken);
        (await Kinds(cluster)).Count(kind => kind == "vm.lost").ShouldBe(1);
        var plan = (await cluster.Grains.Placement(Vm1.Application).Plans(new())).ShouldHaveSingleItem();
        plan.Record[0].By.ShouldBe("VMs were lost with their host");
        (await cluster.Grains.Site(A).Hosts()).Single(host => host.Host.Name == "h1").Places.ShouldBeEmpty();
    }

    [Fact(Timeout = 60_000)]
    public async Task Where_the_application_does_not_allow_restarts_a_lost_VM_stays_nowhere_and_its_place_is_given_back()
    {
        await using var cluster = await WithHosts();
        await LoseHost(cluster);
        await cluster.Grains.Site(A).FenceHost("h1");
        await Until(async () => (await cluster.Grains.Site(A).Hosts()).All(host => host.Places.IsEmpty && host.Lost.IsEmpty), TestContext.Current.CancellationToken);
        (await cluster.Grains.Vm(Vm1).Status()).At.ShouldBeNull();
        await cluster.Grains.Placement(Vm1.Application).Look(DecisionTrigger.VmsLost);
        (await cluster.Grains.Placement(Vm1.Application).Plans(new())).ShouldBeEmpty();
    }

    [Fact(Timeout = 60_000)]
    public async Task A_host_that_was_switched_off_and_on_has_lost_its_VMs_and_needs_no_fence()
    {
        await using var cluster = await WithHosts(restart: true);
        await Die(cluster);
        await Report(cluster, "h1", boot: "boot2");
        await Until(async () => (await Kinds(cluster)).Contains("vm.lost"), TestContext.Current.CancellationToken);
        await Until(async () => (await cluster.Grains.Vm(Vm1).Status()) is { At: not null, Epoch: > 2 }, TestContext.Current.CancellationToken);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_VM_that_its_host_reports_missing_for_a_while_is_lost_and_one_missing_in_a_single_report_is_not()
    {
        await using var cluster = await WithHosts();
        await Report(cluster, "h1");
        cluster.Clock.Advance(HostLosses.Patience + TimeSpan.FromSeconds(1));
        await Report(cluster, "h1", Vm1);
        await Report(cluster, "h1");
        (await cluster.Grains.Site(A).HostOf(Vm1)).ShouldNotBeNull("it was seen in between");
        cluster.Clock.Advance(HostLosses.Patience + TimeSpan.FromSeconds(1));
        await Die(cluster);
        await Report(cluster, "h1");
        await Until(async () => await cluster.Grains.Site(A).HostOf(Vm1) is null, TestContext.Current.CancellationToken);
        (await cluster.Grains.Vm(Vm1).Status()).At.ShouldBeNull();
    }

    [Fact(Timeout = 60_000)]
    public async Task A_drain_is_a_plan_of_each_application_with_its_steps_and_reasons_and_the_place_on_the_next_host_is_the_site_s_to_pick()
    {
        await using var cluster = await WithHosts();
        (await cluster.Grains.Site(A).DrainHost("h1")).Host!.Host.State.ShouldBe(HostState.Draining);
        await Until(async () => (await Drained(cluster)).Plans is [_], TestContext.Current.CancellationToken);
        var id = (await Drained(cluster)).Plans[0].Plan;
        await Until(async () => await cluster.Grains.Plan(id).Get() is { State: not PlanState.Proposed }, TestContext.Current.CancellationToken);
        var plan = (await cluster.Grains.Plan(id).Get())!;
        plan.Plan.Steps.ShouldHaveSingleItem().IsWithinSite.ShouldBeTrue();
        PlanReasonText.Of(plan.Plan.Why[0]).ShouldBe("host a/h1 is to be emptied: vm1 to other hosts of a, which picks them when the step begins");
        await Until(async () => await cluster.Grains.Site(A).HostOf(Vm1) is { Host: "h2" } or { NextHost: "h2" }, TestContext.Current.CancellationToken);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_drain_goes_on_once_its_application_is_not_at_another_plan_any_more()
    {
        await using var cluster = await WithHosts();
        var other = new PlanId(Vm1.Application, 99);
        (await cluster.Grains.Application(Named).BeginPlan(other)).IsFeasible.ShouldBeTrue();
        await cluster.Grains.Site(A).DrainHost("h1");
        await Until(async () => (await Drained(cluster)).Plans is [_], TestContext.Current.CancellationToken);
        var id = (await Drained(cluster)).Plans[0].Plan;
        await Until(async () => (await cluster.Grains.Plan(id).Get())?.Saga.Reason is { Code: RefusalCode.PlanBusy }, TestContext.Current.CancellationToken);
        await cluster.Grains.Application(Named).EndPlan(other);
        await Until(async () => await cluster.Grains.Site(A).HostOf(Vm1) is { Host: "h2" } or { NextHost: "h2" }, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_host_with_VMs_is_not_taken_off_its_site_and_an_empty_one_is()
    {
        await using var cluster = await WithHosts();
        (await cluster.Grains.Site(A).RemoveHost("h1")).Refusal!.Code.ShouldBe(RefusalCode.HostHasVms);
        (await cluster.Grains.Site(A).RemoveHost("h2")).IsFeasible.ShouldBeTrue();
        (await cluster.Grains.Site(A).Hosts()).Select(host => host.Host.Name).ShouldBe(["h1"]);
    }

    // One place each: h1 is where the first VM comes.
    private static async Task<Cluster> WithHosts(bool restart = false)
    {
        var cluster = await Cluster.Start();
        await cluster.Grains.Site(A).Apply(Samples.Site("a"));
        await Report(cluster, "h1");
        await Report(cluster, "h2");
        (await cluster.Grains.Application(Named).Apply(new()
        {
            Id = Named, Objective = Objective.Cost, Remaining = TimeSpan.FromHours(1), Vms = [Samples.Vm("vm1", "a")], Restart = restart,
        })).Refused.ShouldBeEmpty();
        await Report(cluster, "h1", Vm1);
        await cluster.Grains.Vm(Vm1).RunsOnHost("h1");
        return cluster;
    }

    private static async Task LoseHost(Cluster cluster)
    {
        await Die(cluster);
        cluster.Clock.Advance(AgentStatus.LongestSilence + TimeSpan.FromSeconds(1));
        await Report(cluster, "h2");
        await Until(async () => await cluster.Grains.Site(A).HostState("h1") == HostState.Lost, TestContext.Current.CancellationToken);
    }

    // As all that runs on a host does when it is switched off.
    private static async Task Die(Cluster cluster) =>
        await cluster.Hypervisor.Inner.Stop(Vm1, null, (await cluster.Grains.Vm(Vm1).Status()).Epoch, TestContext.Current.CancellationToken);

    private static Task Report(Cluster cluster, string host, params VmRef[] vms) => Report(cluster, host, "boot1", vms);

    private static Task Report(Cluster cluster, string host, string boot, params VmRef[] vms) => cluster.Grains.Site(A).HostReported(host, new(
        new(4, 8 * Samples.GiB, 100 * Samples.GiB, new() { Driver = "simulator", Version = "1" }, "1.0", boot),
        [.. vms.Select(vm => new HostGuest(new(vm, GuestState.Running), 1))], [], 1, Guid.Empty));

    private static async Task<HostStatus> Drained(Cluster cluster) => (await cluster.Grains.Site(A).Hosts()).Single(host => host.Host.Name == "h1");

    private static async Task<ImmutableArray<string>> Kinds(Cluster cluster) =>
        [.. (await cluster.Events.ReadAfter(0, 1000, TestContext.Current.CancellationToken)).Select(logged => logged.Event.Kind.Value)];

    private static async Task Until(Func<Task<bool>> holds, CancellationToken cancel)
    {
        while (!await holds())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancel);
        }
    }
}
