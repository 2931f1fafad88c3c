using System.Net;
using Federation.Silo.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Guarding;

public sealed class LimitTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_guesses_tokens_is_slowed_down_and_does_not_fill_the_audit_log()
    {
        await using var service = await RunningService.Start("--Federation:Limits:StrangerBurst=3", "--Federation:Limits:StrangersPerSecond=1");
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 40; i++)
        {
            using var guess = await service.Send($"guess-{i}", "GET", "/v1/sites");
            answers.Add(guess.StatusCode);
        }

        answers[..3].ShouldAllBe(status => status == HttpStatusCode.Unauthorized);
        answers.ShouldContain(HttpStatusCode.TooManyRequests);
        (await service.Read("/v1/audit")).GetArrayLength().ShouldBe(answers.Count(status => status == HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task One_address_makes_so_many_requests_and_is_then_told_to_wait()
    {
        await using var service = await RunningService.Start("--Federation:Limits:RequestBurst=5", "--Federation:Limits:RequestsPerSecond=1");
        for (var i = 0; i < 40; i++)
        {
            using var response = await service.Get("/v1/sites");
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
            {
                response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
                response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
                return;
            }
        }

        throw new ShouldAssertException("40 requests were let through");
    }

    [Fact]
    public async Task Every_answer_tells_browsers_and_caches_to_keep_their_hands_off()
    {
        await using var service = await RunningService.Start();
        foreach (var path in (string[])["/v1/sites", "/v1/nothing", "/health/live"])
        {
            using var response = await service.Stranger.GetAsync(new Uri(path, UriKind.Relative), Cancel);
            response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"], path);
            response.Headers.GetValues("Content-Security-Policy").ShouldBe(["default-src 'none'; frame-ancestors 'none'"], path);
            response.Headers.CacheControl!.NoStore.ShouldBeTrue(path);
            response.Headers.Contains("Server").ShouldBeFalse(path);
        }
    }

    [Fact]
    public async Task A_password_in_the_settings_stops_the_start_and_is_not_repeated()
    {
        var fault = await Should.ThrowAsync<InvalidDataException>(() => RunningService.Start("--Federation:Database=Host=db;Username=u;Password=hunter2"));
        fault.Message.ShouldContain("name that in Federation:DatabaseFile");
        fault.ToString().ShouldNotContain("hunter2");
    }
}
