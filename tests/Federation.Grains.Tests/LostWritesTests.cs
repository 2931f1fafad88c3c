using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Grains.Tests.Making;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

/// <summary>A write that fails was done or was not, and the grain does not know: what it says afterwards is what is stored.</summary>
public sealed class LostWritesTests
{
    private static readonly AppId App = new(new("astro"), "cg", 1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_epoch_that_is_given_out_is_stored_whatever_became_of_the_write_before(bool afterIt)
    {
        await using var cluster = await Cluster.Start();
        var vm = cluster.Grains.Vm(new(App, new("vm1")));
        cluster.Storage.Fail("vm", afterIt);
        await Should.ThrowAsync<OrleansException>(vm.NextEpoch("start"));
        var given = await vm.NextEpoch("start");
        await cluster.Forget();
        (await vm.Status()).Epoch.ShouldBe(given);
        (await vm.NextEpoch("stop")).ShouldBe(given + 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_application_that_is_listed_stays_so_whatever_became_of_the_write_before(bool afterIt)
    {
        await using var cluster = await Cluster.Start();
        cluster.Storage.Fail("federation", afterIt);
        await Should.ThrowAsync<OrleansException>(cluster.Grains.Federation().RegisterApplication(App, needs: null));
        await cluster.Grains.Federation().RegisterApplication(App, needs: null);
        await cluster.Forget();
        (await cluster.Grains.Federation().Applications()).ShouldBe([App]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_token_that_is_said_to_be_revoked_stays_so_whatever_became_of_the_write_before(bool afterIt)
    {
        await using var cluster = await Cluster.Start();
        var token = new RevokedToken("t1", "ann", Samples.Now, "lost");
        cluster.Storage.Fail("revocations", afterIt);
        await Should.ThrowAsync<OrleansException>(cluster.Grains.Revocations().Revoke(token));
        await cluster.Grains.Revocations().Revoke(token);
        await cluster.Forget();
        (await cluster.Grains.Revocations().List()).ShouldBe([token]);
    }
}
