using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Reconciling;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Grains.Tests.Making;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

public sealed class MigrationGrainTests
{
    private static readonly VmRef Vm = new(AppId.Parse("astro/cg.1"), new("vm1"));
    private static readonly Location From = Samples.At("a");
    private static readonly Location To = Samples.At("b");

    public static TheoryData<string, bool, MigrationPhase> Faults { get; } = new()
    {
        { "none", false, MigrationPhase.Done },
        { nameof(IHypervisor.PreCopy), false, MigrationPhase.RolledBack },
        { nameof(IHypervisor.PreCopy), true, MigrationPhase.RolledBack },
        { nameof(IHypervisor.StopAndCopy), false, MigrationPhase.RolledBack },
        { nameof(IHypervisor.StopAndCopy), true, MigrationPhase.RolledBack },
        { nameof(IHypervisor.Redirect), false, MigrationPhase.RolledBack },
        { nameof(IHypervisor.Redirect), true, MigrationPhase.RolledBack },
        { nameof(IHypervisor.Activate), false, MigrationPhase.Done },
        { nameof(IHypervisor.Activate), true, MigrationPhase.Done },
        { nameof(IHypervisor.UpdateNetwork), false, MigrationPhase.Done },
        { nameof(IHypervisor.UpdateNetwork), true, MigrationPhase.Done },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Whatever_call_fails_the_VM_ends_whole_at_one_site_and_holds_one_place(string call, bool afterItsWork, MigrationPhase expected)
    {
        await using var cluster = await Running();
        cluster.Hypervisor.Fail(call, times: 1, afterItsWork);
        var ended = await Migrate(cluster);
        ended.Phase.ShouldBe(expected);
        var at = expected == MigrationPhase.Done ? To : From;
        (await cluster.Hypervisor.Find(Vm, TestContext.Current.CancellationToken)).Instances.ShouldBe([new(at, VmInstanceState.Running)]);
        (await cluster.Grains.Vm(Vm).Status()).At.ShouldBe(at);
        await HoldsOnlyAt(cluster, at);
    }

    [Fact]
    public async Task A_migration_that_cannot_be_taken_back_at_once_is_taken_back_later()
    {
        await using var cluster = await Running();
        cluster.Hypervisor.Fail(nameof(IHypervisor.PreCopy), times: 1, afterItsWork: true);
        cluster.Hypervisor.Fail(nameof(IHypervisor.Abort), times: 1, afterItsWork: false);
        (await Migrate(cluster)).Phase.ShouldBe(MigrationPhase.RolledBack);
        await HoldsOnlyAt(cluster, From);
    }

    [Fact]
    public async Task A_VM_whose_copy_is_lost_before_it_runs_is_taken_back()
    {
        await using var cluster = await Running();
        cluster.Hypervisor.Before[nameof(IHypervisor.Activate)] = async () =>
            await cluster.Hypervisor.Inner.Abort(await Ordered(cluster), CancellationToken.None);
        (await Migrate(cluster)).Phase.ShouldBe(MigrationPhase.RolledBack);
        (await cluster.Hypervisor.Find(Vm, TestContext.Current.CancellationToken)).Instances.ShouldBe([new(From, VmInstanceState.Running)]);
        await HoldsOnlyAt(cluster, From);
    }

    [Fact]
    public async Task A_VM_that_is_lost_on_the_way_is_nowhere_and_holds_no_place()
    {
        await using var cluster = await Running();
        cluster.Hypervisor.Before[nameof(IHypervisor.Activate)] = async () =>
            await cluster.Hypervisor.Inner.Stop(Vm, (await Ordered(cluster)).Epoch, CancellationToken.None);
        (await Migrate(cluster)).Phase.ShouldBe(MigrationPhase.RolledBack);
        (await cluster.Grains.Vm(Vm).Status()).At.ShouldBeNull();
        (await cluster.Grains.Site(From.Site).Get())!.Ledger.Allocations.ShouldBeEmpty();
        (await cluster.Grains.Site(To.Site).Get())!.Ledger.Allocations.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_call_that_comes_late_after_a_migration_was_taken_back_is_refused()
    {
        await using var cluster = await Running();
        cluster.Hypervisor.Fail(nameof(IHypervisor.StopAndCopy), times: 1, afterItsWork: true);
        await Migrate(cluster);
        var order = (await cluster.Grains.Migration(Id).Get())!.Order;
        await Should.ThrowAsync<HypervisorException>(() => cluster.Hypervisor.Inner.PreCopy(order, CancellationToken.None));
        (await cluster.Hypervisor.Find(Vm, TestContext.Current.CancellationToken)).Instances.ShouldBe([new(From, VmInstanceState.Running)]);
    }

    private static async Task<MigrationOrder> Ordered(Cluster cluster) => (await cluster.Grains.Migration(Id).Get())!.Order;

    [Fact]
    public async Task A_migration_to_a_full_site_leaves_everything_as_it_was_and_says_why()
    {
        await using var cluster = await Running(Samples.Std with { Available = 0 });
        var ended = await Migrate(cluster);
        ended.Phase.ShouldBe(MigrationPhase.RolledBack);
        ended.Refusal!.Code.ShouldBe(RefusalCode.CapacityOfferTaken);
        await HoldsOnlyAt(cluster, From);
    }

    [Fact]
    public async Task A_migration_that_is_told_twice_runs_once()
    {
        await using var cluster = await Running();
        await Migrate(cluster);
        var epoch = (await cluster.Grains.Vm(Vm).Status()).Epoch;
        (await Migrate(cluster)).Phase.ShouldBe(MigrationPhase.Done);
        (await cluster.Grains.Vm(Vm).Status()).Epoch.ShouldBe(epoch);
    }

    private static async Task<Cluster> Running(Offer? offer = null)
    {
        var cluster = await Cluster.Start();
        var view = Samples.View([Samples.Site("a"), offer is null ? Samples.Site("b") : Samples.Site("b", offer)], Samples.Vm("vm1"));
        foreach (var site in view.Sites)
        {
            (await cluster.Grains.Site(site.Id).Apply(site)).Changed.ShouldBeTrue();
        }

        var application = view.Application with { Vms = [Samples.Vm("vm1", "a")] };
        (await cluster.Grains.Application(application.Id).Apply(application)).Refused.ShouldBeEmpty();
        return cluster;
    }

    private static readonly MigrationId Id = MigrationId.Parse("astro/cg.1.1.1");

    private static async Task<MigrationState> Migrate(Cluster cluster)
    {
        var migration = cluster.Grains.Migration(Id);
        var epoch = await cluster.Grains.Vm(Vm).NextEpoch(Id.Key);
        var order = new MigrationOrder(Id, Vm, From, To, epoch, DurationSeconds: 1, DowntimeSeconds: 0.1);
        var state = await migration.Run(new(order, Id.Plan, CoreHours: 1, MigrationPhase.Reserve, Samples.Now));
        while (!state.HasEnded)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
            state = (await migration.Get())!;
        }

        return state;
    }

    private static async Task HoldsOnlyAt(Cluster cluster, Location at)
    {
        foreach (var site in new[] { From.Site, To.Site })
        {
            var allocations = (await cluster.Grains.Site(site).Get())!.Ledger.Allocations;
            allocations.Keys.ShouldBe(site == at.Site ? [Vm] : []);
            allocations.Values.ShouldAllBe(allocation => allocation.State == AllocationState.Occupied);
        }
    }
}
