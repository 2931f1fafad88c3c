using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using Federation.Contracts.Access;
using Federation.Portal.Sessions;
using Federation.Portal.Tests.Making;
using Federation.Silo.Tests.Making;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Federation.Portal.Tests;

/// <summary>Signing in, staying, and being signed out.</summary>
public sealed class SessionTests(PortalBrowser browser)
{
    [Fact]
    public async Task A_link_signs_in_once_and_the_cookie_is_no_scripts()
    {
        foreach (var token in (string[])[browser.Service.Token, browser.Service.TokenOf("tenant")])
        {
            using var made = await browser.Service.Send(token, "POST", "/v1/portal/links", "{}");
            var link = (await made.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("address").GetString()!;
            await using var tab = await browser.Open();
            await tab.Page.GotoAsync(link);
            await tab.Heading("Sites").WaitForAsync();
            var cookie = (await tab.Page.Context.CookiesAsync()).Single(one => one.Name == "federation-portal");
            (cookie.HttpOnly, cookie.SameSite).ShouldBe((true, SameSiteAttribute.Lax));
            token.ShouldNotContain(cookie.Value);

            await using var second = await browser.Open();
            await second.Page.GotoAsync(link);
            await second.Shows("This link was used");
        }

        using var refused = await browser.Service.Send(browser.Service.TokenOf("sensor"), "POST", "/v1/portal/links", "{}");
        ((int)refused.StatusCode).ShouldBe(403);
    }

    [Fact]
    public async Task Without_a_session_there_is_nothing_but_the_way_in()
    {
        await using var tab = await browser.Open();
        await tab.Page.GotoAsync("/");
        await tab.Heading("Sign in").WaitForAsync();
        await tab.IsAccessible();
        await tab.Pictures("sign-in");
        tab.Received.ShouldNotContain("dear");
        tab.Faults.ShouldBeEmpty();

        using var circuit = await browser.Service.Stranger.PostAsync(new Uri("/_blazor/negotiate?negotiateVersion=1", UriKind.Relative), null, TestContext.Current.CancellationToken);
        ((int)circuit.StatusCode).ShouldBe(401);
        using var socket = new ClientWebSocket();
        var refusal = await Should.ThrowAsync<WebSocketException>(() => socket.ConnectAsync(
            new UriBuilder(browser.Service.Address) { Scheme = "ws", Path = "/_blazor" }.Uri, TestContext.Current.CancellationToken));
        refusal.Message.ShouldContain("401");
        foreach (var bad in (string[])["nonsense", Tokens.Forged(Tokens.Holders["federation-admin"]), browser.Service.TokenOf("sensor"), browser.Service.Token,
            browser.Service.TokenOf(Tokens.Holders["tenant"], TimeProvider.System.GetUtcNow().AddDays(-1))])
        {
            await using var refused = await browser.SignIn(bad);
            await refused.Shows("The service does not take this token");
            (await refused.Page.Context.CookiesAsync()).ShouldNotContain(cookie => cookie.Name == "federation-portal");
        }
    }

    [Fact]
    public async Task An_address_that_somebody_sends_is_gone_to_after_signing_in_and_no_other_site_ever()
    {
        foreach (var (to, where) in ((string, string)[])[("/portal/moves", "/portal/moves"), ("https://elsewhere.example/portal/", "/portal"), ("//elsewhere.example/portal/", "/portal")])
        {
            await using var tab = await browser.Open();
            await tab.Page.GotoAsync(where == to ? to : $"/portal/sign-in?to={Uri.EscapeDataString(to)}");
            await tab.Page.GetByLabel("Token").FillAsync(browser.Service.TokenOf("auditor"));
            await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
            await tab.Page.WaitForURLAsync(new Uri(browser.Service.Address, where).ToString());
        }
    }

    [Fact]
    public async Task Whoever_stays_on_a_circuit_of_a_session_that_has_ended_is_answered_nothing_more()
    {
        var sessions = browser.Service.Services.GetRequiredService<PortalSessions>();
        var session = await sessions.Begin(new(browser.Service.TokenOf("tenant")), TestContext.Current.CancellationToken);
        (await session.Calls.Sites(TestContext.Current.CancellationToken)).ShouldNotBeEmpty();
        sessions.End(session);
        // All that a page asks for or orders goes this way.
        Should.Throw<AccessDeniedException>(() => session.Calls);
        sessions.TryFind(session.Id, out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_form_that_is_not_the_pages_own_signs_nobody_in_or_out()
    {
        using var form = new FormUrlEncodedContent([new("token", browser.Service.TokenOf("tenant"))]);
        using var answer = await browser.Service.Stranger.PostAsync(new Uri("/portal/sign-in", UriKind.Relative), form, TestContext.Current.CancellationToken);
        ((int)answer.StatusCode).ShouldBe(400);
        answer.Headers.TryGetValues("Set-Cookie", out var cookies);
        (cookies ?? []).ShouldNotContain(cookie => cookie.StartsWith("federation-portal=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_session_ends_with_its_holder_and_in_all_its_tabs()
    {
        await using var tab = await browser.As("auditor");
        await tab.Heading("Sites").WaitForAsync();
        var other = new Tab(await tab.Page.Context.NewPageAsync());
        await other.Page.GotoAsync("/portal");
        await other.Heading("Sites").WaitForAsync();
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Sign out" }).ClickAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await tab.Shows("You are signed out");
        await other.Shows("You are signed out");
    }

    [Fact]
    public async Task A_token_that_is_taken_back_ends_its_session()
    {
        var token = browser.Service.TokenOf("auditor");
        await using var tab = await browser.SignIn(token);
        await tab.Heading("Sites").WaitForAsync();
        using var revoked = await browser.Service.Send(browser.Service.Token, "PUT", $"/v1/revocations/{new JsonWebToken(token).Id}", "{}");
        revoked.EnsureSuccessStatusCode();
        await tab.Shows("You are signed out");
    }
}
