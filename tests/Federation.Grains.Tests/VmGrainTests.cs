using Federation.Contracts;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Grains.Tests.Making;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

public sealed class VmGrainTests
{
    private static readonly VmRef Vm = new(AppId.Parse("astro/cg.1"), new("vm1"));

    [Fact]
    public async Task An_epoch_only_grows_and_the_same_reason_gets_the_same_one()
    {
        await using var cluster = await Cluster.Start();
        var vm = cluster.Grains.Vm(Vm);
        (await vm.NextEpoch("plan 1")).ShouldBe(1);
        (await vm.NextEpoch("plan 1")).ShouldBe(1);
        (await vm.NextEpoch("plan 2")).ShouldBe(2);
    }

    [Fact]
    public async Task What_an_older_epoch_says_of_a_VMs_place_changes_nothing()
    {
        await using var cluster = await Cluster.Start();
        var vm = cluster.Grains.Vm(Vm);
        var old = await vm.NextEpoch("plan 1");
        await vm.SetLocation(Samples.At("a"), old);
        await vm.NextEpoch("plan 2");
        await vm.SetLocation(Samples.At("b"), old);
        (await vm.Status()).At.ShouldBe(Samples.At("a"));
    }

    [Fact]
    public async Task What_a_VM_was_started_as_goes_along_with_its_moves_and_is_forgotten_once_it_is_nowhere()
    {
        await using var cluster = await Cluster.Start();
        var vm = cluster.Grains.Vm(Vm);
        var guest = new GuestSpec { Vm = Vm, Vcpus = 2, MemoryBytes = 1 << 24, Disks = [new("root", null, 5)], UserData = "${secret:a}" };
        await vm.Own(new(Samples.At("a"), "h1"), "start", guest);
        var epoch = await vm.Own(new(Samples.At("b"), "h2"), "runs there");
        var kept = (await vm.StartedAs()).ShouldNotBeNull();
        (kept.Vcpus, kept.Disks.ShouldHaveSingleItem(), kept.UserData).ShouldBe((2, new GuestDisk("root", null, 5), "${secret:a}"));
        await vm.SetLocation(null, epoch);
        (await vm.StartedAs()).ShouldBeNull();
    }
}
