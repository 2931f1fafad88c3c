using System.Net;
using Federation.Silo.Settings;
using Federation.Silo.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Access;

public sealed class IssuerTests
{
    [Fact]
    public async Task Tokens_of_an_issuer_elsewhere_are_taken_with_the_claims_that_the_settings_name()
    {
        await using var issuer = await OidcIssuer.Start();
        await using var service = await RunningService.Start(
            $"--Federation:Identity:Issuers:0:Authority={issuer.Address}",
            "--Federation:Identity:Issuers:0:Audience=placement",
            "--Federation:Identity:Issuers:0:RolesClaim=groups",
            "--Federation:Identity:Issuers:0:TenantsClaim=org");
        await service.Apply([.. SampleFiles.TwoClouds, SampleFiles.Application(vms: 1)]);

        string[] groups = ["tenant", "something-else"];
        (await Status(service, issuer.Issue("placement", ("sub", "alice"), ("groups", groups), ("org", "astro")))).ShouldBe(HttpStatusCode.OK);
        (await Status(service, issuer.Issue("placement", ("sub", "eve"), ("groups", groups), ("org", "bio")))).ShouldBe(HttpStatusCode.NotFound);
        (await Status(service, issuer.Issue("placement", ("sub", "eve"), ("groups", "something-else")))).ShouldBe(HttpStatusCode.Forbidden);
        (await Status(service, issuer.Issue("placement", ("sub", "eve"), ("groups", "service")))).ShouldBe(HttpStatusCode.Forbidden);
        (await Status(service, issuer.Issue("another", ("sub", "alice"), ("groups", groups), ("org", "astro")))).ShouldBe(HttpStatusCode.Unauthorized);
        (await Status(service, service.TokenOf("tenant"))).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_files_token_and_the_built_in_issuer_can_be_switched_off()
    {
        await using var issuer = await OidcIssuer.Start();
        await using var service = await RunningService.Start(
            $"--Federation:Identity:Issuers:0:Authority={issuer.Address}", "--Federation:Identity:BuiltIn=false", "--Federation:Identity:OperatorToken=false");

        Directory.EnumerateFiles(service.Folder).ShouldNotContain(file => file.EndsWith("issuer.key") || file.EndsWith("token"));
        (await Status(service, Tokens.Forged(Tokens.Holders["federation-admin"]))).ShouldBe(HttpStatusCode.Unauthorized);
        (await Status(service, issuer.Issue("federation", ("sub", "carol"), ("roles", "auditor")), "/v1/sites")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_portal_does_not_start_with_an_issuer_whose_tokens_its_silo_would_not_take()
    {
        var folder = new ServiceFolder();
        var refusal = await Should.ThrowAsync<RefusedStartException>(() => RunningService.Start(
            folder, "--Federation:Portal=true", "--Federation:PortalSignIn:Authority=https://login.example.org", "--Federation:Identity:Issuers:0:Authority=https://another.example.org"));
        refusal.Message.ShouldBe("Setting Federation:PortalSignIn:Authority is 'https://login.example.org', an issuer whose tokens this silo does not take: name it in Federation:Identity:Issuers too.");
        folder.Leave();
        new ServiceOptionsValidator().Validate(null, new() { PortalSignIn = new() { Authority = "http://login.example.org" } }).FailureMessage.ShouldNotBeNull()
            .ShouldContain("PortalSignIn: Authority is 'http://login.example.org': an issuer elsewhere has to be reached by https");
    }

    [Fact]
    public async Task A_sensors_token_may_come_from_an_issuer_too()
    {
        await using var service = await RunningService.Start();
        await service.Apply(SampleFiles.TwoClouds);
        using var response = await service.Send(service.TokenOf("sensor"), "GET", "/v1/sensors/self/vms");
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("\"sensor\":\"host-1\"");
    }

    private static async Task<HttpStatusCode> Status(RunningService service, string token, string path = "/v1/applications/cg")
    {
        using var response = await service.Send(token, "GET", path);
        return response.StatusCode;
    }
}
