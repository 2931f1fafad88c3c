using System.Net;
using System.Text.Json;
using Federation.Silo.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Api;

public sealed class WhatIfTests
{
    [Theory]
    [InlineData("""{ "site": "cheap" }""", "cheap is closed")]
    [InlineData("""{ "site": "cheap", "factor": 1000 }""", "the prices of cheap are 1000 times what they are")]
    public async Task A_plan_in_a_world_that_is_supposed_is_told_and_not_kept(string change, string told)
    {
        await using var service = await RunningService.Start();
        await service.Apply([.. SampleFiles.TwoClouds, SampleFiles.Application()]);
        await service.Carry((await service.Plan("cg")).GetProperty("id").GetString()!);
        var kept = (await service.Read("/v1/plans")).GetArrayLength();

        using var response = await service.Post("/v1/applications/cg/what-if", $$"""{ "whatIf": [{{change}}] }""");
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        var plan = JsonSerializer.Deserialize<JsonElement>(text);

        plan.GetProperty("decision").GetString().ShouldBe("migrate");
        plan.GetProperty("placement").EnumerateArray().Select(vm => vm.GetProperty("site").GetString()).ShouldBe(Enumerable.Repeat("dear", 8));
        plan.GetProperty("whatIf").EnumerateArray().Select(each => each.GetString()).ShouldBe([told]);
        plan.GetProperty("id").ValueKind.ShouldBe(JsonValueKind.Null);
        (await service.Read("/v1/plans")).GetArrayLength().ShouldBe(kept);
    }

    [Theory]
    [InlineData("what-if", "{}", HttpStatusCode.BadRequest, "whatIf holds 0 changes")]
    [InlineData("what-if", """{ "whatIf": [{ "factor": 2 }] }""", HttpStatusCode.BadRequest, "each change of whatIf names a site")]
    [InlineData("what-if", """{ "whatIf": [{ "site": "cheap", "factor": -1 }] }""", HttpStatusCode.BadRequest, "factor -1 of cheap is not between 0 and 1000000")]
    [InlineData("what-if", """{ "whatIf": [{ "margin": 1 }] }""", HttpStatusCode.BadRequest, "margin 1 is not from 0 to less than 1")]
    [InlineData("what-if", """{ "whatIf": [{ "deadlineSeconds": 0 }] }""", HttpStatusCode.BadRequest, "deadlineSeconds 0 is not more than 0")]
    [InlineData("what-if", """{ "whatIf": [{ "margin": 0.1, "factor": 2 }] }""", HttpStatusCode.BadRequest, "factor is for a site's prices")]
    [InlineData("what-if", """{ "whatIf": [{ "site": "nowhere" }] }""", HttpStatusCode.NotFound, "site 'nowhere'")]
    [InlineData("plans", """{ "whatIf": [{ "site": "cheap" }] }""", HttpStatusCode.BadRequest, "/what-if")]
    [InlineData("pareto", """{ "whatIf": [{ "site": "cheap" }] }""", HttpStatusCode.BadRequest, "/what-if")]
    public async Task What_cannot_be_supposed_is_refused_with_its_reason(string route, string request, HttpStatusCode status, string reason)
    {
        await using var service = await RunningService.Start();
        await service.Apply([.. SampleFiles.TwoClouds, SampleFiles.Application()]);

        using var refused = await service.Post($"/v1/applications/cg/{route}", request);

        var text = await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        refused.StatusCode.ShouldBe(status, text);
        text.ShouldContain(reason);
    }
}
