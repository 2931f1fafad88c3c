using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Applications;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Grains.Tests.Making;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

/// <summary>A site with one host in use, and another site that could take its VM.</summary>
public sealed class SiteAdviceTests
{
    private static readonly SiteId A = new("a");
    private static readonly AppId Named = new(new("astro"), "cg");
    private static readonly VmRef Vm1 = new(Named with { Incarnation = 1 }, new("vm1"));

    [Fact(Timeout = 60_000)]
    public async Task A_VM_goes_to_another_site_where_that_costs_no_more_and_its_owner_is_asked_once()
    {
        await using var cluster = await Start(price: 0.5m);
        var within = (await cluster.Grains.Site(A).Advise(within: true))!;
        within.Emptied.ShouldBeEmpty();
        within.Held.ShouldHaveSingleItem().Why.ShouldHaveSingleItem().Refusal.Code.ShouldBe(RefusalCode.CapacityHosts);

        var advice = (await cluster.Grains.Site(A).ProposeAdvice(within: false))!;
        advice.Emptied.ShouldBe(["h1"]);
        advice.Moves.ShouldHaveSingleItem().At.ShouldBe(Samples.At("b"));
        var id = advice.Plans.ShouldHaveSingleItem();
        (await cluster.Grains.Placement(Vm1.Application).Job(id.Number, TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken))!.State.ShouldBe(PlanJobState.Made);
        var plan = (await cluster.Grains.Plan(id).Get())!;
        plan.State.ShouldBe(PlanState.Proposed);
        plan.Record[0].By.ShouldBe("the administrators of a ask for it");
        plan.Plan.Steps.ShouldHaveSingleItem().To.ShouldBe(Samples.At("b"));
        (await cluster.Grains.Vm(Vm1).Status()).At.ShouldBe(Samples.At("a"));
        (await cluster.Events.ReadAfter(0, 1000, TestContext.Current.CancellationToken)).Count(logged => logged.Event.Kind.Value == "site.advised").ShouldBe(1);
    }

    [Fact]
    public async Task A_VM_whose_owner_would_pay_for_it_stays()
    {
        await using var cluster = await Start(price: 2m);
        var advice = (await cluster.Grains.Site(A).Advise(within: false))!;
        advice.Emptied.ShouldBeEmpty();
        var why = advice.Held.ShouldHaveSingleItem().Why.ShouldHaveSingleItem().Refusal;
        (why.Code, why.Arguments.Detail).ShouldBe((RefusalCode.AdviceHarms, "cost"));
        (await cluster.Grains.Site(A).ProposeAdvice(within: false))!.Plans.ShouldBeEmpty();
    }

    private static async Task<Cluster> Start(decimal price)
    {
        var cluster = await Cluster.Start();
        var link = Samples.Link with { EgressPerGB = 0 };
        await cluster.Grains.Site(A).Apply(Samples.Site("a") with { Links = ImmutableSortedDictionary<SiteId, Link>.Empty.Add(new("b"), link) });
        await cluster.Grains.Site(new("b")).Apply(
            Samples.Site("b", Samples.Std with { Price = PriceSchedule.Always(price) }) with { Links = ImmutableSortedDictionary<SiteId, Link>.Empty.Add(A, link) });
        await Report(cluster, A, "h1");
        await Report(cluster, new("b"), "h1");
        (await cluster.Grains.Application(Named).Apply(new()
        {
            Id = Named, Objective = Objective.Cost, Remaining = TimeSpan.FromHours(1), Vms = [Samples.Vm("vm1", "a")],
        })).Refused.ShouldBeEmpty();
        await Report(cluster, A, "h1", Vm1);
        await cluster.Grains.Vm(Vm1).RunsOnHost("h1");
        return cluster;
    }

    private static Task Report(Cluster cluster, SiteId site, string host, params VmRef[] vms) => cluster.Grains.Site(site).HostReported(host, new(
        new(4, 8 * Samples.GiB, 100 * Samples.GiB, new() { Driver = "simulator", Version = "1" }, "1.0", "boot1"),
        [.. vms.Select(vm => new HostGuest(new(vm, GuestState.Running), 1))], [], 1, Guid.Empty));
}
