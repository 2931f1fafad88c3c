using Federation.Contracts;
using Federation.Domain.Costs;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Grains.Tests.Making;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

/// <summary>What an application has cost is added up while it runs, and outlasts a restart.</summary>
public sealed class CostGrainTests
{
    private static readonly AppId Named = new(new("astro"), "cg");
    private static readonly AppId App = Named with { Incarnation = 1 };

    [Fact]
    public async Task Costs_follow_the_VMs_with_the_prices_of_their_time_and_their_moves_are_noted_once()
    {
        await using var cluster = await Cluster.Start();
        var sites = Samples.View([Samples.Site("a"), Samples.Site("b", Samples.Std with { Price = PriceSchedule.Always(3) })]).Sites;
        foreach (var site in sites)
        {
            (await cluster.Grains.Site(site.Id).Apply(site)).Changed.ShouldBeTrue();
        }

        var costs = cluster.Grains.Costs(App);
        (await costs.Get()).Until.ShouldBeNull("nobody has run yet");
        var application = Samples.View([], Samples.Vm("vm1", "a"), Samples.Vm("vm2", "a")).Application with { Id = Named, Remaining = TimeSpan.FromDays(30) };
        (await cluster.Grains.Application(Named).Apply(application)).Changed.ShouldBeTrue();
        await costs.Look();
        cluster.Clock.Advance(TimeSpan.FromHours(1));
        (await Hosting(cluster, "a")).ShouldBe(2, 0.1);

        (await cluster.Grains.Site(new("a")).Apply(sites[0] with { Offers = [Samples.Std with { Price = PriceSchedule.Always(10) }] })).Changed.ShouldBeTrue();
        (await Hosting(cluster, "a")).ShouldBe(2, 0.1, "what was added up stays");
        var plan = (await cluster.Grains.Placement(App).Plan(new(1, "search", 0, 0.05, new(new("vm1"), new("b"))), TestContext.Current.CancellationToken))!.Id;
        await cluster.Grains.Plan(plan).Apply();
        while ((await costs.Get()).Moves.Length == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        await costs.PlanEnded(plan);
        await cluster.Forget();
        cluster.Clock.Advance(TimeSpan.FromHours(1));
        var history = await costs.Get();
        (history.Moves.Single().Vm, history.Moves.Single().To.Site).ShouldBe((new("vm1"), new("b")));
        (await Hosting(cluster, "b")).ShouldBe(3, 0.2);
        (await Hosting(cluster, "a")).ShouldBe(12, 0.5);
        history.Slices.Aggregate(default(SiteCost), (sum, slice) => sum + slice.Stayed).Hosting.ShouldBe(22, 0.5, "both at a");

        (await cluster.Grains.Application(Named).Delete()).Refused.ShouldBeEmpty();
        (await costs.Get()).Slices.ShouldBeEmpty();
        cluster.Storage.Count("costs").ShouldBe(0);
    }

    private static async Task<double> Hosting(Cluster cluster, string site) =>
        (await cluster.Grains.Costs(App).Get()).Slices.Sum(slice => slice.Sites.TryGetValue(new(site), out var cost) ? cost.Hosting : 0);
}
