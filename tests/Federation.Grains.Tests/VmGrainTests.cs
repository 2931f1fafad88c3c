using Federation.Contracts;
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
}
