using System.Net;
using System.Text.Json;
using Federation.Silo.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Api;

public sealed class ParetoTests
{
    [Fact]
    public async Task Cost_against_time_is_shown_and_nothing_is_proposed()
    {
        await using var service = await RunningService.Start();
        await service.Apply([.. SampleFiles.TwoClouds, SampleFiles.Application()]);

        var front = await Front(service, "?points=3");

        front.GetProperty("application").GetString().ShouldBe("cg");
        var points = front.GetProperty("points").EnumerateArray().ToArray();
        points.Length.ShouldBeInRange(1, 3);
        points[0].GetProperty("status").GetString().ShouldBe("optimal");
        points[0].GetProperty("placement").EnumerateArray().Select(vm => vm.GetProperty("site").GetString()).ShouldBe(Enumerable.Repeat("cheap", 8));
        points[0].GetProperty("terms").GetProperty("cost").GetDouble().ShouldBeGreaterThan(0);
        (await service.Read("/v1/plans")).GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Where_VMs_run_staying_is_shown_too()
    {
        await using var service = await RunningService.Start();
        await service.Apply([.. SampleFiles.TwoClouds, SampleFiles.Application()]);
        await service.Carry((await service.Plan("cg")).GetProperty("id").GetString()!);

        var front = await Front(service, "");

        front.GetProperty("staying").GetProperty("cost").GetDouble().ShouldBeGreaterThan(0);
        front.GetProperty("points")[0].GetProperty("moves").GetInt32().ShouldBe(0);
    }

    [Theory]
    [InlineData("cg", "?points=1", "{}", HttpStatusCode.BadRequest, "points 1 is not from 2 to 20")]
    [InlineData("cg", "", """{"solver":"guess"}""", HttpStatusCode.BadRequest, "'guess'")]
    [InlineData("none", "", "{}", HttpStatusCode.NotFound, "application 'none'")]
    public async Task What_cannot_be_answered_is_refused_with_its_reason(
        string application, string query, string request, HttpStatusCode status, string reason)
    {
        await using var service = await RunningService.Start();
        await service.Apply([.. SampleFiles.TwoClouds, SampleFiles.Application()]);

        using var refused = await service.Post($"/v1/applications/{application}/pareto{query}", request);

        refused.StatusCode.ShouldBe(status);
        (await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(reason);
    }

    private static async Task<JsonElement> Front(RunningService service, string query)
    {
        using var response = await service.Post($"/v1/applications/cg/pareto{query}");
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }
}
