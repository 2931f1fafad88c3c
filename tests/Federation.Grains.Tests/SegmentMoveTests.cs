using Federation.Contracts;
using Federation.Domain.Access;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Networks;
using Federation.Domain.Refusals;
using Federation.Grains.Tests.Making;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

/// <summary>VMs that start and move at sites whose hosts are on the overlay.</summary>
public sealed class SegmentMoveTests
{
    private static readonly VmRef Vm = new(AppId.Parse("astro/cg.1"), new("vm1"));
    private static readonly MigrationId Id = MigrationId.Parse("astro/cg.1.1.1");
    private static readonly HostPost A = new(new("a"), "h1");
    private static readonly HostPost B = new(new("b"), "h1");

    [Fact]
    public async Task A_VM_starts_once_its_host_knows_its_network_and_moves_once_both_its_hosts_know_that_it_does()
    {
        await using var cluster = await Cluster.Start();
        await using var a = await Started(cluster, A, "192.0.2.1");
        await using var b = await Started(cluster, B, "192.0.2.2");
        var (atStart, atBegin) = ((SegmentEntry?)null, ((SegmentEntry? A, SegmentEntry? B))(null, null));
        cluster.Hypervisor.Before[nameof(IHypervisor.Start)] = () => Task.FromResult(atStart = EntryAt(a));
        cluster.Hypervisor.Before[nameof(IHypervisor.Begin)] = () => Task.FromResult(atBegin = (EntryAt(a), EntryAt(b)));
        await Apply(cluster);
        atStart!.At.ShouldBe(new VtepId(A.Site, "h1"));

        (await Migrate(cluster)).Phase.ShouldBe(MigrationPhase.Done);

        (atBegin.A!.Next, atBegin.B!.Next).ShouldBe((new VtepId(B.Site, "h1"), new VtepId(B.Site, "h1")));
        await Until(() => EntryAt(b) is { Next: null, Former.IsEmpty: true } entry && entry.At == new VtepId(B.Site, "h1") && a.Segments.Count == 0);

        // Its application gone, nothing is left of it at any host.
        await cluster.Grains.Application(Vm.Application).Delete();
        await Until(() => b.Segments.Count == 0);
    }

    [Fact]
    public async Task A_move_whose_new_host_does_not_ask_waits_and_says_for_whom_and_when_it_is_cancelled_nobody_expects_it()
    {
        await using var cluster = await Cluster.Start();
        await using var a = await Started(cluster, A, "192.0.2.1");
        await using var b = await Started(cluster, B, "192.0.2.2");
        await Apply(cluster);
        b.Hold();
        await Begin(cluster);
        await Until(async () => (await cluster.Grains.Migration(Id).Get())!.WaitsFor is { Code: RefusalCode.SegmentUnacknowledged });
        EntryAt(a)!.Next.ShouldNotBeNull();
        (await cluster.Grains.Migration(Id).Get())!.Phase.ShouldBe(MigrationPhase.Reserve);

        (await cluster.Grains.Migration(Id).Cancel()).IsFeasible.ShouldBeTrue();

        await Until(async () => (await cluster.Grains.Migration(Id).Get())!.HasEnded);
        await Until(() => EntryAt(a)!.Next is null);
        b.Release();
        await Until(async () => (await cluster.Grains.Segment(Vm.Application).Get()) is { Hosts: [var only], Leaving.IsEmpty: true } && only.BehindSince is null);
    }

    private static SegmentEntry? EntryAt(OverlayAgent agent) => agent.Segments.TryGetValue(Vm.Application, out var segment) ? segment.Entries.GetValueOrDefault(new(Vm, 0)) : null;

    private static async Task<OverlayAgent> Started(Cluster cluster, HostPost host, string address)
    {
        await cluster.Grains.Site(host.Site).Apply(Samples.Site(host.Site.Value));
        return await OverlayAgent.Start(cluster.Grains, host, address: address);
    }

    private static async Task Apply(Cluster cluster) => (await cluster.Grains.Application(Vm.Application).Apply(new()
    {
        Id = Vm.Application.Named, Objective = Objective.Cost, Remaining = TimeSpan.FromHours(1), Vms = [Samples.Vm("vm1", "a")],
    })).Refused.ShouldBeEmpty();

    private static async Task<MigrationState> Migrate(Cluster cluster)
    {
        await Begin(cluster);
        await Until(async () => (await cluster.Grains.Migration(Id).Get())!.HasEnded);
        return (await cluster.Grains.Migration(Id).Get())!;
    }

    private static async Task Begin(Cluster cluster)
    {
        var order = new MigrationOrder(Id, Vm, Samples.At("a"), Samples.At("b"), await cluster.Grains.Vm(Vm).NextEpoch(Id.Key), DurationSeconds: 1, DowntimeSeconds: 0.1)
        {
            Guest = await cluster.Grains.Vm(Vm).StartedAs(),
        };
        order.Guest.ShouldNotBeNull();
        await cluster.Grains.Migration(Id).Run(new(order, Id.Plan, CoreHours: 1, MigrationPhase.Reserve, Samples.Now));
    }

    private static Task Until(Func<bool> holds) => Until(() => Task.FromResult(holds()));

    private static async Task Until(Func<Task<bool>> holds)
    {
        while (!await holds())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
