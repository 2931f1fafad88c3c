using System.Collections.Immutable;
using CsCheck;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Reconciling;
using Shouldly;
using Xunit;

namespace Federation.Actuation.Tests;

public sealed class SimulatedHypervisorTests : IDisposable
{
    private static readonly VmRef Vm = new(AppId.Parse("astro/cg.1"), new("vm1"));
    private static readonly Location Old = new(new("rennes"), "std");
    private static readonly Location New = new(new("lyon"), "std");

    private static readonly int[] WithoutStops = [2, 3, 4, 6, 7, 8];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("federation-hypervisor-");

    [Fact]
    public void Whatever_is_called_in_whatever_order_no_VM_runs_twice() =>
        Gen.Select(Gen.Int[0, 8], Gen.Int[1, 4]).Array[1, 25].Sample(
            calls =>
            {
                var hypervisor = Fresh();
                foreach (var (call, epoch) in calls)
                {
                    Try(hypervisor, call, epoch);
                    Found(hypervisor).Count(copy => copy.State == VmInstanceState.Running).ShouldBeLessThanOrEqualTo(1);
                }
            },
            iter: 150,
            threads: 1);

    [Fact]
    public void A_VM_that_was_started_is_always_somewhere_until_it_is_stopped() =>
        Gen.Select(Gen.Int[0, 5].Select(index => WithoutStops[index]), Gen.Int[1, 4]).Array[1, 25].Sample(
            calls =>
            {
                var hypervisor = Fresh();
                hypervisor.Start(new(Vm, new(Old)), 1, Cancel).Wait();
                foreach (var (call, epoch) in calls)
                {
                    Try(hypervisor, call, epoch);
                    Found(hypervisor).ShouldContain(copy => copy.State != VmInstanceState.Incoming);
                }
            },
            iter: 150,
            threads: 1);

    [Fact]
    public async Task A_migration_whose_every_call_is_repeated_ends_as_one_whose_calls_are_not()
    {
        var hypervisor = Fresh();
        await hypervisor.Start(new(Vm, new(Old)), 1, Cancel);
        var order = Order(2);
        foreach (var phase in Phases(hypervisor, order))
        {
            await phase();
            await phase();
        }

        Found(hypervisor).ShouldBe([new(New, VmInstanceState.Running)]);
    }

    [Fact]
    public async Task A_migration_goes_on_after_a_restart_at_every_phase()
    {
        for (var crash = 0; crash < 4; crash++)
        {
            var hypervisor = Fresh();
            await hypervisor.Start(new(Vm, new(Old)), 1, Cancel);
            foreach (var (index, phase) in Phases(hypervisor, Order(2)).Index())
            {
                await phase();
                if (index == crash)
                {
                    break;
                }
            }

            var restarted = Again();
            foreach (var phase in Phases(restarted, Order(2)).Skip(crash))
            {
                await phase();
            }

            Found(restarted).ShouldBe([new(New, VmInstanceState.Running)]);
        }
    }

    [Fact]
    public async Task A_migration_can_be_taken_back_until_the_VM_runs_at_its_new_site()
    {
        for (var done = 0; done <= 2; done++)
        {
            var hypervisor = Fresh();
            await hypervisor.Start(new(Vm, new(Old)), 1, Cancel);
            foreach (var phase in Phases(hypervisor, Order(2)).Take(done))
            {
                await phase();
            }

            await TakeBack(hypervisor, Order(2));
            Found(hypervisor).ShouldBe([new(Old, VmInstanceState.Running)]);
        }

        var late = Fresh();
        await late.Start(new(Vm, new(Old)), 1, Cancel);
        foreach (var phase in Phases(late, Order(2)).Take(3))
        {
            await phase();
        }

        (await Should.ThrowAsync<HypervisorException>(late.Cancel(Order(2), Order(2).Source, 2, Cancel))).Message.ShouldContain("too late");
    }

