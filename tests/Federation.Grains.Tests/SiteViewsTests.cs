using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Grains.Tests.Making;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

public sealed class SiteViewsTests
{
    private static readonly AppId App = AppId.Parse("astro/cg.1");

    [Fact]
    public async Task A_site_sends_a_copy_of_itself_again_only_after_a_change_of_its_description_or_its_ledger()
    {
        await using var cluster = await Cluster.Start();
        var site = cluster.Grains.Site(new("a"));
        (await site.Copy(Guid.Empty))!.Site.ShouldBeNull();
        await site.Apply(Samples.Site("a"));
        var first = (await site.Copy(Guid.Empty))!;
        (await site.Copy(first.Stamp)).ShouldBeNull();

        (await site.Admit([Requests.Of(new(App, new("vm1")))])).IsFeasible.ShouldBeTrue();
        var second = (await site.Copy(first.Stamp))!;
        second.Use.Applications.Select(use => use.Application).ShouldBe([App]);
        (await site.Copy(second.Stamp)).ShouldBeNull();

        await site.Apply(Samples.Site("a") with { Region = "elsewhere" });
        (await site.Copy(second.Stamp))!.Site!.Region.ShouldBe("elsewhere");
    }

    [Fact]
    public async Task Whoever_wants_the_newest_sees_a_change_at_once_and_others_when_the_copy_has_grown_old()
    {
        await using var cluster = await Cluster.Start("a", "b");
        await cluster.Grains.Site(new("a")).Apply(Samples.Site("a"));
        var views = cluster.Views("b");
        (await Region(newest: false)).ShouldBe(Samples.Site("a").Region);
        await cluster.Grains.Site(new("a")).Apply(Samples.Site("a") with { Region = "elsewhere" });
        (await Region(newest: true)).ShouldBe("elsewhere");

        await cluster.Grains.Site(new("a")).Apply(Samples.Site("a") with { Region = "moved" });
        while (await Region(newest: false) != "moved")
        {
            await Task.Yield();
        }

        async Task<string> Region(bool newest) => (await views.Of(App, newest)).ShouldHaveSingleItem().Site.Region;
    }

    [Fact]
    public async Task All_looks_that_are_wanted_are_done_also_of_applications_that_are_gone()
    {
        await using var cluster = await Cluster.Start();
        await cluster.Grains.Reevaluation().Want([.. Enumerable.Range(0, 40).Select(number => new WantedLook(AppId.Parse($"astro/gone{number}.1"), number))]);
        await cluster.Grains.Reevaluation().Want([new(App, 1), new(App, 2)]);
        cluster.LooksWaiting.ShouldBe(42);
        while (cluster.LooksWaiting > 0)
        {
            await Task.Yield();
        }
    }
}
