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

/// <summary>A site leaves the federation when nobody is there, nobody comes, and no plan counts on it; then nothing is left of it but what tenants have used up.</summary>
public sealed class SiteDeletionTests
{
    private static readonly AppId Named = new(new("astro"), "cg");
    private static readonly AppId App = Named with { Incarnation = 1 };
    private static readonly SiteId A = new("a");
    private static readonly SiteId B = new("b");

    private static PlanRequest Request { get; } = new(1, "search", 0, 1);

    [Fact]
    public async Task A_site_is_not_deleted_while_VMs_are_there_or_come_and_the_refusal_names_them()
    {
        await using var cluster = await WithSites();
        var site = cluster.Grains.Site(A);
        var coming = Requests.Of(new(App, new("vm1")));
        (await site.Admit([coming])).IsFeasible.ShouldBeTrue();
        var reserved = await site.Delete();
        (reserved.Removed, reserved.Refused!.Code).ShouldBe((false, RefusalCode.SiteAwaitsVms));
        RefusalText.Of(reserved.Refused).ShouldContain("astro/cg/vm1 (plan astro/cg.1.1)");

        await site.Confirm(coming.Vm, coming.Reservation);
        (await site.Delete()).Refused!.Code.ShouldBe(RefusalCode.SiteAwaitsVms);

        await site.Arrive(coming.Vm, coming.Reservation);
        RefusalText.Of((await site.Delete()).Refused!).ShouldStartWith("site a has VMs and cannot be deleted: astro/cg/vm1. Move them with 'fedctl vm move VM SITE'");

        await site.Release([coming.Vm]);
        (await site.Delete()).Removed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_place_that_has_run_out_keeps_nobody_from_deleting_the_site()
    {
        await using var cluster = await WithSites();
        (await cluster.Grains.Site(A).Admit([Requests.Of(new(App, new("vm1")))])).IsFeasible.ShouldBeTrue();
        cluster.Clock.Advance(new ReservationOptions().Lifetime);
        (await cluster.Grains.Site(A).Delete()).Removed.ShouldBeTrue();
    }

    [Fact]
    public async Task Of_a_place_that_is_asked_for_and_a_deletion_at_the_same_time_exactly_one_succeeds()
    {
        await using var cluster = await WithSites();
        var (grain, site) = (cluster.Grains.Site(A), Samples.Site("a"));
        var (kept, gone) = (0, 0);
        for (var race = 0; race < 60; race++)
        {
            await grain.Apply(site);
            var request = Requests.Of(new(App, new($"vm{race}")), ReservationId.OfStart(new(App, race + 1)));
            var deletion = grain.Delete();
            for (var later = 0; later < race % 10; later++)
            {
                await grain.Places();
            }

            var (verdict, removal) = (await grain.Admit([request]), await deletion);

            verdict.IsFeasible.ShouldBe(!removal.Removed);
            (verdict.IsFeasible ? removal.Refused!.Code : verdict.Refusal!.Code).ShouldBe(verdict.IsFeasible ? RefusalCode.SiteAwaitsVms : RefusalCode.SiteUnknown);
            (await grain.Places()).Length.ShouldBe(verdict.IsFeasible ? 1 : 0);
            (await cluster.Grains.Federation().Sites()).Contains(A).ShouldBe(verdict.IsFeasible);
            (kept, gone) = verdict.IsFeasible ? (kept + 1, gone) : (kept, gone + 1);
            await grain.Cancel(request.Reservation);
        }

        (kept + gone).ShouldBe(60);
        (kept > 0 && gone > 0).ShouldBeTrue($"{kept} and {gone}");
    }

    [Fact]
    public async Task With_the_last_site_the_currency_is_free_again_and_not_before()
    {
        await using var cluster = await WithSites();
        var euros = Samples.Site("rennes") with { Currency = "EUR" };
        (await cluster.Grains.Site(euros.Id).Apply(euros)).Refused!.Code.ShouldBe(RefusalCode.CurrencyDiffers);
        (await cluster.Grains.Site(A).Delete()).Removed.ShouldBeTrue();
        (await cluster.Grains.Site(euros.Id).Apply(euros)).Refused!.Code.ShouldBe(RefusalCode.CurrencyDiffers);
        (await cluster.Grains.Site(B).Delete()).Removed.ShouldBeTrue();
        (await cluster.Grains.Site(euros.Id).Apply(euros)).Created.ShouldBeTrue();
        (await cluster.Grains.Site(A).Apply(Samples.Site("a"))).Refused!.Code.ShouldBe(RefusalCode.CurrencyDiffers);
        (await cluster.Grains.Site(A).Apply(Samples.Site("a") with { Currency = "EUR" })).Created.ShouldBeTrue();
    }

    [Fact]
    public async Task A_site_that_was_deleted_is_nowhere_any_more_and_comes_again_as_a_new_one_that_knows_what_was_used_up()
    {
        await using var cluster = await WithSites();
        var grain = cluster.Grains.Site(A);
        var vm = Requests.Of(new(App, new("vm1")));
        await grain.Admit([vm]);
        await grain.Confirm(vm.Vm, vm.Reservation);
        await grain.Arrive(vm.Vm, vm.Reservation);
        cluster.Clock.Advance(TimeSpan.FromHours(2));
        await grain.Release([vm.Vm]);

        var removal = await grain.Delete();

        removal.LinkedFrom.ShouldBe([B]);
        (await grain.Get()).ShouldBeNull();
        (await cluster.Grains.Federation().Sites()).ShouldBe([B]);
        (await cluster.Grains.Federation().Description(A)).ShouldBeNull();
        (await grain.Admit([Requests.Of(new(App, new("vm2")))])).Refusal.ShouldBe(Refusal.SiteUnknown(A));
        (await grain.RequestApproval(vm.Reservation.Plan!.Value, new([], [], ""))).Refusal.ShouldBe(Refusal.SiteUnknown(A));
        (await grain.Delete()).ShouldSatisfyAllConditions(again => again.Removed.ShouldBeFalse(), again => again.Refused.ShouldBeNull());
        (await Events(cluster, "site.deleted")).ShouldHaveSingleItem().ShouldStartWith("site a was deleted; b still say");

        var created = await grain.Apply(Samples.Site("a"));
        created.Created.ShouldBeTrue();
        created.Revision.ShouldBe(2, "a version never comes again");
        var status = (await grain.Get())!;
        status.Ledger.Allocations.ShouldBeEmpty();
        status.Ledger.SpentCoreHours["astro"].ShouldBe(8, 0.1);
    }

    [Fact]
    public async Task Planners_see_a_deleted_site_no_more_whether_or_not_they_want_the_newest()
    {
        await using var cluster = await Cluster.Start("a", "b");
        foreach (var site in Samples.View([Samples.Site("a"), Samples.Site("b")]).Sites)
        {
            await cluster.Grains.Site(site.Id).Apply(site);
        }

        var views = cluster.Views("b");
        (await views.Of(App, newest: false)).Length.ShouldBe(2);
        (await cluster.Grains.Site(A).Delete()).Removed.ShouldBeTrue();
        (await views.Of(App, newest: true)).Select(view => view.Site.Id).ShouldBe([B]);
        while ((await views.Of(App, newest: false)).Length > 1)
        {
            await Task.Yield();
        }
    }

    [Fact]
    public async Task A_site_whose_silo_ends_after_its_deletion_is_not_taken_for_one_that_is_offline()
    {
        await using var cluster = await Cluster.Start("a", "b");
        foreach (var site in Samples.View([Samples.Site("a"), Samples.Site("b")]).Sites)
        {
            await cluster.Grains.Site(site.Id).Apply(site);
        }

        (await cluster.Grains.Site(A).Delete()).Removed.ShouldBeTrue();
        await cluster.Kill("a");
        (await cluster.Views("b").Of(App, newest: true)).Select(view => (view.Site.Id, view.IsOffline)).ShouldBe([(B, false)]);
    }

    [Fact]
    public async Task A_plan_that_waits_for_an_approval_or_is_carried_out_keeps_its_sites_in_the_federation()
    {
        await using var cluster = await WithPlan(Samples.Site("a") with { Policy = new() { ManualApproval = true } });
        (await cluster.Grains.Plan(new(App, 1)).Apply()).Plan!.State.ShouldBe(PlanState.Waiting);
        var waiting = (await cluster.Grains.Site(A).Delete()).Refused!;
        waiting.Code.ShouldBe(RefusalCode.SiteInPlans);
        RefusalText.Of(waiting).ShouldContain("astro/cg.1.1");
        RefusalText.Of(waiting).ShouldContain("'fedctl plan cancel PLAN'");

        (await cluster.Grains.Plan(new(App, 1)).Cancel()).Did.ShouldBeTrue();
        await Until(async () => (await cluster.Grains.Site(A).Delete()).Removed);
    }

    [Fact]
    public async Task A_plan_that_has_begun_and_reserved_nothing_yet_counts_on_its_sites()
    {
        await using var cluster = await WithPlan(Samples.Site("a"));
        var held = cluster.Storage.Hold(state => state is PlanGrain.Life { Saga.State: PlanState.Applying });
        var start = cluster.Grains.Plan(new(App, 1)).Apply();
        await held.Reached;

        // What it is about to do is stored, what it has done so far is not: it may as well be told no later.
        var early = await cluster.Grains.Site(A).Delete();
        held.Release();
        await start;

        early.Refused!.Code.ShouldBe(RefusalCode.SiteInPlans);
        await Until(async () => PlanSagas.IsSettled((await cluster.Grains.Plan(new(App, 1)).Get())!.Saga));
        (await cluster.Grains.Plan(new(App, 1)).Get())!.State.ShouldBe(PlanState.Applied);
    }

    [Fact]
    public async Task A_plan_that_nobody_has_started_ends_with_a_site_that_it_leads_to()
    {
        await using var cluster = await WithPlan(Samples.Site("a"));
        (await cluster.Grains.Site(A).Delete()).Removed.ShouldBeTrue();
        await Until(async () => (await cluster.Grains.Plan(new(App, 1)).Get())!.State == PlanState.Superseded);
        (await cluster.Grains.Plan(new(App, 1)).Apply()).Refusal.ShouldBe(Refusal.SiteUnknown(A));
    }

    [Fact]
    public async Task A_VM_that_runs_there_without_a_place_keeps_the_site_too()
    {
        await using var cluster = await WithSites();
        await cluster.Hypervisor.Inner.Start(new(new(App, new("stray")), new(Samples.At("a"))), 1, CancellationToken.None);
        (await cluster.Grains.Site(A).Delete()).Refused!.Code.ShouldBe(RefusalCode.SiteHasVms);
        await cluster.Hypervisor.Inner.Stop(new(App, new("stray")), at: null, 2, CancellationToken.None);
        (await cluster.Grains.Site(A).Delete()).Removed.ShouldBeTrue();
    }

    [Theory]
    [InlineData("federation", false)]
    [InlineData("federation", true)]
    [InlineData("site", false)]
    [InlineData("site", true)]
    public async Task A_deletion_that_broke_off_is_brought_to_its_end_by_a_reminder_or_by_asking_again(string state, bool afterIt)
    {
        await using var cluster = await WithSites();
        cluster.Storage.Fail(state, afterIt);
        await Should.ThrowAsync<OrleansException>(cluster.Grains.Site(A).Delete());
        await cluster.Forget();
        if (await cluster.Grains.Site(A).Get() is null)
        {
            await cluster.Remind(cluster.Grains.Site(A), "leave");
        }
        else
        {
            (await cluster.Grains.Site(A).Delete()).Removed.ShouldBeTrue();
        }

        (await cluster.Grains.Federation().Sites()).ShouldBe([B]);
        (await cluster.Grains.Site(A).Get()).ShouldBeNull();
        (await Events(cluster, "site.deleted")).ShouldHaveSingleItem();
        (await cluster.HasReminder(cluster.Grains.Site(A), "leave")).ShouldBeFalse();
        (await cluster.Grains.Site(A).Apply(Samples.Site("a"))).Created.ShouldBeTrue();
    }

    private static async Task<Cluster> WithSites(Site? a = null)
    {
        var cluster = await Cluster.Start();
        foreach (var site in Samples.View([a ?? Samples.Site("a"), Samples.Site("b")]).Sites)
        {
            (await cluster.Grains.Site(site.Id).Apply(site)).Changed.ShouldBeTrue();
        }

        return cluster;
    }

    // Two VMs that are nowhere, and a plan that starts them at a: nothing else is allowed to them.
    private static async Task<Cluster> WithPlan(Site a)
    {
        var cluster = await WithSites(a);
        VmSpec[] vms = [Samples.Vm("vm1") with { Sites = [A] }, Samples.Vm("vm2") with { Sites = [A] }];
        (await cluster.Grains.Application(Named).Apply(Samples.View([], vms).Application with { Id = Named })).Changed.ShouldBeTrue();
        var plan = await cluster.Grains.Placement(App).Plan(Request, TestContext.Current.CancellationToken);
        (plan!.Id, plan.Plan.Decision).ShouldBe((new(App, 1), PlanDecision.Place));
        return cluster;
    }

    private static async Task<IEnumerable<string>> Events(Cluster cluster, string kind) =>
        (await cluster.Events.ReadAfter(0, 100, TestContext.Current.CancellationToken)).Where(entry => entry.Event.Kind.Value == kind).Select(entry => entry.Event.Text);

    private static async Task Until(Func<Task<bool>> holds)
    {
        while (!await holds())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
