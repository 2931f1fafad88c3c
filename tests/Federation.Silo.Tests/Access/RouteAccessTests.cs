using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Federation.Domain.Access;
using Federation.Portal;
using Federation.Silo.Tests.Making;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Access;

/// <summary>Every route with every role, on one service whose only tenant with anything is astro.</summary>
public sealed class RouteAccessTests : IAsyncLifetime
{
    private static readonly string[] OpenToAll = ["/openapi/{documentName}.json", "/health/live", "/health/ready", "/health/dependencies"];
    private RunningService service = null!;
    private string moved = "";

    public async ValueTask InitializeAsync()
    {
        // Each route is asked with each token that is no good: more than a stranger may ask for at once.
        service = await RunningService.Start("--Federation:Dashboard=true", "--Federation:Portal=true", "--Federation:Limits:StrangerBurst=10000");
        await service.Apply([.. SampleFiles.TwoClouds, SampleFiles.Application(vms: 1)]);
        await service.Carry((await service.Plan("cg")).GetProperty("id").GetString()!);
        await service.Apply(SampleFiles.Site("cheap", 5m));
        moved = (await service.Plan("cg")).GetProperty("id").GetString()!;
        (await service.Carry(moved)).ShouldBe("plan.applied");
    }

    public async ValueTask DisposeAsync() => await service.DisposeAsync();

    [Fact]
    public async Task Every_route_answers_every_role_as_the_table_says()
    {
        foreach (var route in service.Routes)
        {
            if (route.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            {
                // Pages find out themselves whose session a browser brings: Federation.Portal.Tests.
                if (!PortalHosting.IsPortal($"/{route.RoutePattern.RawText!.TrimStart('/')}"))
                {
                    OpenToAll.ShouldContain(route.RoutePattern.RawText);
                }

                continue;
            }

            var name = route.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName;
            RouteRow.Table.ShouldContainKey(name!, $"nobody has said who may use {route.RoutePattern.RawText}");
            var row = RouteRow.Table[name!];
            (route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]).ShouldBe([row.Method], name);
            foreach (var holder in Tokens.Holders.Keys)
            {
                await Restore(row);
                using var response = await service.Send(service.TokenOf(holder), row.Method, row.Path.Replace("cg-MOVED", moved, StringComparison.Ordinal), row.Body);
                ShouldBeAsTheTableSays(row, holder, response.StatusCode);
            }
        }
    }

    [Fact]
    public void No_row_of_the_table_is_about_a_route_that_is_gone() =>
        RouteRow.Table.Keys.Except(service.Routes.Select(route => route.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName)).ShouldBeEmpty();

    [Fact]
    public async Task Every_route_but_health_and_description_refuses_what_is_no_good_token()
    {
        var alice = Tokens.Holders["federation-admin"];
        var tokens = new Dictionary<string, string?>
        {
            ["no token was sent"] = null,
            ["nobody has this token"] = "wrong-wrong-wrong-wrong",
            ["the token has expired"] = service.TokenOf(alice, TimeProvider.System.GetUtcNow().AddHours(-2)),
            ["the token is of an issuer that is not trusted here"] = ForeignTokens.OfAnotherIssuer(service),
            ["the token is for another service"] = ForeignTokens.ForAnotherService(service),
            ["the token's signature is not its issuer's"] = Tokens.Forged(alice),
        };
        foreach (var (reason, token) in tokens)
        {
            foreach (var (name, row) in RouteRow.Table)
            {
                using var response = await service.Send(token, row.Method, row.Path, row.Body);
                response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, $"{name}, {reason}");
                (await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("detail").GetString()!
                    .ShouldStartWith(reason, Case.Sensitive, name);
            }
        }
    }

    [Fact]
    public async Task What_is_another_tenants_is_answered_as_what_is_not_there()
    {
        string[] paths =
        [
            "/v1/applications/NAME", "/v1/plans/NAME-1", "/v1/plans/NAME-1/view", $"/v1/migrations/{moved.Replace("cg", "NAME", StringComparison.Ordinal)}-vm1",
            "/v1/applications/NAME/traffic?windows=0", "/v1/vms?application=NAME",
        ];
        foreach (var path in paths)
        {
            var (others, nobodys) = (await Answer("other tenant", path.Replace("NAME", "cg", StringComparison.Ordinal)),
                await Answer("other tenant", path.Replace("NAME", "ch", StringComparison.Ordinal)));
            others.Status.ShouldBe(HttpStatusCode.NotFound, path);
            nobodys.Status.ShouldBe(HttpStatusCode.NotFound, path);
            Untraced(others.Body).Replace("cg", "ch", StringComparison.Ordinal).ShouldBe(Untraced(nobodys.Body));
        }
    }