    [Fact]
    public async Task A_call_of_an_older_epoch_changes_nothing()
    {
        var hypervisor = Fresh();
        await hypervisor.Start(new(Vm, new(Old)), 5, Cancel);
        var refused = await Should.ThrowAsync<HypervisorException>(hypervisor.Stop(Vm, at: null, 4, Cancel));
        refused.Message.ShouldContain("epoch 5");
        Found(hypervisor).ShouldBe([new(Old, VmInstanceState.Running)]);
    }

    [Fact]
    public async Task A_VM_that_runs_does_not_start_elsewhere()
    {
        var hypervisor = Fresh();
        await hypervisor.Start(new(Vm, new(Old)), 1, Cancel);
        (await Should.ThrowAsync<HypervisorException>(hypervisor.Start(new(Vm, new(New)), 2, Cancel))).Message.ShouldContain("rennes");
    }

    [Fact]
    public async Task A_name_that_looks_like_a_path_stays_in_the_folder()
    {
        var hypervisor = Fresh();
        await hypervisor.Start(new(new(new(new("../.."), "../../etc", 1), new("../passwd")), new(Old)), 1, Cancel);
        directory.EnumerateFiles("*", SearchOption.AllDirectories).Select(file => file.Extension).ShouldBe([".json", ".lock"], ignoreOrder: true);
    }

    public void Dispose() => directory.Delete(recursive: true);

    private static MigrationOrder Order(long epoch) => new(new(new(Vm.Application, (int)epoch), 1), Vm, Old, New, epoch, DurationSeconds: 8, DowntimeSeconds: 0.2);

    private static Func<Task>[] Phases(SimulatedHypervisor hypervisor, MigrationOrder order) =>
    [
        () => hypervisor.Begin(order, Cancel),
        () => hypervisor.Switch(order, Cancel),
        () => hypervisor.Run(order, order.Destination, order.Epoch, Cancel),
        () => hypervisor.Stop(order.Vm, order.Source, order.Epoch, Cancel),
    ];

    private static async Task TakeBack(SimulatedHypervisor hypervisor, MigrationOrder order)
    {
        await hypervisor.Cancel(order, order.Source, order.Epoch, Cancel);
        await hypervisor.Cancel(order, order.Destination, order.Epoch, Cancel);
        if ((await hypervisor.Look(order, seen: null, Cancel)).Source.Copy!.State != GuestState.Running)
        {
            await hypervisor.Run(order, order.Source, order.Epoch, Cancel);
        }
    }

    // A refusal is one of the answers that must leave the VM whole.
    private static void Try(SimulatedHypervisor hypervisor, int call, int epoch)
    {
        Func<Task>[] calls =
        [
            () => hypervisor.Start(new(Vm, new(Old)), epoch, Cancel), () => hypervisor.Stop(Vm, at: null, epoch, Cancel), .. Phases(hypervisor, Order(epoch)),
            () => hypervisor.Cancel(Order(epoch), Order(epoch).Source, epoch, Cancel),
            () => hypervisor.Cancel(Order(epoch), Order(epoch).Destination, epoch, Cancel),
            () => hypervisor.Run(Order(epoch), Order(epoch).Source, epoch, Cancel),
        ];
        try
        {
            calls[call]().GetAwaiter().GetResult();
        }
        catch (HypervisorException)
        {
        }
    }

    private static ImmutableArray<VmInstance> Found(SimulatedHypervisor hypervisor) => hypervisor.Find(Vm, Cancel).GetAwaiter().GetResult().Instances;

    private SimulatedHypervisor Fresh()
    {
        foreach (var folder in directory.EnumerateDirectories())
        {
            folder.Delete(recursive: true);
        }

        return Again();
    }

    private SimulatedHypervisor Again() => new(
        new SimulatedVmFiles(directory.FullName), new SimulatedHypervisorOptions { Directory = directory.FullName, TimeScale = 0 }, TimeProvider.System);
}
