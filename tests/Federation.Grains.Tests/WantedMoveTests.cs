using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Grains.Tests.Making;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

/// <summary>Somebody wants one VM at a site: that is a plan as any other, but that it need not pay.</summary>
public sealed class WantedMoveTests
{
    private static readonly AppId Named = new(new("astro"), "cg");
    private static readonly AppId App = Named with { Incarnation = 1 };
    private static readonly VmId First = new("vm1");

    [Fact]
    public async Task A_move_that_costs_more_is_planned_applied_and_not_undone_by_the_next_look()
    {
        await using var cluster = await WithTwoAtA(Samples.Std with { Price = PriceSchedule.Always(3) });
        var plan = await cluster.Grains.Placement(App).Plan(To("b"), TestContext.Current.CancellationToken);
        (plan!.Plan.Decision, plan.Plan.Steps.Single().Vm).ShouldBe((PlanDecision.Migrate, First));
        plan.Plan.After!.Value.Cost.ShouldBeGreaterThan(plan.Plan.Before!.Value.Cost);

        await cluster.Grains.Plan(plan.Id).Apply();
        await Settled(cluster, plan.Id);

        (await cluster.Grains.Plan(plan.Id).Get())!.State.ShouldBe(PlanState.Applied);
        await AreAt(cluster, "b", "a");
        await cluster.Grains.Placement(App).Look(DecisionTrigger.SitesChanged);
        (await cluster.Grains.Placement(App).Plans(new())).Length.ShouldBe(1, "it cools down: nothing is proposed that moves it");

        cluster.Clock.Advance(TimeSpan.FromMinutes(11));
        var anew = await cluster.Grains.Placement(App).Plan(new(1, "search", 0, 1), TestContext.Current.CancellationToken);
        anew!.Plan.Steps.Single().Vm.ShouldBe(First);
        anew.Plan.Why.OfType<PlanReason.LeavesWanted>().ShouldHaveSingleItem().By.ShouldBe(plan.Id);
    }

    [Fact]
    public async Task A_site_that_approves_is_asked_as_for_any_other_move()
    {
        await using var cluster = await WithTwoAtA(Samples.Std, new() { ManualApproval = true });
        var plan = await cluster.Grains.Placement(App).Plan(To("b"), TestContext.Current.CancellationToken);
        (await cluster.Grains.Plan(plan!.Id).Apply()).Plan!.State.ShouldBe(PlanState.Waiting);
        (await cluster.Grains.Site(new("b")).Approvals()).Single().Does.Why.ShouldBe("vm1 is to be at b, as was asked for; all others stay");
        (await cluster.Grains.Site(new("b")).Approve(plan.Id)).IsFeasible.ShouldBeTrue();
        await Settled(cluster, plan.Id);
        await AreAt(cluster, "b", "a");
    }

    [Fact]
    public async Task Who_takes_the_move_back_cancels_its_plan_and_it_is_not_tried_once_more()
    {
        await using var cluster = await WithTwoAtA(Samples.Std);
        var plan = await cluster.Grains.Placement(App).Plan(To("b"), TestContext.Current.CancellationToken);
        cluster.Hypervisor.Silent.Add(Samples.At("b"));
        await cluster.Grains.Plan(plan!.Id).Apply();
        var migration = cluster.Grains.Migration(new(plan.Id, 1));
        while ((await migration.Get())?.WaitsFor?.Code != RefusalCode.HostSilent)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        (await migration.Cancel()).IsFeasible.ShouldBeTrue();
        cluster.Hypervisor.Silent.Clear();
        await Settled(cluster, plan.Id);

        var ended = (await cluster.Grains.Plan(plan.Id).Get())!.Saga;
        (ended.State, ended.Reason!.Code).ShouldBe((PlanState.Cancelled, RefusalCode.PlanCancelled));
        ended.Steps.ShouldHaveSingleItem().Refusal!.Root.Code.ShouldBe(RefusalCode.MigrationCancelled);
        await AreAt(cluster, "a", "a");
    }

    [Fact]
    public async Task What_cannot_be_is_a_plan_that_says_why_and_cannot_be_applied()
    {
        await using var cluster = await WithTwoAtA(Samples.Std with { Available = 0 });
        var plan = await cluster.Grains.Placement(App).Plan(To("b"), TestContext.Current.CancellationToken);
        plan!.Plan.Decision.ShouldBe(PlanDecision.Infeasible);
        plan.Plan.Why[0].ShouldBeOfType<PlanReason.WantedImpossible>().Refusal.Code.ShouldBe(RefusalCode.CapacityOfferNone);
        (await cluster.Grains.Plan(plan.Id).Apply()).Refusal!.Code.ShouldBe(RefusalCode.PlanInfeasible);
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_at_once()
    {
        await using var cluster = await WithTwoAtA(Samples.Std);
        var placement = cluster.Grains.Placement(App);
        (await placement.Ask(To("a"))).Refusal!.Code.ShouldBe(RefusalCode.VmThere);
        (await placement.Ask(To("z"))).Refusal!.Code.ShouldBe(RefusalCode.SiteUnknown);
        (await placement.Ask(new(null, null, null, null, new(new("vm9"), new("b"))))).Refusal!.Code.ShouldBe(RefusalCode.VmUnknown);
        (await placement.Plans(new())).ShouldBeEmpty();
    }

    private static PlanRequest To(string site) => new(1, "search", 0, 0.05, new(First, new(site)));

    private static async Task<Cluster> WithTwoAtA(Offer offerOfB, SitePolicy? policyOfB = null)
    {
        var cluster = await Cluster.Start();
        foreach (var site in Samples.View([Samples.Site("a"), Samples.Site("b", offerOfB) with { Policy = policyOfB ?? new() }]).Sites)
        {
            (await cluster.Grains.Site(site.Id).Apply(site)).Changed.ShouldBeTrue();
        }

        var application = Samples.View([], Samples.Vm("vm1", "a"), Samples.Vm("vm2", "a")).Application with { Id = Named, Remaining = TimeSpan.FromDays(30) };
        (await cluster.Grains.Application(Named).Apply(application)).Changed.ShouldBeTrue();
        return cluster;
    }

    private static async Task AreAt(Cluster cluster, params string[] sites)
    {
        foreach (var (index, site) in sites.Index())
        {
            (await cluster.Grains.Vm(new(App, new($"vm{index + 1}"))).Status()).At.ShouldBe(Samples.At(site));
        }
    }

    private static async Task Settled(Cluster cluster, PlanId plan)
    {
        while (!PlanSagas.IsSettled((await cluster.Grains.Plan(plan).Get())!.Saga))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
