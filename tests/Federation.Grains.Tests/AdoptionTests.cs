using Federation.Contracts;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Grains.Tests.Making;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

/// <summary>A VM that an application file says to run somewhere comes by the same door as any other.</summary>
public sealed class AdoptionTests
{
    private static readonly AppId Named = new(new("astro"), "cg");

    public static TheoryData<Site, VmSpec, RefusalCode> Refused { get; } = new()
    {
        { Samples.Site("a") with { Policy = new() { Tenants = ["bio"] } }, Samples.Vm("vm1", "a"), RefusalCode.PolicyTenant },
        { Samples.Site("a") with { Policy = new() { Arrivals = [new([], new(1, 0), new(1, 1), TimeZoneInfo.Utc)] } }, Samples.Vm("vm1", "a"), RefusalCode.ArrivalWindowClosed },
        { Samples.Site("a") with { Policy = new() { ManualApproval = true } }, Samples.Vm("vm1", "a"), RefusalCode.ApprovalNeedsPlan },
        { Samples.Site("a"), Samples.Vm("vm1", "a") with { Vcpus = 640 }, RefusalCode.NeedsVcpus },
        { Samples.Site("a") with { Capacity = new(3, null, null) }, Samples.Vm("vm1", "a"), RefusalCode.CapacitySiteVcpus },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_description_says_nothing_past_the_site(Site site, VmSpec vm, RefusalCode code)
    {
        await using var cluster = await Cluster.Start();
        await cluster.Grains.Site(site.Id).Apply(site);
        var change = await cluster.Grains.Application(Named).Apply(Described(Named, vm));
        change.Refused.Single().Root.Code.ShouldBe(code);
        (await cluster.Grains.Application(Named).Get()).ShouldBeNull();
        (await cluster.Grains.Site(site.Id).Get())!.Ledger.Allocations.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_VMs_of_a_second_tenant_are_refused_where_those_of_the_first_fill_the_capacity()
    {
        await using var cluster = await Cluster.Start();
        await cluster.Grains.Site(new("a")).Apply(Samples.Site("a", Samples.Std with { Available = 4 }) with { Capacity = new(null, null, 4) });
        VmSpec[] four = [.. Enumerable.Range(1, 4).Select(number => Samples.Vm($"vm{number}", "a"))];
        (await cluster.Grains.Application(Named).Apply(Described(Named, four))).Refused.ShouldBeEmpty();
        var other = Named with { Tenant = new("bio") };
        (await cluster.Grains.Application(other).Apply(Described(other, four))).Refused.Single().Root.Code.ShouldBe(RefusalCode.CapacitySiteVms);
        (await cluster.Grains.Site(new("a")).Get())!.Ledger.Allocations.Count.ShouldBe(4);
    }

    [Fact(Timeout = 60_000)]
    public async Task As_time_passes_an_application_that_was_adopted_gets_a_plan_when_a_price_makes_one_pay()
    {
        await using var cluster = await Cluster.Start();
        var later = cluster.Clock.GetUtcNow().AddHours(1);
        // Nobody knows the price of b before then: no VM may come.
        var b = Samples.Site("b", Samples.Std with { Price = new([new(later, 0.1m)]) });
        foreach (var site in Samples.View([Samples.Site("a"), b]).Sites)
        {
            await cluster.Grains.Site(site.Id).Apply(site);
        }

        var described = Described(Named, Samples.Vm("vm1", "a")) with { Remaining = TimeSpan.FromHours(10) };
        (await cluster.Grains.Application(Named).Apply(described)).Changed.ShouldBeTrue();
        var placement = cluster.Grains.Placement(Named with { Incarnation = 1 });
        await Looked(cluster, placement);
        (await placement.Plans(new())).ShouldBeEmpty("staying is best");

        cluster.Clock.Advance(TimeSpan.FromHours(1));
        for (var window = 0; window < new MovePolicy().PersistenceWindows; window++)
        {
            cluster.Clock.Advance(TimeSpan.FromMinutes(5));
            await Looked(cluster, placement);
        }

        while ((await placement.Plans(new())).IsEmpty)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        var plan = (await placement.Plans(new())).ShouldHaveSingleItem().Plan;
        (plan.Decision, plan.Placement[0].Location).ShouldBe((PlanDecision.Migrate, Samples.At("b")));
    }

    // Each look stores what the loop remembers of it.
    private static async Task Looked(Cluster cluster, IPlacementGrain placement)
    {
        var before = await Version(cluster, placement);
        await cluster.Remind(placement, "reevaluate");
        while (await Version(cluster, placement) == before)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<string?> Version(Cluster cluster, IPlacementGrain placement)
    {
        var stored = new GrainState<PlacementGrain.Stored>();
        await cluster.Storage.ReadStateAsync("placement", placement.GetGrainId(), stored);
        return stored.ETag;
    }

    private static Application Described(AppId id, params VmSpec[] vms) => Samples.View([], vms).Application with { Id = id };
}
