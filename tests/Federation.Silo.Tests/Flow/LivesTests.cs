using System.Net;
using System.Text.Json;
using Federation.Silo.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Flow;

/// <summary>A name that is deleted and made anew is another application.</summary>
public sealed class LivesTests
{
    [Theory]
    [InlineData("tenant", "astro")]
    [InlineData("other tenant", "bio")]
    public async Task A_name_that_is_made_anew_shows_nothing_of_the_life_before(string holder, string tenant)
    {
        await using var service = await RunningService.Start();
        var (path, text) = SampleFiles.Application(vms: 2);
        await service.Apply([.. SampleFiles.TwoClouds, (path, text.Replace("vcpus: 2,", "vcpus: 2, at: { site: dear, offer: std },", StringComparison.Ordinal))]);
        await Report(service);
        (await service.Carry((await service.Plan("cg")).GetProperty("id").GetString()!)).ShouldBe("plan.applied");
        (await Pairs(service, service.TokenOf("tenant"))).ShouldBeGreaterThan(0);
        (await Read(service, service.TokenOf("tenant"), "/v1/applications/cg/groups?windows=20")).GetProperty("windows").GetArrayLength().ShouldBeGreaterThan(0);

        using var gone = await service.Send(service.TokenOf("tenant"), "DELETE", "/v1/applications/cg");
        gone.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await service.Apply((path, text.Replace("tenant: astro", $"tenant: {tenant}", StringComparison.Ordinal)));
        var reader = service.TokenOf(holder);
        (await Pairs(service, reader)).ShouldBe(0);
        var groups = await Read(service, reader, "/v1/applications/cg/groups?windows=20");
        groups.GetProperty("groups").GetArrayLength().ShouldBe(0);
        groups.GetProperty("windows").GetArrayLength().ShouldBe(0);
        (await Read(service, reader, "/v1/plans?application=cg")).GetArrayLength().ShouldBe(0);
        (await Read(service, reader, "/v1/migrations?application=cg")).GetArrayLength().ShouldBe(0);
        if (tenant != "astro")
        {
            var texts = (await Read(service, reader, "/v1/events?limit=1000")).EnumerateArray().Select(happened => happened.GetProperty("text").GetString()!);
            texts.Where(happened => happened.Contains("cg", StringComparison.Ordinal)).ShouldAllBe(happened => happened.StartsWith("application bio/cg submitted", StringComparison.Ordinal));
        }
    }

    // Both VMs, in twelve windows.
    private static async Task Report(RunningService service)
    {
        using var sent = await service.Send(Batches.Of(
            "cg", [.. Enumerable.Range(0, 24).Select(number => Batches.Posted($"vm{(number % 2) + 1}", 11 - (number / 2), number + 1, packets: 5_000))]).Json());
        (await sent.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("\"accepted\":24");
    }

    // Pairs in the traffic of ten windows; what cannot be answered has none.
    private static async Task<int> Pairs(RunningService service, string token)
    {
        using var answer = await service.Send(token, "GET", $"/v1/applications/cg/traffic?windows=10&as=detailed&until={Batches.Until}");
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if (answer.StatusCode == HttpStatusCode.UnprocessableEntity)
        {
            return 0;
        }

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonSerializer.Deserialize<JsonElement>(text).GetProperty("matrices").EnumerateArray().Sum(matrix => matrix.GetProperty("pairs").GetArrayLength());
    }

    private static async Task<JsonElement> Read(RunningService service, string token, string path)
    {
        using var answer = await service.Send(token, "GET", path);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }
}
