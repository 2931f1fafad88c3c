using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Domain.Traffic;
using Federation.Grains.Solving;
using Federation.Grains.Tests.Making;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

/// <summary>Plans that are asked for, from then until they are made or will not be.</summary>
public sealed class PlanJobTests
{
    private static readonly AppId Astro = new(new("astro"), "cg", 1);
    private static readonly AppId Bio = new(new("bio"), "cg", 1);

    // One worker, which whoever has it keeps.
    private static readonly SolvingOptions OneAtATime = new() { Workers = 1, Behind = 0, WaitingPerTenant = 3 };

        private static PlanRequest Quick { get; } = new(1, "search", 0, 1);

    // Far too many VMs for a proof: it uses all of its minute.
    private static PlanRequest Long { get; } = new(1, "exact", 0, 60);

    [Fact(Timeout = 120_000)]
    public async Task A_hundred_long_plans_of_one_tenant_do_not_hold_up_the_plan_of_another_that_comes_after_them()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var cluster = await With(new() { Workers = 1 }, (Astro, 40), (Bio, 2));
        var asked = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => cluster.Grains.Placement(Astro).Ask(Long)));
        await Until(cluster, Astro, 1, PlanJobState.Solving);

        (await cluster.Grains.Placement(Bio).Plan(Quick, cancel))!.Plan.Decision.ShouldBe(PlanDecision.Place);

        // One began at once, or not yet when all others had come; the bound is on those that wait.
        asked.Count(one => one.Id is not null).ShouldBeInRange(16, 17);
        asked.Where(one => one.Id is null).ShouldAllBe(one => one.Refusal!.Code == RefusalCode.PlansOfTenantWaiting);
        (await cluster.Grains.Placement(Astro).Job(1, TimeSpan.Zero, cancel))!.State.ShouldBe(PlanJobState.Solving);
    }

    [Fact(Timeout = 120_000)]
    public async Task While_a_plan_is_solved_everything_else_of_its_application_is_answered_and_deletion_ends_the_solving()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var cluster = await With(OneAtATime, (Astro, 40));
        var placement = cluster.Grains.Placement(Astro);
        (await placement.Ask(Long)).Id.ShouldBe(new PlanId(Astro, 1));
        (await placement.Ask(Quick)).Id.ShouldBe(new PlanId(Astro, 2));
        await Until(cluster, Astro, 1, PlanJobState.Solving);

        (await placement.Job(2, TimeSpan.Zero, cancel)).ShouldBe(
            (await placement.Job(2, TimeSpan.Zero, cancel))! with { State = PlanJobState.Waiting, Before = 0, Since = null, Plan = null, Refusal = null });
        (await placement.Plans(new())).ShouldBeEmpty();
        await placement.PlanStarted(new(Astro, 9), PlanState.Waiting);
        (await cluster.Grains.Application(Astro).Delete()).Changed.ShouldBeTrue();

        foreach (var number in new[] { 1, 2 })
        {
            var ended = (await placement.Job(number, TimeSpan.Zero, cancel))!;
            (ended.State, ended.Refusal!.Code).ShouldBe((PlanJobState.Failed, RefusalCode.ApplicationDeleted));
        }

        using var free = cluster.Solvers.Single().Ask(Bio.Tenant, SolveKind.Asked);
        await free.Turn;
    }

    [Fact(Timeout = 120_000)]
    public async Task A_plan_that_is_cancelled_is_not_made_whether_it_waits_or_is_being_solved()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var cluster = await With(OneAtATime, (Astro, 40));
        var placement = cluster.Grains.Placement(Astro);
        await placement.Ask(Long);
        await placement.Ask(Long);
        await placement.Ask(Quick);
        await Until(cluster, Astro, 1, PlanJobState.Solving);

        (await placement.CancelJob(2)).Job!.State.ShouldBe(PlanJobState.Cancelled);
        (await placement.CancelJob(1)).Job!.State.ShouldBe(PlanJobState.Cancelled);
        (await placement.Job(3, TimeSpan.FromMinutes(1), cancel))!.State.ShouldBe(PlanJobState.Made);

        (await placement.CancelJob(1)).Refusal!.Code.ShouldBe(RefusalCode.PlanCancelled);
        (await placement.CancelJob(3)).Refusal!.Code.ShouldBe(RefusalCode.PlanMade);
        (await placement.CancelJob(4)).ShouldBe(new(null));
        (await placement.Plans(new())).Select(plan => plan.Id.Number).ShouldBe([3]);
    }

    [Fact(Timeout = 120_000)]
    public async Task Beyond_the_bound_a_plan_is_refused_with_the_bound_and_gets_no_number()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var cluster = await With(OneAtATime, (Astro, 2), (Bio, 2));
        using var occupied = cluster.Solvers.Single().Ask(new("other"), SolveKind.Asked);
        var placement = cluster.Grains.Placement(Astro);
        for (var number = 1; number <= 3; number++)
        {
            (await placement.Ask(Quick)).Id.ShouldBe(new PlanId(Astro, number));
        }

        var refused = await placement.Ask(Quick);
        (refused.Id, refused.Refusal!.Code, refused.Refusal.Arguments.Limit).ShouldBe((null, RefusalCode.PlansOfTenantWaiting, 3));
        (await placement.Pareto(Quick, 3, cancel)).Refusal!.Code.ShouldBe(RefusalCode.PlansOfTenantWaiting);
        (await cluster.Grains.Placement(Bio).Ask(Quick)).Id.ShouldNotBeNull();

        occupied.Dispose();
        (await placement.Job(3, TimeSpan.FromMinutes(1), cancel))!.State.ShouldBe(PlanJobState.Made);
        (await placement.Ask(Quick)).Id.ShouldBe(new PlanId(Astro, 4));
    }

    [Fact(Timeout = 120_000)]
    public async Task Plans_that_waited_on_a_silo_that_died_are_made_by_another_however_many_they_are()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var cluster = await With(OneAtATime, ["a", "b"], (Astro, 2));
        SolverPlace[] occupied = [.. cluster.Solvers.Select(pool => pool.Ask(new("other"), SolveKind.Asked))];
        var placement = cluster.Grains.Placement(Astro);
        for (var number = 1; number <= 3; number++)
        {
            (await placement.Ask(Quick)).Id.ShouldBe(new PlanId(Astro, number));
        }

        await cluster.KillHostOf(placement);
        using var more = cluster.Solvers.Single().Ask(Astro.Tenant, SolveKind.Asked);
        Array.ForEach(occupied, place => place.Dispose());

        // As the service does when a silo is lost.
        await placement.Resume();
        more.Dispose();
        for (var number = 1; number <= 3; number++)
        {
            (await placement.Job(number, TimeSpan.FromMinutes(1), cancel))!.State.ShouldBe(PlanJobState.Made);
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task A_grain_that_is_let_go_gives_up_its_places_and_the_next_activation_asks_for_them_again()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var cluster = await With(OneAtATime, (Astro, 2));
        var (placement, pool) = (cluster.Grains.Placement(Astro), cluster.Solvers.Single());
        using var occupied = pool.Ask(new("other"), SolveKind.Asked);
        await placement.Ask(Quick);
        await placement.Ask(Quick);
        pool.Load.Asked.ShouldBe(2);

        await cluster.Forget();
        while (pool.Load.Asked != 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancel);
        }

        (await placement.Job(2, TimeSpan.Zero, cancel))!.Before.ShouldBe(1);
        pool.Load.Asked.ShouldBe(2);
        occupied.Dispose();
        (await placement.Job(2, TimeSpan.FromMinutes(1), cancel))!.State.ShouldBe(PlanJobState.Made);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("placement", false)]
    [InlineData("placement", true)]
    [InlineData("plan", false)]
    [InlineData("saga", true)]
    public async Task A_plan_whose_writing_failed_once_is_there_all_the_same(string state, bool afterIt)
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var cluster = await With(OneAtATime, (Astro, 2));
        using var occupied = cluster.Solvers.Single().Ask(new("other"), SolveKind.Asked);
        await cluster.Grains.Placement(Astro).Ask(Quick);
        cluster.Storage.Fail(state, afterIt);
        occupied.Dispose();

        var made = (await cluster.Grains.Placement(Astro).Job(1, TimeSpan.FromMinutes(1), cancel))!;
        made.State.ShouldBe(PlanJobState.Made);
        (await cluster.Grains.Plan(made.Id).Get()).ShouldNotBeNull();
    }

    private static Task<Cluster> With(SolvingOptions solving, params (AppId Id, int Vms)[] applications) => With(solving, [], applications);

    // Some sites, and applications of VMs that are nowhere yet.
    private static async Task<Cluster> With(SolvingOptions solving, string[] silos, params (AppId Id, int Vms)[] applications)
    {
        var cluster = await Cluster.Start(solving, silos);
        var std = Samples.Std with { Available = 12 };
        foreach (var site in Samples.View([.. (silos.Length > 0 ? silos : ["a", "b", "c", "d"]).Select(name => Samples.Site(name, std))]).Sites)
        {
            await cluster.Grains.Site(site.Id).Apply(site);
        }

        foreach (var (id, vms) in applications)
        {
            var application = Samples.View([], [.. Enumerable.Range(1, vms).Select(vm => Samples.Vm($"vm{vm}") with { Addresses = [AddressOf(vm)] })]).Application;
            await cluster.Traffic.Append([.. Enumerable.Range(1, vms).Select(vm => Report(id, vm, vms))], TestContext.Current.CancellationToken);
            (await cluster.Grains.Application(id).Apply(application with { Id = id.Named, Remaining = TimeSpan.FromHours(2) })).Changed.ShouldBeTrue();
        }

        return cluster;
    }

    // All talk with all, each pair more or less than the others: which of them belong together is hard to prove.
    private static SubmittedReport Report(AppId application, int vm, int vms) => new(
        application,
        new("host-a", Guid.NewGuid(), 1),
        new(new($"vm{vm}"), Window.LastClosed(TimeProvider.System.GetUtcNow()), [.. Enumerable.Range(1, vms).Where(peer => peer != vm)
            .Select(peer => new TrafficRecord(AddressOf(peer), FlowDirection.Received, 1_000, 1_000_000L + (vm * peer * 7_919_333L % 97_000_001)))], Window.Length));

    private static Address AddressOf(int vm) => Address.Parse($"10.42.0.{vm}");

    private static async Task Until(Cluster cluster, AppId application, int number, PlanJobState state)
    {
        var cancel = TestContext.Current.CancellationToken;
        while ((await cluster.Grains.Placement(application).Job(number, TimeSpan.Zero, cancel))!.State != state)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancel);
        }
    }
}
