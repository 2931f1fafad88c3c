using System.Net;
using System.Text.Json;
using Federation.Silo.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Flow;

public sealed class PlacementTests
{
    [Fact]
    public async Task A_new_application_is_placed_where_it_costs_least()
    {
        await using var service = await Placed();
        (await SitesOf(service)).ShouldAllBe(site => site == "cheap");
        var holds = (await service.Read("/v1/sites/cheap")).GetProperty("holds").EnumerateArray().ToArray();
        holds.Length.ShouldBe(8);
        holds.ShouldAllBe(hold => hold.GetProperty("state").GetString() == "occupied");
    }

    [Fact]
    public async Task A_plan_applied_twice_does_nothing_the_second_time()
    {
        await using var service = await Placed();
        var events = (await service.Read("/v1/events?limit=1000")).GetArrayLength();
        using var again = await service.Post("/v1/plans/cg.1.1/apply");
        again.StatusCode.ShouldBe(HttpStatusCode.OK);
        var answer = JsonSerializer.Deserialize<JsonElement>(await again.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        answer.GetProperty("did").GetBoolean().ShouldBeFalse();
        answer.GetProperty("text").GetString().ShouldBe("plan astro/cg.1.1 was applied before");
        (await service.Read("/v1/events?limit=1000")).GetArrayLength().ShouldBe(events);
        (await service.Read("/v1/vms?application=cg")).EnumerateArray().ShouldAllBe(vm => vm.GetProperty("epoch").GetInt64() == 1);
    }

    [Fact]
    public async Task A_plan_made_before_a_price_changed_is_refused_with_what_changed()
    {
        await using var service = await RunningService.Start();
        await service.Apply([.. SampleFiles.TwoClouds, SampleFiles.Application()]);
        await service.Plan("cg");
        await service.Apply(SampleFiles.Site("cheap", 0.35m));
        using var refused = await service.Post("/v1/plans/cg.1.1/apply");
        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var problem = JsonSerializer.Deserialize<JsonElement>(await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var change = problem.GetProperty("changes").EnumerateArray().ShouldHaveSingleItem().GetString()!;
        change.ShouldStartWith("site cheap: offers[std].price");
        change.ShouldContain("0.1");
        change.ShouldContain("0.35");
        (await service.Read("/v1/vms?application=cg")).EnumerateArray().ShouldAllBe(vm => vm.GetProperty("at").ValueKind == JsonValueKind.Null);
    }

    [Fact]
    public async Task A_plan_goes_stale_by_a_new_remaining_time_but_not_by_the_clock()
    {
        await using var service = await Placed();
        await service.Plan("cg");
        await service.Apply(SampleFiles.Application(more: "deadline: 9h"));
        using var refused = await service.Post("/v1/plans/cg.1.2/apply");
        // To stay is nothing to apply, whatever has changed since.
        refused.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await service.Read("/v1/applications/cg")).GetProperty("remainingSeconds").GetDouble().ShouldBeInRange(0, 7200);
    }

    [Fact]
    public async Task When_a_price_rises_the_migration_is_proposed_with_its_reasons_and_leads_where_it_says()
    {
        await using var service = await Placed();
        await service.Apply(SampleFiles.Site("cheap", 2));
        await service.Happened("plan astro/cg.1.2 (site cheap changed)", "plan.proposed");
        var plan = await service.Read("/v1/plans/cg.1.2");
        plan.GetProperty("decision").GetString().ShouldBe("migrate");
        plan.GetProperty("why")[0].GetString()!.ShouldContain("more than the margin");
        plan.GetProperty("after").GetProperty("cost").GetDouble().ShouldBeLessThan(plan.GetProperty("before").GetProperty("cost").GetDouble());
        plan.GetProperty("steps").GetArrayLength().ShouldBe(8);
        (await service.Carry("cg.1.2")).ShouldBe("plan.applied");
        (await SitesOf(service)).ShouldAllBe(site => site == "dear");
        (await service.Read("/v1/sites/cheap")).GetProperty("holds").GetArrayLength().ShouldBe(0);
        (await service.Read("/v1/sites/dear")).GetProperty("holds").GetArrayLength().ShouldBe(8);
        var migrations = (await service.Read("/v1/migrations?application=cg")).EnumerateArray().ToArray();
        migrations.Length.ShouldBe(8);
        migrations.ShouldAllBe(migration => migration.GetProperty("phase").GetString() == "done");
        (await service.Plan("cg")).GetProperty("decision").GetString().ShouldBe("stay");
    }

    [Fact]
    public async Task An_infeasible_application_is_answered_with_what_stopped_each_site()
    {
        await using var service = await RunningService.Start();
        await service.Apply([.. SampleFiles.TwoClouds, SampleFiles.Application(more: "deadline: 10s")]);
        var plan = await service.Plan("cg");
        plan.GetProperty("decision").GetString().ShouldBe("infeasible");
        var rejected = plan.GetProperty("rejected").EnumerateArray().ToDictionary(
            site => site.GetProperty("site").GetString()!, site => site.GetProperty("reason").GetString()!);
        rejected.Keys.ShouldBe(["cheap", "dear"], ignoreOrder: true);
        rejected.Values.ShouldAllBe(reason => reason.StartsWith("deadline: "));
        using var applied = await service.Post("/v1/plans/cg.1.1/apply");
        applied.StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_quota_holds_over_all_applications_of_a_tenant()
    {
        await using var service = await RunningService.Start();
        await service.Apply(
            SampleFiles.Site("cheap", 0.1m, more: "quotas: [{ tenant: astro, vms: 10 }]"), SampleFiles.Site("dear", 0.2m),
            SampleFiles.Application("one"), SampleFiles.Application("two"));
        await service.Carry((await service.Plan("one")).GetProperty("id").GetString()!);
        await service.Carry((await service.Plan("two")).GetProperty("id").GetString()!);
        (await service.Read("/v1/sites/cheap")).GetProperty("holds").GetArrayLength().ShouldBe(10);
        (await service.Read("/v1/sites/dear")).GetProperty("holds").GetArrayLength().ShouldBe(6);
    }

    [Fact]
    public async Task A_site_that_wants_to_approve_is_asked_first()
    {
        await using var service = await RunningService.Start();
        await service.Apply(SampleFiles.Site("cheap", 0.1m, more: "policy: { approval: manual }"), SampleFiles.Application());
        await service.Plan("cg");
        using var refused = await service.Post("/v1/plans/cg.1.1/apply");
        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("approval of cheap");
        using var approved = await service.Post("/v1/plans/cg.1.1/apply?approve=cheap");
        approved.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task A_deleted_application_gives_its_places_back_and_its_names_are_not_used_again()
    {
        await using var service = await Placed();
        using var deleted = await service.Http.DeleteAsync(new Uri("/v1/applications/cg", UriKind.Relative), TestContext.Current.CancellationToken);
        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await service.Read("/v1/sites/cheap")).GetProperty("holds").GetArrayLength().ShouldBe(0);
        await service.Apply(SampleFiles.Application());
        (await service.Plan("cg")).GetProperty("id").GetString().ShouldBe("cg.2.1");
        (await service.Carry("cg.2.1")).ShouldBe("plan.applied");
    }

    [Fact]
    public async Task VMs_that_run_already_are_taken_over_where_they_are()
    {
        await using var service = await RunningService.Start();
        var (path, text) = SampleFiles.Application();
        await service.Apply([.. SampleFiles.TwoClouds, (path, text.Replace("vcpus: 2,", "vcpus: 2, at: { site: dear, offer: std },", StringComparison.Ordinal))]);
        (await SitesOf(service)).ShouldAllBe(site => site == "dear");
        (await service.Plan("cg")).GetProperty("decision").GetString().ShouldBe("migrate");
    }

    private static async Task<RunningService> Placed()
    {
        var service = await RunningService.Start();
        await service.Apply([.. SampleFiles.TwoClouds, SampleFiles.Application()]);
        (await service.Plan("cg")).GetProperty("decision").GetString().ShouldBe("place");
        (await service.Carry("cg.1.1")).ShouldBe("plan.applied");
        return service;
    }

    private static async Task<string?[]> SitesOf(RunningService service) =>
        [.. (await service.Read("/v1/vms?application=cg")).EnumerateArray().Select(vm => vm.GetProperty("at").GetProperty("site").GetString())];
}
