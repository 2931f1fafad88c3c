using Federation.Contracts;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Grains.Tests.Making;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

public sealed class SiteGrainTests
{
    [Fact]
    public async Task Of_many_who_race_for_the_last_place_exactly_one_gets_it_and_the_others_are_told_why()
    {
        await using var cluster = await Cluster.Start();
        var site = Samples.Site("a") with { Quotas = [new Quota("*", null, null, 1, null)] };
        await cluster.Grains.Site(site.Id).Apply(site);
        for (var race = 0; race < 50; race++)
        {
            var racers = Enumerable.Range(0, 20).Select(i => HoldOf($"app{i}", $"race{race}")).ToList();
            var verdicts = await Task.WhenAll(racers.Select(allocation => cluster.Grains.Site(site.Id).Reserve([allocation])));
            verdicts.Count(verdict => verdict.IsFeasible).ShouldBe(1);
            verdicts.Where(verdict => !verdict.IsFeasible).ShouldAllBe(verdict => verdict.Refusal!.Code == RefusalCode.QuotaVms);
            await cluster.Grains.Site(site.Id).Release([.. racers.Select(allocation => allocation.Vm)]);
        }
    }

    [Fact]
    public async Task Places_are_kept_for_all_or_for_none()
    {
        await using var cluster = await Cluster.Start();
        var site = Samples.Site("a", Samples.Std with { Available = 2 });
        await cluster.Grains.Site(site.Id).Apply(site);
        var three = Enumerable.Range(1, 3).Select(i => HoldOf("cg", "plan", $"vm{i}")).ToArray();
        (await cluster.Grains.Site(site.Id).Reserve([.. three])).Refusal!.Code.ShouldBe(RefusalCode.CapacityOfferTaken);
        (await cluster.Grains.Site(site.Id).Get())!.Ledger.Allocations.ShouldBeEmpty();
        (await cluster.Grains.Site(site.Id).Reserve([.. three[..2]])).IsFeasible.ShouldBeTrue();
        (await cluster.Grains.Site(site.Id).Reserve([.. three[..2]])).IsFeasible.ShouldBeTrue("asked again, nothing changes");
        (await cluster.Grains.Site(site.Id).Get())!.Ledger.Allocations.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_site_that_nobody_has_described_keeps_no_place()
    {
        await using var cluster = await Cluster.Start();
        (await cluster.Grains.Site(new("atlantis")).Reserve([HoldOf("cg", "plan")])).Refusal.ShouldBe(Refusal.SiteUnknown(new("atlantis")));
    }

    private static Allocation HoldOf(string application, string reservation, string vm = "vm1") => new(
        new(new(new("astro"), application, 1), new(vm)), new("astro"), "std", reservation, AllocationState.Arriving, Migrates: false, Samples.Now, CoreHours: 1);
}
