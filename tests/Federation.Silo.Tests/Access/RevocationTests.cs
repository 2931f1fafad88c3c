using System.Net;
using Federation.Silo.Tests.Making;
using Microsoft.IdentityModel.JsonWebTokens;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Access;

public sealed class RevocationTests
{
    [Fact]
    public async Task A_token_that_was_taken_back_is_good_at_no_silo_and_all_others_are()
    {
        var folder = new ServiceFolder();
        await using var first = await RunningService.Start(folder);
        await using var second = await RunningService.Start(folder);
        var (stolen, own) = (first.TokenOf("auditor"), first.TokenOf("auditor"));
        foreach (var service in (RunningService[])[first, second])
        {
            (await Status(service, stolen)).ShouldBe(HttpStatusCode.OK);
        }

        using var revoked = await first.Send(first.Token, "PUT", $"/v1/revocations/{IdOf(stolen)}", """{ "reason": "a laptop was lost" }""");
        revoked.StatusCode.ShouldBe(HttpStatusCode.Created);

        foreach (var service in (RunningService[])[first, second])
        {
            while (await Status(service, stolen) != HttpStatusCode.Unauthorized)
            {
                // Each silo asks every two seconds.
            }

            (await Status(service, own)).ShouldBe(HttpStatusCode.OK);
            using var refused = await service.Send(stolen, "GET", "/v1/sites");
            (await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("the token was revoked");
        }

        var listed = (await second.Read("/v1/revocations")).EnumerateArray().ShouldHaveSingleItem();
        listed.GetProperty("token").GetString().ShouldBe(IdOf(stolen));
        listed.GetProperty("by").GetString().ShouldBe("operator (the file token)");
        listed.GetProperty("reason").GetString().ShouldBe("a laptop was lost");
    }

    [Fact]
    public async Task A_revocation_outlives_the_service()
    {
        var folder = new ServiceFolder { IsKept = true };
        string token;
        await using (var before = await RunningService.Start(folder))
        {
            token = before.TokenOf("auditor");
            using var revoked = await before.Send(before.Token, "PUT", $"/v1/revocations/{IdOf(token).ToUpperInvariant()}", "{}");
            revoked.StatusCode.ShouldBe(HttpStatusCode.Created);
        }

        folder.IsKept = false;
        await using var after = await RunningService.Start(folder);
        (await Status(after, token)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("eyJhbGciOiJFUzI1NiJ9.e30.c2ln")]
    [InlineData("0123456789abcdef")]
    public async Task What_is_no_identifier_is_refused_and_in_no_log(string token)
    {
        await using var service = await RunningService.Start();
        using var response = await service.Send(service.Token, "PUT", $"/v1/revocations/{token}", "{}");
        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await service.Read("/v1/audit")).GetArrayLength().ShouldBe(0);
        (await service.Read("/v1/revocations")).GetArrayLength().ShouldBe(0);
    }

    private static string IdOf(string token) => new JsonWebToken(token).Id;

    private static async Task<HttpStatusCode> Status(RunningService service, string token)
    {
        using var response = await service.Send(token, "GET", "/v1/sites");
        return response.StatusCode;
    }
}
