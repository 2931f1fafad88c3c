using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Grains.Tests.Making;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

public sealed class SitePlacementTests
{
    private static readonly (TenantId Tenant, AppId App) Anyone = (new("astro"), AppId.Parse("astro/cg.1"));

    [Fact]
    public async Task A_site_lives_on_its_own_silo_and_without_it_is_offline_while_the_others_go_on()
    {
        await using var cluster = await Cluster.Start("a", "b");
        await cluster.Grains.Site(new("a")).Apply(Samples.Site("a"));
        await cluster.Grains.Site(new("b")).Apply(Samples.Site("b"));
        var directory = cluster.Grains.GetGrain<IManagementGrain>(0);
        foreach (var site in (string[])["a", "b"])
        {
            var reference = (GrainReference)cluster.Grains.Site(new(site));
            (await directory.GetActivationAddress(reference, TestContext.Current.CancellationToken)).ShouldBe(cluster.AddressOf(site));
        }

        (await View(cluster)).ShouldBe([("a", false), ("b", false)]);
        await cluster.Kill("b");
        while (!(await View(cluster)).SequenceEqual([("a", false), ("b", true)]))
        {
            // Until the other has noticed; it says so without being asked twice.
            await Task.Yield();
        }

        var fault = await Should.ThrowAsync<OrleansException>(() => cluster.Grains.Site(new("b")).Get());
        fault.Message.ShouldContain("compatible");
        (await cluster.Grains.Site(new("a")).Get()).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_host_lives_on_its_sites_silo_and_while_there_is_none_on_another()
    {
        await using var cluster = await Cluster.Start("a", "b");
        foreach (var site in (string[])["a", "b", "nowhere"])
        {
            var host = cluster.Grains.Host(new(new(site), "h1"));
            (await host.Vms()).ShouldBeEmpty();
            var at = await cluster.Grains.GetGrain<IManagementGrain>(0).GetActivationAddress((GrainReference)host, TestContext.Current.CancellationToken);
            at.ShouldBeOneOf(site == "nowhere" ? [cluster.AddressOf("a"), cluster.AddressOf("b")] : [cluster.AddressOf(site)]);
        }
    }

    [Fact]
    public async Task A_place_is_confirmed_under_its_own_reservation_only_and_cancelled_with_it()
    {
        await using var cluster = await Cluster.Start();
        var site = cluster.Grains.Site(new("a"));
        await site.Apply(Samples.Site("a"));
        var vm = new VmRef(AppId.Parse("astro/cg.1"), new("vm1"));
        var (first, second) = (ReservationId.OfStart(new(vm.Application, 1)), ReservationId.OfStart(new(vm.Application, 2)));
        (await site.Confirm(vm, first)).IsFeasible.ShouldBeFalse("nothing is reserved");
        await site.Admit([Requests.Of(vm, first)]);
        (await site.Get())!.Ledger.Allocations[vm].ExpiresAt.ShouldNotBeNull();
        (await site.Confirm(vm, second)).IsFeasible.ShouldBeFalse("it is another's");
        (await site.Confirm(vm, first)).IsFeasible.ShouldBeTrue();
        (await site.Get())!.Ledger.Allocations[vm].ExpiresAt.ShouldBeNull();
        await site.Cancel(second);
        (await site.Get())!.Ledger.Allocations.Keys.ShouldBe([vm]);
        await site.Cancel(first);
        (await site.Get())!.Ledger.Allocations.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_place_that_nobody_confirms_in_time_counts_no_more_and_the_reminder_takes_it_off_and_says_so()
    {
        await using var cluster = await Cluster.Start(new ReservationOptions { Lifetime = TimeSpan.FromTicks(1) });
        var site = cluster.Grains.Site(new("a"));
        await site.Apply(Samples.Site("a") with { Quotas = [new Quota("*", null, null, 1, null)] });
        foreach (var application in (string[])["left", "next"])
        {
            // For the second the first has run out: there is one place only.
            var vm = new VmRef(new(new("astro"), application, 1), new("vm1"));
            (await site.Admit([Requests.Of(vm)])).IsFeasible.ShouldBeTrue();
        }

        (await site.Get())!.Ledger.Allocations.ShouldBeEmpty();
        await cluster.Remind(site, "expire");
        (await cluster.Events.ReadAfter(0, 100, TestContext.Current.CancellationToken))
            .Last().Event.Text.ShouldBe("plan astro/next.1.1 did not confirm its place for astro/next/vm1 at a in time");
    }

    private static async Task<IEnumerable<(string, bool)>> View(Cluster cluster)
    {
        try
        {
            return (await cluster.Views("a").Of(Anyone.App, newest: true)).Select(view => (view.Site.Id.Value, view.IsOffline));
        }
        catch (OrleansException)
        {
            // The directory itself was on the silo that went.
            return [];
        }
    }
}
