using System.Net;
using System.Text.Json;
using Federation.Contracts;
using Federation.Credentials;
using Federation.Domain;
using Federation.Domain.Access;
using Federation.Silo.Tests.Making;
using Microsoft.Extensions.DependencyInjection;
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
    public async Task Of_plans_that_nobody_starts_the_newest_can_be_started_and_older_ones_are_superseded()
    {
        await using var service = await RunningService.Start();
        await service.Apply([.. SampleFiles.TwoClouds, SampleFiles.Application()]);
        for (var plan = 0; plan <= Limits.Plans.Proposed; plan++)
        {
            await service.Plan("cg");
        }

        while (await StateOf(1) != "superseded")
        {
            await Task.Yield();
        }

        (await StateOf(2)).ShouldBe("proposed");

        async Task<string?> StateOf(int plan) => (await service.Read($"/v1/plans/cg.1.{plan}")).GetProperty("state").GetString();
    }

    [Fact]
    public async Task A_plan_is_refused_with_what_it_relies_on_and_not_for_a_price_that_it_does_not_rely_on()
    {
        await using var service = await RunningService.Start();
        await service.Apply([.. SampleFiles.TwoClouds, SampleFiles.Application()]);
        await service.Plan("cg");
        await service.Apply(SampleFiles.Site("cheap", 0.11m), SampleFiles.Site("dear", 0.31m));
        (await service.Carry("cg.1.1")).ShouldBe("plan.applied");

        await service.Apply(SampleFiles.Site("cheap", 5));
        await service.Happened("plan astro/cg.1.2 (a site changed)", "plan.proposed");
        await service.Apply(SampleFiles.Site("cheap", 0.11m));
        using var refused = await service.Post("/v1/plans/cg.1.2/apply");
        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("plan astro/cg.1.2 is stale: its gain is");
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
        await service.Happened("plan astro/cg.1.2 (a site changed)", "plan.proposed");
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
        var predictions = (await service.Read("/v1/applications/cg?predictions=true")).GetProperty("predictions").EnumerateArray().ToArray();
        predictions.Single(one => one.GetProperty("kind").GetString() == "duration").GetProperty("count").GetInt32().ShouldBe(8);
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

    [Theory]
    [InlineData("cheap", "dear")]
    [InlineData("dear", "cheap")]
    public async Task Two_sites_with_two_administrators_both_approve_in_any_order_and_then_the_plan_goes_on(string first, string second)
    {
        await using var service = await RunningService.Start();
        // A VM for each site.
        await service.Apply(
            SampleFiles.Site("cheap", 0.1m, more: "policy: { approval: manual }", available: 1), SampleFiles.Site("dear", 0.1m, more: "policy: { approval: manual }", available: 1),
            SampleFiles.Application(vms: 2));
        await service.Plan("cg");
        var (early, late) = (service.TokenOf(Admin(first)), service.TokenOf(Admin(second)));

        // Before anybody has started it, an approval starts nothing; and an administrator cannot start it.
        (await Order(service, early, $"/v1/plans/cg.1.1/approve?site={first}")).ShouldBe(HttpStatusCode.OK);
        (await Order(service, early, "/v1/plans/cg.1.1/apply")).ShouldBe(HttpStatusCode.Forbidden);
        (await Order(service, early, $"/v1/plans/cg.1.1/approve?site={second}")).ShouldBe(HttpStatusCode.Forbidden);
        (await service.Read("/v1/plans/cg.1.1")).GetProperty("state").GetString().ShouldBe("proposed");

        using var started = await service.Post("/v1/plans/cg.1.1/apply");
        started.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await started.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain($"waits for the approval of {second}");
        (await service.Read("/v1/plans?waiting=true")).EnumerateArray().ShouldHaveSingleItem().GetProperty("missing")[0].GetString().ShouldBe(second);

        (await Order(service, late, "/v1/plans/cg.1.1/approve")).ShouldBe(HttpStatusCode.OK);
        (await service.Happened("plan astro/cg.1.1 ", "plan.applied", "plan.failed")).ShouldBe("plan.applied");
        (await SitesOf(service)).Order().ShouldBe(["cheap", "dear"]);
    }

    [Fact]
    public async Task A_plan_that_a_site_rejects_ends_and_says_by_whom()
    {
        await using var service = await RunningService.Start();
        await service.Apply(SampleFiles.Site("cheap", 0.1m, more: "policy: { approval: manual }"), SampleFiles.Application());
        await service.Plan("cg");
        using var started = await service.Post("/v1/plans/cg.1.1/apply");
        started.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await Order(service, service.TokenOf(Admin("cheap")), "/v1/plans/cg.1.1/reject?reason=holidays")).ShouldBe(HttpStatusCode.OK);
        await service.Happened("plan astro/cg.1.1 was rejected for site cheap by admin of cheap", "plan.rejected");
        using var again = await service.Post("/v1/plans/cg.1.1/apply");
        again.StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_plan_that_waits_can_be_cancelled_and_the_site_is_not_asked_any_more()
    {
        await using var service = await RunningService.Start();
        await service.Apply(SampleFiles.Site("cheap", 0.1m, more: "policy: { approval: manual }"), SampleFiles.Application());
        await service.Plan("cg");
        using var started = await service.Post("/v1/plans/cg.1.1/apply");
        using var cancelled = await service.Post("/v1/plans/cg.1.1/cancel");
        cancelled.StatusCode.ShouldBe(HttpStatusCode.OK);
        await service.Happened("plan astro/cg.1.1 was cancelled", "plan.cancelled");
        (await Order(service, service.TokenOf(Admin("cheap")), "/v1/plans/cg.1.1/approve")).ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Two_applications_whose_names_and_VMs_glue_to_the_same_text_both_move()
    {
        await using var service = await RunningService.Start();
        await service.Apply([.. SampleFiles.TwoClouds, AtDear(SampleFiles.WithPrefix("a", "1-x")), AtDear(SampleFiles.WithPrefix("a-1", "x"))]);
        foreach (var application in (string[])["a", "a-1"])
        {
            // The numbers have to be the same as well.
            (await service.Plan(application)).GetProperty("id").GetString().ShouldBe($"{application}.1.1");
            (await service.Carry($"{application}.1.1")).ShouldBe("plan.applied");
            (await service.Read($"/v1/vms?application={application}"))[0].GetProperty("at").GetProperty("site").GetString().ShouldBe("cheap");
        }

        (await service.Read("/v1/migrations")).EnumerateArray().Select(migration => migration.GetProperty("id").GetString()).Distinct().Count().ShouldBe(2);
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
        await service.Apply([.. SampleFiles.TwoClouds, AtDear(SampleFiles.Application())]);
        (await SitesOf(service)).ShouldAllBe(site => site == "dear");
        (await service.Plan("cg")).GetProperty("decision").GetString().ShouldBe("migrate");

        // As time passes it is looked at again, though no plan has placed it.
        var placement = service.Services.GetRequiredService<IGrainFactory>().Placement(new(new("astro"), "cg", 1));
        var reminders = await service.Services.GetRequiredService<IReminderTable>().ReadRows(placement.GetGrainId(), TestContext.Current.CancellationToken);
        reminders.Reminders.Select(reminder => reminder.ReminderName).ShouldContain("reevaluate");
    }

    private static (string Path, string Text) AtDear((string Path, string Text) file) =>
        (file.Path, file.Text.Replace("vcpus: 2,", "vcpus: 2, at: { site: dear, offer: std },", StringComparison.Ordinal));

    private static async Task<HttpStatusCode> Order(RunningService service, string token, string path)
    {
        using var answer = await service.Send(token, "POST", path);
        return answer.StatusCode;
    }

    private static Caller Admin(string site) => new($"admin of {site}", TokenIssuer.Name, [Role.SiteAdmin], [], [new(site)]);

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
