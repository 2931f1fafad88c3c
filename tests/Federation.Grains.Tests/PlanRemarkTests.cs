using Federation.Contracts;
using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Domain.Traffic;
using Federation.Grains.Tests.Making;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

/// <summary>What plans of the service rest on and say: traffic that is not there or old, endpoints with a place, one rule that forbids everything, what an application leaves out.</summary>
public sealed class PlanRemarkTests
{
    private static readonly AppId Named = new(new("astro"), "cg");
    private static readonly AppId App = Named with { Incarnation = 1 };

    private static readonly PlacementView Two = Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1", "a"), Samples.Vm("vm2", "a"));

    [Fact]
    public async Task A_plan_from_no_traffic_says_so()
    {
        await using var cluster = await Cluster.Start();
        await Apply(cluster, Two);
        (await Plan(cluster)).Why.OfType<PlanReason.NoTraffic>().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_plan_from_old_traffic_says_of_when_it_is_and_of_which_VM_nothing_came()
    {
        await using var cluster = await Cluster.Start();
        await Apply(cluster, Two);
        var window = await Report(cluster, new TrafficRecord(Address.Parse("192.0.2.1"), FlowDirection.Sent, 7, 700));

        var young = await Plan(cluster);
        young.Why.ShouldNotContain(reason => reason is PlanReason.NoTraffic || reason is PlanReason.OldTraffic);
        young.Why.OfType<PlanReason.UnknownTraffic>().ShouldHaveSingleItem().Vms.Names.ShouldBe(["vm2"]);

        cluster.Clock.Advance(TimeSpan.FromMinutes(10));
        (await Plan(cluster)).Why.OfType<PlanReason.OldTraffic>().ShouldHaveSingleItem().Until.ShouldBe(window.End);
    }

    [Fact]
    public async Task What_goes_to_a_file_server_has_a_place_and_a_price_so_that_its_VM_goes_there()
    {
        await using var cluster = await Cluster.Start();
        await Apply(cluster, Two.With(application => application with { Endpoints = [new Endpoint("nfs", [Address.Parse("10.42.0.250")], new("b"))] }));
        // 3 GB in 30 s are 360 in an hour, of 0.02 each: more than what moving 4 GiB costs.
        await Report(cluster, new TrafficRecord(Address.Parse("10.42.0.250"), FlowDirection.Sent, 2_000_000, 3_000_000_000));

        var plan = await Plan(cluster);
        plan.Steps.ShouldHaveSingleItem().ShouldSatisfyAllConditions(step => step.Vm.Value.ShouldBe("vm1"), step => step.To.ShouldBe(Samples.At("b")));
        plan.Before!.Value.Traffic.ShouldBeGreaterThan(5);
        plan.After!.Value.Traffic.ShouldBe(0);
    }

    [Fact]
    public async Task The_one_rule_that_forbids_every_placement_is_the_first_reason()
    {
        await using var cluster = await Cluster.Start();
        await Apply(cluster, Two.With(application => application with { Deadline = TimeSpan.FromMinutes(10) }));
        var plan = await Plan(cluster);
        plan.Decision.ShouldBe(PlanDecision.Infeasible);
        plan.Why[0].ShouldBeOfType<PlanReason.OneRuleForbids>().Refusal.Code.ShouldBe(RefusalCode.Deadline);
    }

    [Fact]
    public async Task What_an_application_leaves_out_and_limits_holds_at_the_service()
    {
        await using var cluster = await Cluster.Start();
        var view = Samples.View([Samples.Site("a"), Cheap("b", 0.1m), Cheap("c", 0.2m)], Samples.Vm("vm1", "a"), Samples.Vm("vm2", "a"), Samples.Vm("vm3", "a"));
        await Apply(cluster, view);
        SitesOf(await Plan(cluster)).ShouldBe("b b b");
        await Again(cluster, view.Application with { Without = [new("b")] });
        SitesOf(await Plan(cluster)).ShouldBe("c c c");
        await Again(cluster, view.Application with { Apart = [new([new("vm1"), new("vm2"), new("vm3")], 2) { MostAtOne = 2 }] });
        SitesOf(await Plan(cluster)).ShouldBe("b b c");
        await Again(cluster, view.Application with { BudgetPerHour = 0.2m });
        (await Plan(cluster)).Why[0].ShouldBeOfType<PlanReason.OneRuleForbids>().Refusal.Code.ShouldBe(RefusalCode.BudgetPerHour);
    }

    [Fact]
    public async Task What_is_emitted_is_said_and_counts_where_the_application_gives_it_a_price()
    {
        await using var cluster = await Cluster.Start();
        var view = Samples.View([Samples.Site("a") with { Energy = new(10, PriceSchedule.Always(900)) }, Cheap("b", 1.1m) with { Energy = new(10, PriceSchedule.Always(100)) }], Samples.Vm("vm1", "a"));
        await Apply(cluster, view);
        var stays = await Plan(cluster);
        (stays.Decision, stays.GramsAfter).ShouldBe((PlanDecision.Stay, stays.GramsBefore));
        stays.GramsBefore!.Value.ShouldBe(72, 0.1, "0.04 kW for two hours");

        await Again(cluster, view.Application with { CarbonPrice = 20_000 });
        var goes = await Plan(cluster);
        goes.Decision.ShouldBe(PlanDecision.Migrate);
        goes.GramsAfter!.Value.ShouldBe(8, 0.1);
    }

    [Fact]
    public async Task What_is_preferred_counts_at_the_service_and_is_told_apart_from_what_is_paid()
    {
        await using var cluster = await Cluster.Start();
        var view = Samples.View([Samples.Site("a"), Cheap("b", 1.1m)], Samples.Vm("vm1", "a"));
        await Apply(cluster, view.With(application => application with { Prefer = [new([], [new("b")], 0.01m)] }));
        var stays = await Plan(cluster);
        stays.Decision.ShouldBe(PlanDecision.Stay);
        stays.After!.Value.Preference.ShouldBe(0.02, 0.0001, "for two hours, less what has passed");

        await Again(cluster, view.Application with { Prefer = [new([new("vm1")], [new("b")], 1)] });
        var goes = await Plan(cluster);
        goes.Steps.ShouldHaveSingleItem().To.ShouldBe(Samples.At("b"));
        goes.Before!.Value.Preference.ShouldBe(2, 0.01);
        goes.After!.Value.Preference.ShouldBe(0);
        goes.After.Value.Cost.ShouldBeGreaterThan(goes.Before.Value.Cost);
    }

    [Fact]
    public async Task In_quiet_hours_the_service_plans_to_move_when_they_are_over()
    {
        await using var cluster = await Cluster.Start();
        var now = cluster.Clock.GetUtcNow();
        var ends = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, now.Minute, 0, now.Offset).AddMinutes(30);
        var quiet = new ArrivalWindow([], TimeOnly.FromDateTime(ends.UtcDateTime.AddHours(-2)), TimeOnly.FromDateTime(ends.UtcDateTime), TimeZoneInfo.Utc);
        await Apply(cluster, Samples.View([Samples.Site("a"), Cheap("b", 0.1m)], Samples.Vm("vm1", "a")).With(application => application with { Quiet = [quiet] }));
        var plan = await Plan(cluster);
        (plan.Steps.Length, plan.LeaveAt, plan.NextEvent).ShouldBe((0, ends, ends));

        cluster.Clock.Advance(TimeSpan.FromMinutes(31));
        (await Plan(cluster)).Steps.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task So_many_VMs_move_within_a_day_unasked_as_the_application_lets_and_what_was_asked_for_counts()
    {
        await using var cluster = await Cluster.Start();
        var view = Samples.View([Cheap("a", 1), Cheap("b", 0.5m)], Samples.Vm("vm1", "a"));
        await Apply(cluster, view.With(application => application with { Remaining = TimeSpan.FromHours(50), Moves = new() { PerDay = 1 } }));
        var asked = await Ask(cluster);
        asked.Plan.Waits.ShouldNotContain(wait => wait.Code == RefusalCode.MovesPerDay);
        await cluster.Grains.Plan(asked.Id).Apply();
        await Settled(cluster, asked.Id);

        // Back pays at once, and again after its cool-down, in as many windows as it has to.
        (await cluster.Grains.Site(new("a")).Apply(view.Sites[0] with { Offers = [Samples.Std with { Price = PriceSchedule.Always(0.1m) }] })).Changed.ShouldBeTrue();
        cluster.Clock.Advance(TimeSpan.FromMinutes(20));
        await Look(cluster, windows: 4);
        (await cluster.Grains.Placement(App).Plans(new())).Select(plan => plan.Id).ShouldBe([asked.Id], "the day's move is made");
        var waits = (await Plan(cluster)).Waits.Where(wait => wait.Code == RefusalCode.MovesPerDay).ShouldHaveSingleItem();
        (waits.Arguments.Limit, waits.Arguments.Needed).ShouldBe((1, 2));

        cluster.Clock.Advance(TimeSpan.FromHours(24));
        (await Plan(cluster)).Waits.ShouldNotContain(wait => wait.Code == RefusalCode.MovesPerDay);
    }

    [Fact]
    public async Task A_move_that_would_stand_still_for_too_long_is_not_planned_and_the_plan_says_why()
    {
        await using var cluster = await Cluster.Start();
        var view = Samples.View([Samples.Site("a"), Cheap("b", 0.1m)], Samples.Vm("vm1", "a"));
        await Apply(cluster, view);
        var downtime = (await Plan(cluster)).Steps.ShouldHaveSingleItem().Estimate.DowntimeSeconds;
        await Again(cluster, view.Application with { Moves = new() { Downtime = TimeSpan.FromSeconds(0.05) } });
        var stays = await Plan(cluster);
        downtime.ShouldBeGreaterThan(0.05);
        stays.Decision.ShouldBe(PlanDecision.Stay);
        stays.Rejected.Single(rejection => rejection.Site == new SiteId("b")).Refusal.Code.ShouldBe(RefusalCode.MoveDowntime);

        var hot = view.WithVm("vm1", vm => vm with { DirtyBytesPerSecond = 1e9 }).Application with { ColdMoves = new(TimeSpan.Zero, TimeSpan.FromSeconds(30)) };
        await Again(cluster, hot);
        (await Plan(cluster)).Steps.ShouldHaveSingleItem().Estimate.IsCold.ShouldBeTrue();
        await Again(cluster, hot with { ColdMoves = hot.ColdMoves! with { Downtime = TimeSpan.FromSeconds(20) } });
        (await Plan(cluster)).Rejected.Single(rejection => rejection.Site == new SiteId("b")).Refusal.Code.ShouldBe(RefusalCode.ColdDowntime);
    }

    private static Site Cheap(string name, decimal price) => Samples.Site(name, Samples.Std with { Price = PriceSchedule.Always(price) });

    private static string SitesOf(Plan plan) => string.Join(' ', plan.Placement.Select(vm => vm.Location.Site.Value).Order(StringComparer.Ordinal));

    private static async Task Apply(Cluster cluster, PlacementView view)
    {
        foreach (var site in view.Sites)
        {
            (await cluster.Grains.Site(site.Id).Apply(site)).Changed.ShouldBeTrue();
        }

        await Again(cluster, view.Application);
    }

    private static async Task Again(Cluster cluster, Application application) =>
        (await cluster.Grains.Application(Named).Apply(application with { Id = Named, Remaining = application.Remaining * 2 })).Changed.ShouldBeTrue();

    // vm1's sensor tells of the newest window; the service notes it once all have reported, or when it has waited.
    private static async Task<Window> Report(Cluster cluster, TrafficRecord record)
    {
        var window = Window.LastClosed(cluster.Clock.GetUtcNow());
        await cluster.Grains.Traffic(App).Take(new("host-a", Guid.NewGuid(), [new SentWindow(1, new("vm1"), PackedPart.Of(new("host-a", new WindowReport(new("vm1"), window, [record], Window.Length))))]));
        while ((await cluster.Grains.Application(Named).Get())?.LastWindow is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        return window;
    }

    private static async Task<Plan> Plan(Cluster cluster) => (await Ask(cluster)).Plan;

    private static async Task<StoredPlan> Ask(Cluster cluster) => (await cluster.Grains.Placement(App).Plan(new(20, "exact", 0, 2), TestContext.Current.CancellationToken))!;

    // The service's own looks, in windows one after another.
    private static async Task Look(Cluster cluster, int windows)
    {
        for (var window = 0; window < windows; window++)
        {
            cluster.Clock.Advance(Window.Length);
            await cluster.Grains.Placement(App).Look(DecisionTrigger.TimePassed);
        }
    }

    private static async Task Settled(Cluster cluster, PlanId plan)
    {
        while (!PlanSagas.IsSettled((await cluster.Grains.Plan(plan).Get())!.Saga))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        (await cluster.Grains.Plan(plan).Get())!.State.ShouldBe(PlanState.Applied);
    }
}
