using Federation.Contracts;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Sites;
using Federation.Grains.Tests.Making;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

/// <summary>What is known, and what is not, as the service sees it: prices, reservations and windows on a clock of the test's own.</summary>
public sealed class KnownFutureTests
{
    private static readonly AppId Named = new(new("astro"), "cg");
    private static readonly AppId App = Named with { Incarnation = 1 };
    private static readonly PlanRequest Asked = new(20, "exact", 0, 2);

    [Fact]
    public async Task A_price_that_will_fall_is_waited_for_and_gone_to_when_it_falls()
    {
        await using var cluster = await Cluster.Start();
        var falls = Minute(cluster.Clock.GetUtcNow().AddHours(1));
        await Apply(cluster, Samples.View([Samples.Site("a"), Priced("b", new([new(falls.AddHours(-9), 3), new(falls, 0.01m)]))], Samples.Vm("vm1", "a")));

        var plan = await Plan(cluster);
        (plan.Plan.LeaveAt, plan.Plan.Steps.Length, plan.Plan.NextEvent).ShouldBe((falls, 0, falls));
        await Carry(cluster, plan);
        await IsAt(cluster, "a");
        await cluster.Grains.Placement(App).Look(DecisionTrigger.TimePassed);
        (await cluster.Grains.Placement(App).Plans(new())).Length.ShouldBe(1, "it holds to what was applied");

        await Due(cluster, falls);
        await IsAt(cluster, "b");
    }

    [Fact]
    public async Task A_reservation_that_will_open_and_end_is_come_to_and_left_in_time()
    {
        await using var cluster = await Cluster.Start();
        var opens = Minute(cluster.Clock.GetUtcNow().AddMinutes(30));
        var free = Priced("b", PriceSchedule.Always(0)) with { Availability = [new(opens, opens.AddHours(2))] };
        await Apply(cluster, Samples.View([Samples.Site("a"), free], Samples.Vm("vm1", "a")));

        var plan = await Plan(cluster);
        (plan.Plan.LeaveAt, plan.Plan.Then.Length).ShouldBe((opens, 1), string.Join('\n', plan.Plan.Why.Select(why => Federation.Domain.Plans.PlanReasonText.Of(why))));
        await Carry(cluster, plan);
        await Due(cluster, opens);
        await IsAt(cluster, "b");
        await Due(cluster, plan.Plan.Then[0].At);
        await IsAt(cluster, "a");
    }

    [Fact]
    public async Task A_site_that_closes_is_left_while_its_window_is_open()
    {
        await using var cluster = await Cluster.Start();
        var (now, opens) = (cluster.Clock.GetUtcNow(), Minute(cluster.Clock.GetUtcNow().AddMinutes(30)));
        var closing = Samples.Site("a") with
        {
            Availability = [new(now.AddHours(-1), now.AddHours(2))],
            Policy = new() { Departures = [new([], TimeOnly.FromDateTime(opens.UtcDateTime), TimeOnly.FromDateTime(opens.AddMinutes(30).UtcDateTime), TimeZoneInfo.Utc)] },
        };
        await Apply(cluster, Samples.View([closing, Samples.Site("b")], Samples.Vm("vm1", "a")));

        var plan = await Plan(cluster);
        plan.Plan.Decision.ShouldBe(PlanDecision.Migrate);
        plan.Plan.LeaveAt!.Value.ShouldBeInRange(opens, opens.AddMinutes(30));
        await Carry(cluster, plan);
        await Due(cluster, plan.Plan.LeaveAt.Value);
        await IsAt(cluster, "b");
    }

