using Federation.Contracts;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
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
        { nameof(IHypervisor.Begin), false, MigrationPhase.RolledBack },
        { nameof(IHypervisor.Begin), true, MigrationPhase.Done },
        { nameof(IHypervisor.Look), false, MigrationPhase.RolledBack },
        { nameof(IHypervisor.Look), true, MigrationPhase.Done },
        { nameof(IHypervisor.Switch), false, MigrationPhase.RolledBack },
        { nameof(IHypervisor.Switch), true, MigrationPhase.Done },
        { nameof(IHypervisor.Run), false, MigrationPhase.Done },
        { nameof(IHypervisor.Run), true, MigrationPhase.Done },
        { nameof(IHypervisor.Stop), false, MigrationPhase.Done },
        { nameof(IHypervisor.Stop), true, MigrationPhase.Done },
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
        cluster.Hypervisor.Fail(nameof(IHypervisor.Switch), times: 1, afterItsWork: false);
        cluster.Hypervisor.Fail(nameof(IHypervisor.Cancel), times: 1, afterItsWork: false);
        (await Migrate(cluster)).Phase.ShouldBe(MigrationPhase.RolledBack);
        await HoldsOnlyAt(cluster, From);
    }

    [Fact]
    public async Task A_VM_whose_copy_is_lost_before_it_runs_is_taken_back()
    {
        await using var cluster = await Running();
        cluster.Hypervisor.Before[nameof(IHypervisor.Run)] = async () =>
            await cluster.Hypervisor.Inner.Stop(Vm, new VmPlace(To), (await Ordered(cluster)).Epoch, CancellationToken.None);
        (await Migrate(cluster)).Phase.ShouldBe(MigrationPhase.RolledBack);
        (await cluster.Hypervisor.Find(Vm, TestContext.Current.CancellationToken)).Instances.ShouldBe([new(From, VmInstanceState.Running)]);
        await HoldsOnlyAt(cluster, From);
    }

    [Fact]
    public async Task A_VM_that_is_lost_on_the_way_is_nowhere_and_holds_no_place()
    {
        await using var cluster = await Running();
        cluster.Hypervisor.Before[nameof(IHypervisor.Run)] = async () =>
            await cluster.Hypervisor.Inner.Stop(Vm, at: null, (await Ordered(cluster)).Epoch, CancellationToken.None);
        (await Migrate(cluster)).Phase.ShouldBe(MigrationPhase.RolledBack);
        (await cluster.Grains.Vm(Vm).Status()).At.ShouldBeNull();
        (await cluster.Grains.Site(From.Site).Get())!.Ledger.Allocations.ShouldBeEmpty();
        (await cluster.Grains.Site(To.Site).Get())!.Ledger.Allocations.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_call_that_comes_late_after_a_migration_was_taken_back_is_refused()
    {
        await using var cluster = await Running();
        cluster.Hypervisor.Fail(nameof(IHypervisor.Switch), times: 1, afterItsWork: false);
        await Migrate(cluster);
        var order = (await cluster.Grains.Migration(Id).Get())!.Order;
        await Should.ThrowAsync<HypervisorException>(() => cluster.Hypervisor.Inner.Begin(order, CancellationToken.None));
        (await cluster.Hypervisor.Find(Vm, TestContext.Current.CancellationToken)).Instances.ShouldBe([new(From, VmInstanceState.Running)]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_source_that_is_silent_once_all_is_copied_is_waited_for_and_the_VM_is_said_to_wait_until_it_answers_or_is_fenced(bool isFenced)
    {
        await using var cluster = await Running();
        cluster.Hypervisor.Before[nameof(IHypervisor.Switch)] = () => Task.FromResult(cluster.Hypervisor.Silent.Add(From));
        await Begin(cluster);
        await Until(cluster, migration => migration.WaitsFor?.Code == RefusalCode.WaitsForFencing);
        (await cluster.Hypervisor.Find(Vm, TestContext.Current.CancellationToken)).RunsAt.ShouldBeNull();
        if (isFenced)
        {
            cluster.Hypervisor.Fenced.Add(From);
        }

        cluster.Hypervisor.Silent.Clear();
        (await Until(cluster, migration => migration.HasEnded)).Phase.ShouldBe(MigrationPhase.Done);
        (await cluster.Hypervisor.Find(Vm, TestContext.Current.CancellationToken)).RunsAt.ShouldBe(To);
        await HoldsOnlyAt(cluster, To);
    }

    [Fact(Timeout = 60_000)]
    public async Task Hosts_that_are_silent_as_a_migration_begins_are_told_of_it_once_they_are_heard_of_again()
    {
        await using var cluster = await Running();
        cluster.Hypervisor.Silent.Add(To);
        cluster.Hypervisor.Before[nameof(IHypervisor.Begin)] = () => throw new HypervisorException("its mailbox is not reached") { IsOutcomeUnknown = true };
        await Begin(cluster);
        await Until(cluster, migration => migration.WaitsFor?.Code == RefusalCode.HostSilent);
        cluster.Hypervisor.Silent.Clear();
        (await Until(cluster, migration => migration.HasEnded)).Phase.ShouldBe(MigrationPhase.Done);
        (await cluster.Hypervisor.Find(Vm, TestContext.Current.CancellationToken)).RunsAt.ShouldBe(To);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_site_that_is_away_as_a_VM_is_at_its_switch_is_waited_for_and_not_for_ever(bool comesBack)
    {
        await using var cluster = await Running();
        var isAway = true;
        cluster.Hypervisor.Before[nameof(IHypervisor.Switch)] = Switch;
        await Begin(cluster);
        await Until(cluster, migration => migration.WaitsFor?.Code == RefusalCode.SiteOffline);
        if (comesBack)
        {
            isAway = false;
        }
        else
        {
            cluster.Clock.Advance(new ReservationOptions().TransferPatience);
        }

        var ended = await Until(cluster, migration => migration.HasEnded);
        (ended.Phase, ended.Refusal?.Code).ShouldBe(comesBack ? (MigrationPhase.Done, null) : (MigrationPhase.RolledBack, RefusalCode.SiteOffline));
        await HoldsOnlyAt(cluster, comesBack ? To : From);

        Task Switch()
        {
            cluster.Hypervisor.Before[nameof(IHypervisor.Switch)] = Switch;
            return isAway ? throw new SiteOfflineException(To.Site) : Task.CompletedTask;
        }
    }

    [Fact]
    public async Task A_migration_that_is_cancelled_leaves_the_VM_where_it_was_and_says_who_did_it()
    {
        await using var cluster = await Running();
        cluster.Hypervisor.Silent.Add(To);
        await Begin(cluster);
        await Until(cluster, migration => migration.WaitsFor?.Code == RefusalCode.HostSilent);
        (await cluster.Grains.Migration(Id).Cancel()).IsFeasible.ShouldBeTrue();
        cluster.Hypervisor.Silent.Clear();
        var ended = await Until(cluster, migration => migration.HasEnded);
        (ended.Phase, ended.Refusal!.Code).ShouldBe((MigrationPhase.RolledBack, RefusalCode.MigrationCancelled));
        await HoldsOnlyAt(cluster, From);
        (await cluster.Grains.Migration(Id).Cancel()).Refusal!.Code.ShouldBe(RefusalCode.MigrationHasEnded);
    }

    [Fact]
    public async Task Before_a_copy_is_told_to_run_the_VM_is_noted_to_be_there_with_a_newer_epoch()
    {
        await using var cluster = await Running();
        VmStatus? noted = null;
        cluster.Hypervisor.Before[nameof(IHypervisor.Run)] = async () => noted = await cluster.Grains.Vm(Vm).Status();
        await Migrate(cluster);
        noted!.At.ShouldBe(To);
        noted.Epoch.ShouldBeGreaterThan((await Ordered(cluster)).Epoch);
        (await cluster.Hypervisor.Find(Vm, TestContext.Current.CancellationToken)).Epoch.ShouldBe(noted.Epoch);
    }

    private static async Task<MigrationOrder> Ordered(Cluster cluster) => (await cluster.Grains.Migration(Id).Get())!.Order;

    [Fact]
    public async Task A_migration_to_a_full_site_leaves_everything_as_it_was_and_says_why()
    {
        await using var cluster = await Running(Samples.Std with { Available = 0 });
        // Nothing was begun: which hosts to ask is not known yet, and whoever is asked instead sees nothing of the VM.
        cluster.Hypervisor.Fenced.UnionWith([From, To]);
        var ended = await Migrate(cluster);
        ended.Phase.ShouldBe(MigrationPhase.RolledBack);
        ended.Refusal!.Code.ShouldBe(RefusalCode.CapacityOfferTaken);
        (await cluster.Grains.Vm(Vm).Status()).At.ShouldBe(From);
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

    [Fact(Timeout = 60_000)]
    public async Task A_migration_that_was_lost_with_its_silo_goes_on_once_an_agent_tells_that_its_VM_stands_still()
    {
        await using var cluster = await Running(null, await Cluster.StartSilos(2, TimeProvider.System));
        cluster.Hypervisor.Silent.Add(To);
        await Begin(cluster);
        await Until(cluster, migration => migration.WaitsFor?.Code == RefusalCode.HostSilent);
        await cluster.KillHostOf(cluster.Grains.Migration(Id));
        cluster.Hypervisor.Silent.Clear();
        var stands = new GuestSighting(Vm, GuestState.AtSwitch, new(Id));

        await cluster.Grains.Agent(new(From.Site, "h1")).Report(new(
            new HostFacts(4, 1 << 30, 1 << 30, new HypervisorFacts { Driver = "test", Version = "1" }, "1", "boot"), [new(stands, 1)], [], 1, Guid.NewGuid()));

        (await Until(cluster, migration => migration.HasEnded)).Phase.ShouldBe(MigrationPhase.Done);
        (await cluster.Hypervisor.Find(Vm, TestContext.Current.CancellationToken)).RunsAt.ShouldBe(To);
    }

    private static async Task<Cluster> Running(Offer? offer = null, Cluster? started = null)
    {
        var cluster = started ?? await Cluster.Start();
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
        await Begin(cluster);
        return await Until(cluster, migration => migration.HasEnded);
    }

    private static async Task Begin(Cluster cluster)
    {
        // An operation gets its epoch once, however often it is told.
        var epoch = (await cluster.Grains.Migration(Id).Get())?.Order.Epoch ?? await cluster.Grains.Vm(Vm).NextEpoch(Id.Key);
        var order = new MigrationOrder(Id, Vm, From, To, epoch, DurationSeconds: 1, DowntimeSeconds: 0.1);
        await cluster.Grains.Migration(Id).Run(new(order, Id.Plan, CoreHours: 1, MigrationPhase.Reserve, Samples.Now));
    }

    private static async Task<MigrationState> Until(Cluster cluster, Func<MigrationState, bool> holds)
    {
        while (true)
        {
            if ((await cluster.Grains.Migration(Id).Get())! is var state && holds(state))
            {
                return state;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
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
