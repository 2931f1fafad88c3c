using System.Net;
using System.Text;
using System.Text.Json;
using Federation.Grains.Solving;
using Federation.Silo.Tests.Making;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Api;

/// <summary>Plans between being asked for and being made, over HTTP.</summary>
public sealed class PlanJobTests
{
    [Fact(Timeout = 120_000)]
    public async Task A_plan_that_is_not_made_in_time_is_a_job_that_is_looked_at_and_waited_for()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var service = await Start();
        using var occupied = Occupy(service);

        using var asked = await service.Post("/v1/applications/cg/plans?wait=0");
        asked.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var job = asked.Headers.Location!.OriginalString;
        job.ShouldBe("/v1/plans/cg.1.1/job?tenant=astro");
        (await asked.Content.ReadAsStringAsync(cancel)).ShouldContain("\"state\":\"waiting\"");
        using var second = await service.Post("/v1/applications/cg/plans?wait=0.01");
        (await second.Content.ReadAsStringAsync(cancel)).ShouldContain("it waits for its turn, 1 before it");
        using var early = await service.Get("/v1/plans/cg.1.1");
        early.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await early.Content.ReadAsStringAsync(cancel)).ShouldContain("it was asked for, and it waits for its turn, 0 before it");

        var waiting = service.Read($"{job}&wait=60");
        occupied.Dispose();
        var made = await waiting;
        made.GetProperty("state").GetString().ShouldBe("made");
        made.GetProperty("plan").GetProperty("decision").GetString().ShouldBe("place");
        (await service.Read("/v1/plans/cg.1.1")).GetProperty("state").GetString().ShouldBe("proposed");
        using var late = await service.Send(service.Token, "DELETE", job);
        late.StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_job_is_cancelled_by_whoever_says_so_and_with_the_request_that_waits_for_it()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var service = await Start();
        using var occupied = Occupy(service);
        using var asked = await service.Post("/v1/applications/cg/plans?wait=0");
        using var cancelled = await service.Send(service.Token, "DELETE", "/v1/plans/cg.1.1/job");
        cancelled.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await cancelled.Content.ReadAsStringAsync(cancel)).ShouldContain("plan astro/cg.1.1 was cancelled by");

        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var body = new StringContent("{}", Encoding.UTF8, "application/json");
        var waits = service.Http.PostAsync(new Uri("/v1/applications/cg/plans", UriKind.Relative), body, leaving.Token);
        await StateOf(service, "cg.1.2", "waiting", cancel);
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waits);

        await StateOf(service, "cg.1.2", "cancelled", cancel);
        occupied.Dispose();
        (await service.Plan("cg")).GetProperty("id").GetString().ShouldBe("cg.1.3");
        (await service.Read("/v1/plans")).GetArrayLength().ShouldBe(1);
    }

    [Fact(Timeout = 120_000)]
    public async Task One_plan_too_many_is_refused_with_the_bound_and_when_to_come_again()
    {
        await using var service = await Start("--Federation:Solving:WaitingPerTenant=1");
        using var occupied = Occupy(service);
        using var asked = await service.Post("/v1/applications/cg/plans?wait=0");
        asked.StatusCode.ShouldBe(HttpStatusCode.Accepted);

        foreach (var path in new[] { "plans", "pareto" })
        {
            using var refused = await service.Post($"/v1/applications/cg/{path}");
            refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests, path);
            refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeGreaterThanOrEqualTo(1);
            (await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
                .ShouldContain("1 plans of tenant astro wait to be worked out, no more may (Federation:Solving:WaitingPerTenant)");
        }
    }

    [Theory]
    [InlineData("POST", "/v1/applications/cg/plans?wait=151", HttpStatusCode.BadRequest)]
    [InlineData("POST", "/v1/applications/cg/plans?wait=NaN", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/v1/plans/cg.1.1/job?wait=-1", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/v1/plans/cg.1.1/job", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/v1/plans/cg.1.1/job", HttpStatusCode.NotFound)]
    public async Task What_cannot_be_done_is_refused(string method, string path, HttpStatusCode status)
    {
        await using var service = await Start();
        using var refused = await service.Send(service.Token, method, path, method == "POST" ? "{}" : null);
        refused.StatusCode.ShouldBe(status);
    }

    // One worker, which whoever has it keeps.
    private static async Task<RunningService> Start(params string[] settings)
    {
        var service = await RunningService.Start(["--Federation:Solving:Workers=1", "--Federation:Solving:Behind=0", .. settings]);
        await service.Apply([.. SampleFiles.TwoClouds, SampleFiles.Application()]);
        return service;
    }

    private static SolverPlace Occupy(RunningService service) =>
        service.Services.GetRequiredService<SolverPool>().Ask(new("other"), SolveKind.Asked);

    private static async Task StateOf(RunningService service, string plan, string state, CancellationToken cancel)
    {
        while (true)
        {
            using var response = await service.Get($"/v1/plans/{plan}/job");
            var text = await response.Content.ReadAsStringAsync(cancel);
            if (response.StatusCode == HttpStatusCode.OK && JsonSerializer.Deserialize<JsonElement>(text).GetProperty("state").GetString() == state)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancel);
        }
    }
}