    [Fact]
    public async Task A_feed_that_has_become_too_old_moves_nobody_and_is_said()
    {
        await using var cluster = await Cluster.Start();
        await Apply(cluster, Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1", "a")));
        var sites = Samples.View([Priced("a", PriceSchedule.Unknown), Samples.Site("b")]).Sites;
        (await cluster.Grains.Site(new("a")).Apply(sites[0])).Changed.ShouldBeTrue();

        var plan = await Plan(cluster);
        plan.Plan.Decision.ShouldBe(PlanDecision.Stay);
        plan.Plan.Why.OfType<PlanReason.PriceNotKnown>().ShouldHaveSingleItem().Places.Names.ShouldBe(["a/std"]);
    }

    [Fact]
    public async Task One_VM_that_must_leave_goes_alone()
    {
        await using var cluster = await Cluster.Start();
        var view = Samples.View([Samples.Site("a"), Priced("b", PriceSchedule.Always(0.99m))], Samples.Vm("vm1", "a"), Samples.Vm("vm2", "a"));
        await Apply(cluster, view);
        var application = view.WithVm("vm2", vm => vm with { Sites = [new("b")] }).Application with { Id = Named, Remaining = TimeSpan.FromHours(4) };
        (await cluster.Grains.Application(Named).Apply(application)).Changed.ShouldBeTrue();

        await cluster.Grains.Placement(App).Look(DecisionTrigger.TimePassed);
        var plan = (await cluster.Grains.Placement(App).Plans(new())).ShouldHaveSingleItem();
        plan.Plan.Steps.ShouldHaveSingleItem().Vm.Value.ShouldBe("vm2");
        plan.Plan.IsForced.ShouldBeTrue();
    }

    [Fact]
    public async Task A_plan_whose_later_step_would_begin_after_a_window_has_closed_does_not_begin()
    {
        await using var cluster = await Cluster.Start();
        var now = cluster.Clock.GetUtcNow();
        var open = new ArrivalWindow([], TimeOnly.FromDateTime(now.AddHours(-1).UtcDateTime), TimeOnly.FromDateTime(Minute(now.AddMinutes(10)).UtcDateTime), TimeZoneInfo.Utc);
        var dear = Priced("a", PriceSchedule.Always(5)) with { Policy = new() { Departures = [open] } };
        await Apply(cluster, Samples.View([dear, Samples.Site("b")], Samples.Vm("vm1", "a"), Samples.Vm("vm2", "a")));
        var plan = await Plan(cluster);
        plan.Plan.Steps.Length.ShouldBe(2);

        cluster.Clock.Advance(Minute(now.AddMinutes(10)) - cluster.Clock.GetUtcNow() - TimeSpan.FromSeconds(20));
        await cluster.Grains.Plan(plan.Id).Apply();
        await Settled(cluster, plan.Id);
        (await cluster.Grains.Plan(plan.Id).Get())!.State.ShouldBe(PlanState.Failed);
        await IsAt(cluster, "a");
    }

    [Fact]
    public async Task What_is_known_to_happen_is_looked_at_when_it_does_though_nothing_was_applied()
    {
        await using var cluster = await Cluster.Start();
        var falls = cluster.Clock.GetUtcNow().AddSeconds(4);
        await Apply(cluster, Samples.View([Samples.Site("a"), Priced("b", new([new(falls.AddHours(-9), 3), new(falls, 0.01m)]))], Samples.Vm("vm1", "a")));
        await cluster.Grains.Placement(App).Look(DecisionTrigger.TimePassed);
        // Its gain has to persist for three windows: the clock goes on, and so does the look that the event brings.
        cluster.Clock.Advance(TimeSpan.FromSeconds(30));
        await cluster.Grains.Placement(App).Look(DecisionTrigger.TimePassed);
        cluster.Clock.Advance(TimeSpan.FromSeconds(30));
        await cluster.Grains.Placement(App).Look(DecisionTrigger.TimePassed);
        var plan = (await cluster.Grains.Placement(App).Plans(new()))[^1];
        plan.Plan.Steps.ShouldHaveSingleItem().To.ShouldBe(Samples.At("b"));
    }

    private static Site Priced(string name, PriceSchedule price) => Samples.Site(name, Samples.Std with { Price = price });

    private static DateTimeOffset Minute(DateTimeOffset at) => new(at.Year, at.Month, at.Day, at.Hour, at.Minute, 0, at.Offset);

    private static async Task Apply(Cluster cluster, PlacementView view)
    {
        foreach (var site in view.Sites)
        {
            (await cluster.Grains.Site(site.Id).Apply(site)).Changed.ShouldBeTrue();
        }

        (await cluster.Grains.Application(Named).Apply(view.Application with { Id = Named, Remaining = TimeSpan.FromHours(4) })).Changed.ShouldBeTrue();
    }

    private static async Task<StoredPlan> Plan(Cluster cluster) => (await cluster.Grains.Placement(App).Plan(Asked, TestContext.Current.CancellationToken))!;

    private static async Task Carry(Cluster cluster, StoredPlan plan)
    {
        await cluster.Grains.Plan(plan.Id).Apply();
        await Settled(cluster, plan.Id);
        var carried = (await cluster.Grains.Plan(plan.Id).Get())!;
        carried.State.ShouldBe(PlanState.Applied, carried.Saga.Reason is { } reason ? Federation.Domain.Refusals.RefusalText.Of(reason) : null);
    }

    // It is that time: the reminder comes, and what it begins ends.
    private static async Task Due(Cluster cluster, DateTimeOffset at)
    {
        cluster.Clock.Advance(at - cluster.Clock.GetUtcNow() + TimeSpan.FromMilliseconds(1));
        await cluster.Remind(cluster.Grains.Placement(App), "leave");
        await cluster.Grains.Placement(App).Look(DecisionTrigger.LeaveDue);
        foreach (var plan in await cluster.Grains.Placement(App).Plans(new()))
        {
            if (plan.State is PlanState.Applying)
            {
                await Settled(cluster, plan.Id);
            }
        }
    }

    private static async Task IsAt(Cluster cluster, string site) => (await cluster.Grains.Vm(new(App, new("vm1"))).Status()).At.ShouldBe(Samples.At(site));

    private static async Task Settled(Cluster cluster, PlanId plan)
    {
        while (!PlanSagas.IsSettled((await cluster.Grains.Plan(plan).Get())!.Saga))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
