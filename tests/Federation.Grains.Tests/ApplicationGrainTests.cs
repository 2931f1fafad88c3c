using Federation.Contracts;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Grains.Tests.Making;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

public sealed class ApplicationGrainTests
{
    private static readonly AppId Named = new(new("astro"), "cg");
    private static readonly PlanId Plan = new(Named with { Incarnation = 1 }, 1);

    [Fact]
    public async Task Concurrent_changes_leave_the_places_of_one_description_and_a_deletion_leaves_none()
    {
        await using var cluster = await WithSites();
        var all = Enumerable.Range(0, 32).Select(number => cluster.Grains.Application(Named).Apply(Described(Samples.Vm($"vm{number}", "a")))).ToArray();
        var changes = await Task.WhenAll(all);
        var inForce = (await cluster.Grains.Application(Named).Get())!;
        changes.Count(change => change.Refused.IsEmpty).ShouldBe(1);
        await HoldsExactly(cluster, [.. inForce.Application.Vms.Select(vm => vm.Id)]);
        (await cluster.Grains.Application(Named).Delete()).Changed.ShouldBeTrue();
        await HoldsExactly(cluster, []);
        (await cluster.Grains.Federation().Applications()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Changes_and_deletions_at_the_same_time_leave_what_the_last_description_says()
    {
        await using var cluster = await WithSites();
        var application = cluster.Grains.Application(Named);
        var all = Enumerable.Range(0, 24).Select(number => number % 3 == 2 ? application.Delete() : application.Apply(Described(Samples.Vm($"vm{number}", "a"), Samples.Vm("x", "b"))));
        await Task.WhenAll(all);
        await HoldsExactly(cluster, [.. (await application.Get())?.Application.Vms.Select(vm => vm.Id) ?? []]);
        await application.Delete();
        await HoldsExactly(cluster, []);
    }

    [Fact]
    public async Task A_change_that_one_site_refuses_is_not_in_force_at_any()
    {
        await using var cluster = await WithSites(Samples.Std with { Available = 0 });
        var change = await cluster.Grains.Application(Named).Apply(Described(Samples.Vm("vm1", "a"), Samples.Vm("vm2", "b")));
        change.Refused.Single().Root.Code.ShouldBe(RefusalCode.CapacityOfferTaken);
        (await cluster.Grains.Application(Named).Get()).ShouldBeNull();
        (await cluster.Grains.Federation().Applications()).ShouldBeEmpty();
        await HoldsExactly(cluster, []);
    }

    [Fact]
    public async Task A_refused_change_leaves_the_description_of_before()
    {
        await using var cluster = await WithSites(Samples.Std with { Available = 0 });
        var application = cluster.Grains.Application(Named);
        var first = await application.Apply(Described(Samples.Vm("vm1", "a")));
        (await application.Apply(Described(Samples.Vm("vm1", "a"), Samples.Vm("vm2", "b")))).Refused.ShouldNotBeEmpty();
        (await application.Apply(Described(Samples.Vm("vm2")))).Refused.Single().Code.ShouldBe(RefusalCode.VmLeftOut);
        var status = (await application.Get())!;
        status.Version.ShouldBe(first.Version!.Value);
        status.Application.Vms.Single().Id.ShouldBe(new VmId("vm1"));
        await HoldsExactly(cluster, new VmId("vm1"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_start_that_fails_gives_back_everything_and_one_whose_answer_is_lost_is_asked_about(bool isDone)
    {
        await using var cluster = await WithSites();
        cluster.Hypervisor.Fail(nameof(IHypervisor.Start), times: 1, afterItsWork: isDone);
        var change = await cluster.Grains.Application(Named).Apply(Described(Samples.Vm("vm1", "a"), Samples.Vm("vm2", "b")));
        change.Refused.IsEmpty.ShouldBe(isDone);
        await HoldsExactly(cluster, isDone ? [new("vm1"), new("vm2")] : []);
    }

    [Fact]
    public async Task As_long_as_nobody_knows_whether_a_VM_runs_its_place_is_kept()
    {
        await using var cluster = await WithSites();
        cluster.Hypervisor.Fail(nameof(IHypervisor.Start), times: 1, afterItsWork: true);
        // Asked before it is started, and then whether it was.
        cluster.Hypervisor.Fail(nameof(IHypervisor.Find), times: 1, afterItsWork: false, after: 1);
        var application = cluster.Grains.Application(Named);
        (await application.Apply(Described(Samples.Vm("vm1", "a")))).IsPending.ShouldBeTrue();
        (await cluster.Grains.Site(new("a")).Get())!.Ledger.Allocations.Count.ShouldBe(1);
        (await application.BeginPlan(Plan)).IsFeasible.ShouldBeTrue();
        await HoldsExactly(cluster, new VmId("vm1"));
    }

    [Fact]
    public async Task A_life_of_the_name_begins_only_when_the_hypervisor_has_said_which_were_in_use()
    {
        await using var cluster = await WithSites();
        var application = cluster.Grains.Application(Named);
        cluster.Hypervisor.Fail(nameof(IHypervisor.NewestLife), times: 1, afterItsWork: false);
        (await application.Apply(Described(Samples.Vm("vm1")))).Refused.ShouldHaveSingleItem().Code.ShouldBe(RefusalCode.Hypervisor);
        (await application.Get()).ShouldBeNull();
        await cluster.Hypervisor.Inner.Start(new(new(Named with { Incarnation = 4 }, new("vm9")), new(Samples.At("b"))), 1, CancellationToken.None);
        await cluster.Hypervisor.Inner.Stop(new(Named with { Incarnation = 4 }, new("vm9")), at: null, 2, CancellationToken.None);
        (await application.Apply(Described(Samples.Vm("vm1")))).Version!.Value.Incarnation.ShouldBe(5);
    }

    [Fact]
    public async Task A_VM_that_runs_elsewhere_is_neither_adopted_nor_stopped()
    {
        await using var cluster = await WithSites();
        var vm = new VmRef(Named with { Incarnation = 1 }, new("vm1"));
        (await cluster.Grains.Application(Named).Apply(Described(Samples.Vm("vm2")))).Changed.ShouldBeTrue();
        await cluster.Hypervisor.Inner.Start(new(vm, new(Samples.At("b"))), 0, CancellationToken.None);
        var change = await cluster.Grains.Application(Named).Apply(Described(Samples.Vm("vm2"), Samples.Vm("vm1", "a")));
        change.Refused.Single().Code.ShouldBe(RefusalCode.VmElsewhere);
        (await cluster.Hypervisor.Inner.Find(vm, CancellationToken.None)).RunsAt.ShouldBe(Samples.At("b"));
        (await cluster.Grains.Site(new("a")).Get())!.Ledger.Allocations.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_plan_that_is_carried_out_keeps_changes_deletions_and_other_plans_off_until_it_ends()
    {
        await using var cluster = await WithSites();
        var application = cluster.Grains.Application(Named);
        await application.Apply(Described(Samples.Vm("vm1")));
        (await application.BeginPlan(Plan)).IsFeasible.ShouldBeTrue();
        (await application.BeginPlan(Plan)).IsFeasible.ShouldBeTrue();
        (await application.BeginPlan(Plan with { Number = 2 })).Refusal!.Code.ShouldBe(RefusalCode.PlanBusy);
        (await application.Apply(Described(Samples.Vm("vm2")))).Refused.Single().Code.ShouldBe(RefusalCode.PlanBusy);
        (await application.Delete()).Refused.Single().Code.ShouldBe(RefusalCode.PlanBusy);
        await application.EndPlan(Plan with { Number = 2 });
        (await application.Delete()).Refused.ShouldNotBeEmpty();
        await application.EndPlan(Plan);
        (await application.Delete()).Changed.ShouldBeTrue();
        (await application.BeginPlan(Plan)).Refusal!.Code.ShouldBe(RefusalCode.ApplicationDeleted);
    }

    [Fact]
    public async Task A_change_of_another_version_than_the_caller_read_is_refused()
    {
        await using var cluster = await WithSites();
        var application = cluster.Grains.Application(Named);
        var first = (await application.Apply(Described(Samples.Vm("vm1")), new() { IsAbsent = true })).Version!.Value;
        var second = (await application.Apply(Described(Samples.Vm("vm2")), new() { Exists = true, OneOf = [first] })).Version!.Value;
        second.ShouldBe(first with { Revision = 2 });
        (await application.Apply(Described(Samples.Vm("vm3")), new() { Exists = true, OneOf = [first] })).Refused.Single().Code.ShouldBe(RefusalCode.VersionDiffers);
        (await application.Apply(Described(Samples.Vm("vm3")), new() { IsAbsent = true })).Refused.Single().Code.ShouldBe(RefusalCode.VersionDiffers);
        (await application.Delete(new() { Exists = true, OneOf = [first] })).Refused.Single().Code.ShouldBe(RefusalCode.VersionDiffers);
        (await application.Delete(new() { Exists = true, OneOf = [second] })).Changed.ShouldBeTrue();
        (await application.Apply(Described(Samples.Vm("vm1")))).Version!.Value.Incarnation.ShouldBe(2);
    }

    private static async Task<Cluster> WithSites(Offer? offerOfB = null)
    {
        var cluster = await Cluster.Start();
        foreach (var site in Samples.View([Samples.Site("a"), offerOfB is null ? Samples.Site("b") : Samples.Site("b", offerOfB)]).Sites)
        {
            (await cluster.Grains.Site(site.Id).Apply(site)).Changed.ShouldBeTrue();
        }

        return cluster;
    }

    private static Application Described(params VmSpec[] vms) => Samples.View([], vms).Application with { Id = Named };

    // What ledgers hold, what VM grains say and what the hypervisor runs is the same.
    private static async Task HoldsExactly(Cluster cluster, params VmId[] vms)
    {
        foreach (var site in new SiteId[] { new("a"), new("b") })
        {
            var allocations = (await cluster.Grains.Site(site).Get())!.Ledger.Allocations;
            var runs = await cluster.Hypervisor.List(site, TestContext.Current.CancellationToken);
            allocations.Keys.ShouldBe(runs.Select(vm => vm.Vm));
            allocations.Values.ShouldAllBe(allocation => allocation.State == AllocationState.Occupied);
            foreach (var vm in runs)
            {
                (await cluster.Grains.Vm(vm.Vm).Status()).At.ShouldBe(vm.RunsAt);
                vms.ShouldContain(vm.Vm.Vm);
            }

            vms = [.. vms.Except(runs.Select(vm => vm.Vm.Vm))];
        }

        vms.ShouldBeEmpty();
    }
}