    [Fact]
    public async Task Lists_hold_what_their_reader_may_see()
    {
        foreach (var path in (string[])["/v1/applications", "/v1/vms", "/v1/plans", "/v1/migrations"])
        {
            (await Answer("tenant", path)).Body.ShouldContain("cg");
            (await Answer("other tenant", path)).Body.ShouldBe("[]");
            (await Answer("site-admin", path)).Body.ShouldContain("cg");
            (await Answer("other site-admin", path)).Body.ShouldBe("[]");
        }

        (await Answer("site-admin", "/v1/plans")).Body.ShouldContain(moved);
        (await Answer("other tenant", "/v1/events?limit=1000")).Body.ShouldNotContain("cg");
        (await Answer("tenant", "/v1/sites/dear")).Body.ShouldContain("\"holds\":[{");
        (await Answer("other tenant", "/v1/sites/dear")).Body.ShouldContain("\"holds\":[]");
    }

    [Fact]
    public async Task A_sites_administrator_sees_of_an_application_the_VMs_at_his_site_and_no_more_of_its_description()
    {
        var (path, text) = SampleFiles.Application("spread", vms: 2);
        await service.Apply((path, text.Replace("application: spread", "application: spread\nbudget: 1000", StringComparison.Ordinal)));
        (await Answer("site-admin", "/v1/applications")).Body.ShouldNotContain("spread", Case.Sensitive, "it is nowhere yet");
        await service.Carry((await service.Plan("spread")).GetProperty("id").GetString()!);

        var seen = JsonSerializer.Deserialize<JsonElement>((await Answer("site-admin", "/v1/applications")).Body).EnumerateArray()
            .Single(application => application.GetProperty("application").GetString() == "spread");
        seen.GetProperty("partial").GetBoolean().ShouldBeTrue();
        seen.GetProperty("vms").GetArrayLength().ShouldBe(2);
        seen.GetProperty("spec").TryGetProperty("budget", out _).ShouldBeFalse();
        (await Answer("tenant", "/v1/applications")).Body.ShouldContain("\"budget\":1000");
    }

    [Fact]
    public async Task A_tenant_describes_applications_of_its_own_only_and_a_name_is_taken_for_each_tenant_by_itself()
    {
        var (_, astro) = SampleFiles.Application("mine", vms: 1);
        using var own = await service.Send(service.TokenOf("tenant"), "PUT", "/v1/applications/mine", astro);
        own.StatusCode.ShouldBe(HttpStatusCode.Created);
        using var others = await service.Send(service.TokenOf("other tenant"), "PUT", "/v1/applications/yours", astro.Replace("mine", "yours", StringComparison.Ordinal));
        others.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var taken = await service.Send(service.TokenOf("other tenant"), "PUT", "/v1/applications/mine", astro.Replace("astro", "bio", StringComparison.Ordinal));
        taken.StatusCode.ShouldBe(HttpStatusCode.Created);
        using var still = await service.Send(service.TokenOf("tenant"), "GET", "/v1/applications/mine");
        (await still.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("astro");
    }

    private async Task<(HttpStatusCode Status, string Body)> Answer(string holder, string path)
    {
        using var response = await service.Send(service.TokenOf(holder), "GET", path);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private async Task Restore(RouteRow row)
    {
        // A row before this one may have deleted it.
        await service.Apply(SampleFiles.Site("cheap", 5m));
        if (row.Path.Contains("/hosts/h1", StringComparison.Ordinal))
        {
            await new StandInHost(service.Services.GetRequiredService<IGrainFactory>(), new HostPost(new("cheap"), "h1"), []).Report();
            await WithHost();
        }

        if (row.Method == "DELETE")
        {
            await service.Apply(SampleFiles.Application("gone", vms: 1));
            using var made = await service.Post("/v1/sensors", """{ "sensor": "gone", "site": "cheap" }""");
            made.StatusCode.ShouldBe(HttpStatusCode.Created);
        }
    }

    // The site hears of it a moment after its mailbox.
    private async Task WithHost()
    {
        while ((await service.Read("/v1/sites/cheap/hosts")).GetArrayLength() == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private static void ShouldBeAsTheTableSays(RouteRow row, string holder, HttpStatusCode status)
    {
        var said = $"{row.Method} {row.Path} as {holder}";
        if (!row.Roles.Contains(holder))
        {
            status.ShouldBe(HttpStatusCode.Forbidden, said);
        }
        else if (row.IsOfATenant && holder.StartsWith("other", StringComparison.Ordinal))
        {
            status.ShouldBe(HttpStatusCode.NotFound, said);
        }
        else
        {
            (status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden).ShouldBeFalse($"{said}: {status}");
            (row.Method == "GET" && status == HttpStatusCode.NotFound).ShouldBeFalse(said);
        }
    }

    // What differs from request to request.
    private static string Untraced(string problem) => problem[..problem.IndexOf("traceId", StringComparison.Ordinal)];
}
