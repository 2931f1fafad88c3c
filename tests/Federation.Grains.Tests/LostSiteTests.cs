using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Grains.Tests.Making;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

/// <summary>What is shown, and told, of a site whose silo has gone.</summary>
public sealed class LostSiteTests
{
    private static readonly SiteId B = new("b");
    private static readonly AppId Named = new(new("astro"), "cg");

    [Fact(Timeout = 60_000)]
    public async Task A_lost_site_is_shown_as_it_was_last_known_and_every_list_goes_on()
    {
        await using var cluster = await Cluster.Start("a", "b");
        await Prepare(cluster);
        var before = (await cluster.Grains.Site(B).Get())!;
        before.Ledger.Allocations.Count.ShouldBe(1);

        await cluster.Kill("b");
        var lost = await Await(cluster, TestContext.Current.CancellationToken);

        lost.Revision.ShouldBe(before.Revision);
        lost.Ledger.Allocations.Keys.ShouldBe(before.Ledger.Allocations.Keys);
        lost.Use.ShouldBe(before.Use);
        foreach (var (list, count) in await Lists(cluster))
        {
            count.ShouldBeGreaterThan(0, list);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task The_loss_and_the_return_of_a_site_are_events_and_in_between_its_VMs_say_since_when_nothing_is_known()
    {
        await using var cluster = await Cluster.Start("a", "b");
        await Prepare(cluster);
        (await Look(cluster)).ShouldBeEmpty();
        await cluster.Kill("b");
        await Await(cluster, TestContext.Current.CancellationToken);
        var since = (await Look(cluster)).ShouldHaveSingleItem();
        since.Site.ShouldBe(B);
        (await Kinds(cluster)).ShouldNotContain("site.lost", "it may be back in a moment");

        cluster.Clock.Advance(SiteAbsences.Patience);
        (await Look(cluster)).ShouldBe([since]);
        (await Look(cluster)).ShouldBe([since]);
        (await Kinds(cluster)).Count(kind => kind == "site.lost").ShouldBe(1);
        (await cluster.Grains.Overview().Sites()).Single(site => site.IsOffline).LostSince.ShouldBe(since.Since);
        (await cluster.Grains.Application(Named).Get())!.Vms.Single().LostSince.ShouldBe(since.Since);

        await cluster.Restart("b");
        while (!(await Look(cluster)).IsEmpty)
        {
            // Until the silo has been heard.
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        (await Kinds(cluster)).Where(kind => kind is "site.lost" or "site.returned").ShouldBe(["site.lost", "site.returned"]);
        (await cluster.Grains.Overview().Sites()).ShouldAllBe(site => !site.IsOffline && site.LostSince == null);
        (await cluster.Grains.Application(Named).Get())!.Vms.Single().LostSince.ShouldBeNull();
    }

    private static async Task Prepare(Cluster cluster)
    {
        foreach (var site in Samples.View([Samples.Site("a"), Samples.Site("b")]).Sites)
        {
            await cluster.Grains.Site(site.Id).Apply(site);
        }

        var vm = Samples.Vm("vm1", "b");
        (await cluster.Grains.Application(Named).Apply(new() { Id = Named, Objective = Objective.Cost, Remaining = TimeSpan.FromHours(1), Vms = [vm] }))
            .Refused.ShouldBeEmpty();
    }

    // Until the other silo has noticed.
    private static async Task<SiteStatus> Await(Cluster cluster, CancellationToken cancel)
    {
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                if ((await cluster.Grains.Overview().Sites()).FirstOrDefault(site => site.IsOffline) is { } lost && (await Look(cluster)).Length > 0)
                {
                    return lost;
                }
            }
            catch (OrleansException)
            {
                // What is asked was on the silo that went.
            }

            await Task.Yield();
        }
    }

    // As the silo's own watch does.
    private static async Task<ImmutableArray<LostSite>> Look(Cluster cluster)
    {
        var lost = await cluster.Grains.SiteWatch().Look();
        cluster.Lost("a").Keep(lost);
        return lost;
    }

    private static async Task<IEnumerable<string>> Kinds(Cluster cluster) =>
        (await cluster.Events.ReadAfter(0, 1000, TestContext.Current.CancellationToken)).Select(logged => logged.Event.Kind.Value);

    // Every list that the overview has; one that is new fails here until it is said what it shows.
    private static async Task<IEnumerable<(string List, int Count)>> Lists(Cluster cluster)
    {
        var overview = cluster.Grains.Overview();
        var known = new Dictionary<string, Func<Task<int>>>
        {
            [nameof(IOverviewGrain.Applications)] = async () => (await overview.Applications(new())).Items.Length,
            [nameof(IOverviewGrain.Sites)] = async () => (await overview.Sites()).Length - 1,
            [nameof(IOverviewGrain.Site)] = async () => await overview.Site(B) is null ? 0 : 1,
            [nameof(IOverviewGrain.Events)] = async () => (await overview.Events(0, 100)).Events.Length,
            // Neither site has hosts, nobody has planned, and no sensor calls: they only have to answer.
            [nameof(IOverviewGrain.Hosts)] = async () => (await overview.Hosts()).Length + 1,
            [nameof(IOverviewGrain.Plans)] = async () => (await overview.Plans(new())).Items.Length + 1,
            [nameof(IOverviewGrain.Migrations)] = async () => (await overview.Migrations(new())).Items.Length + 1,
            [nameof(IOverviewGrain.Sensed)] = async () => (await overview.Sensed()).Length + 1,
            // Of the log of changes alone.
            [nameof(IOverviewGrain.Audit)] = () => Task.FromResult(1),
        };
        typeof(IOverviewGrain).GetMethods().Select(method => method.Name).ShouldBe(known.Keys, ignoreOrder: true);
        var counts = new List<(string, int)>();
        foreach (var (name, list) in known)
        {
            counts.Add((name, await list()));
        }

        return counts;
    }
}
