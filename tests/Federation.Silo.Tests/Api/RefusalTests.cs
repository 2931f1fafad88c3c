using System.Net;
using System.Text.Json;
using Federation.Domain.Traffic;
using Federation.Silo.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Api;

public sealed class RefusalTests
{
    [Fact]
    public async Task A_wrong_unit_is_refused_with_the_key_the_value_and_the_remedy()
    {
        await using var service = await RunningService.Start();
        var (path, text) = SampleFiles.Site("cheap", 0.1m);
        var problem = await Refusal(service.Put(path, text.Replace("10Gbps", "10Gb", StringComparison.Ordinal)), HttpStatusCode.BadRequest);
        problem.ShouldContain("network.bandwidth");
        problem.ShouldContain("10Gb");
        problem.ShouldContain("Gbps");
        (await service.Read("/v1/sites")).GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Every_fault_of_a_file_is_told_at_once()
    {
        await using var service = await RunningService.Start();
        var problem = await Refusal(service.Put("/v1/applications/cg", "application: cg\nobjectve: cost\nremaining: 2\n"), HttpStatusCode.BadRequest);
        problem.ShouldContain("objective");
        problem.ShouldContain("tenant");
        problem.ShouldContain("remaining");
        problem.ShouldContain("vms");
    }

    [Fact]
    public async Task Twenty_megabytes_of_JSON_are_too_much()
    {
        await using var service = await RunningService.Start();
        // As curl does: asks before it sends so much.
        service.Http.DefaultRequestHeaders.ExpectContinue = true;
        var problem = await Refusal(service.Post("/v1/windows", $"[\"{new string('x', 20_000_000)}\"]"), HttpStatusCode.RequestEntityTooLarge);
        problem.ShouldContain("send less at once");
    }

    [Fact]
    public async Task A_sender_of_twenty_megabytes_that_does_not_ask_first_is_told_why_all_the_same()
    {
        await using var service = await RunningService.Start();
        (await Refusal(service.Post("/v1/windows", $"[\"{new string('x', 20_000_000)}\"]"), HttpStatusCode.RequestEntityTooLarge)).ShouldContain("8388608 bytes");
    }

    [Fact]
    public async Task An_address_that_does_not_exist_says_where_they_are_listed()
    {
        await using var service = await RunningService.Start();
        (await Refusal(service.Get("/v1/planets"), HttpStatusCode.NotFound)).ShouldContain("/openapi/v1.json");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("not JSON")]
    [InlineData("{\"sensor\": 3}")]
    [InlineData("")]
    public async Task What_is_no_batch_of_windows_is_refused(string body)
    {
        await using var service = await RunningService.Start();
        await Refusal(service.Post("/v1/windows", body), HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_window_ahead_of_the_clock_is_taken_and_not_the_newest_before_its_time()
    {
        await using var service = await RunningService.Start();
        await service.Apply(SampleFiles.Application(vms: 2));
        var closed = Window.LastClosed(TimeProvider.System.GetUtcNow());
        using var response = await service.Post("/v1/windows", Batch("cg", (closed, "vm1"), (closed.Shift(2880 - 2), "vm1")));
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("\"accepted\":2");
        (await service.Read("/v1/applications/cg/vms/vm1")).GetProperty("lastWindow").GetDateTimeOffset().ShouldBe(closed.Start);
    }

    [Fact]
    public async Task A_window_from_the_future_and_an_unknown_VM_are_refused_and_their_neighbour_is_taken()
    {
        await using var service = await RunningService.Start();
        await service.Apply(SampleFiles.Application(vms: 2));
        var closed = Window.LastClosed(TimeProvider.System.GetUtcNow());
        using var response = await service.Post("/v1/windows", Batch("cg", (closed, "vm1"), (closed.Shift(3000), "vm2"), (closed, "vm77")));
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var answer = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        answer.GetProperty("accepted").GetInt32().ShouldBe(1);
        var refused = answer.GetProperty("refused").EnumerateArray().Select(entry => entry.GetProperty("reason").GetString()!).ToArray();
        refused.Length.ShouldBe(2);
        refused.ShouldContain(reason => reason.Contains("from the future"));
        refused.ShouldContain(reason => reason.Contains("'vm77'"));
        (await service.Read("/v1/applications/cg/vms/vm1")).GetProperty("lastWindow").GetDateTimeOffset().ShouldBe(closed.Start);
    }

    [Theory]
    [InlineData("/v1/sites/atlantis", "site 'atlantis'")]
    [InlineData("/v1/applications/none", "application 'none'")]
    [InlineData("/v1/applications/none/traffic", "application 'none'")]
    [InlineData("/v1/applications/none/groups", "application 'none'")]
    [InlineData("/v1/vms?application=none", "application 'none'")]
    [InlineData("/v1/plans/none.1.1", "plan 'none.1.1'")]
    [InlineData("/v1/migrations/none.1.1-vm1", "migration 'none.1.1-vm1'")]
    public async Task What_is_not_there_is_named_with_where_to_look(string path, string named)
    {
        await using var service = await RunningService.Start();
        var problem = await Refusal(service.Get(path), HttpStatusCode.NotFound);
        problem.ShouldContain(named);
        problem.ShouldContain("lists them");
    }

    [Theory]
    [InlineData("/v1/applications/cg/traffic?as=median")]
    [InlineData("/v1/applications/cg/traffic?windows=0")]
    [InlineData("/v1/applications/cg/traffic?wait=-1")]
    [InlineData("/v1/applications/cg/groups?windows=0")]
    [InlineData("/v1/events?after=-1")]
    [InlineData("/v1/events?wait=600")]
    public async Task A_question_out_of_bounds_is_refused(string path)
    {
        await using var service = await RunningService.Start();
        await service.Apply(SampleFiles.Application());
        await Refusal(service.Get(path), HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("{\"windows\": 0}")]
    [InlineData("{\"solver\": \"oracle\"}")]
    [InlineData("{\"timeLimitSeconds\": 0}")]
    public async Task A_plan_asked_for_out_of_bounds_is_refused(string request)
    {
        await using var service = await RunningService.Start();
        await service.Apply(SampleFiles.Application());
        await Refusal(service.Post("/v1/applications/cg/plans", request), HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_body_that_describes_another_site_than_the_address_names_is_refused()
    {
        await using var service = await RunningService.Start();
        var problem = await Refusal(service.Put("/v1/sites/other", SampleFiles.Site("cheap", 1).Text), HttpStatusCode.BadRequest);
        problem.ShouldContain("'cheap'");
        problem.ShouldContain("'other'");
    }

    [Fact]
    public async Task Prices_in_another_currency_are_refused()
    {
        await using var service = await RunningService.Start();
        await service.Apply(SampleFiles.Site("cheap", 1));
        var (path, text) = SampleFiles.Site("dear", 1);
        var problem = await Refusal(service.Put(path, text.Replace("USD", "EUR", StringComparison.Ordinal)), HttpStatusCode.Conflict);
        problem.ShouldContain("EUR");
        problem.ShouldContain("USD");
    }

    private static async Task<string> Refusal(Task<HttpResponseMessage> request, HttpStatusCode expected)
    {
        using var response = await request;
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(expected, text);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        return JsonSerializer.Deserialize<JsonElement>(text).GetProperty("detail").GetString()!;
    }

    private static string Batch(string application, params (Window Window, string Vm)[] reports) => JsonSerializer.Serialize(new
    {
        sensor = "host-1",
        boot = Guid.NewGuid(),
        application,
        windows = reports.Select((report, index) => new
        {
            sequence = index + 1,
            vm = report.Vm,
            start = report.Window.ToString(),
            covered = 30,
            records = new[] { new { peer = "10.42.0.9", direction = "received", packets = 3, bytes = 300 } },
        }),
    });
}
