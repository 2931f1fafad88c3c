using System.Net;
using System.Security.Cryptography;
using Federation.Client;
using Federation.Contracts.Access;
using Federation.Portal.Sessions;
using Federation.Portal.Tests.Making;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Federation.Portal.Tests;

/// <summary>Signing in at an organisation's issuer, in a real browser: what it needs, and what nobody gets in by.</summary>
public sealed class IssuerSignInTests(PortalBrowser browser)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Somebody_signs_in_at_his_organisation_sees_his_own_and_signs_out_at_both()
    {
        await using var tab = await browser.Open();
        await tab.Page.GotoAsync("/portal/moves");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in at Observatory" }).ClickAsync();
        await tab.Page.GetByLabel("You").FillAsync("tenant");
        var asked = QueryHelpers.ParseQuery(new Uri(tab.Page.Url).Query);
        ($"{asked["response_type"]}", $"{asked["code_challenge_method"]}").ShouldBe(("code", "S256"));
        foreach (var name in (string[])["code_challenge", "state", "nonce"])
        {
            asked[name].ToString().Length.ShouldBeGreaterThan(20, name);
        }

        var meanwhile = (await tab.Page.Context.CookiesAsync()).Where(cookie => cookie.Name.StartsWith(".AspNetCore.", StringComparison.Ordinal)).ToList();
        meanwhile.Count.ShouldBe(2, "of the state and of the nonce");
        meanwhile.ShouldAllBe(cookie => cookie.HttpOnly && cookie.SameSite == SameSiteAttribute.Lax);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Go on" }).ClickAsync();
        await tab.Page.WaitForURLAsync(new Uri(browser.Service.Address, "/portal/moves").ToString());
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Overview" }).ClickAsync();
        await tab.Shows("astro/cg");
        await tab.Shows("alice");
        var cookies = await tab.Page.Context.CookiesAsync();
        cookies.ShouldNotContain(cookie => cookie.Name.StartsWith(".AspNetCore.", StringComparison.Ordinal));
        $"{await tab.Page.ContentAsync()}{tab.Received}{string.Join(' ', cookies.Select(cookie => cookie.Value))}".ShouldNotContain("eyJ");

        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Sign out" }).ClickAsync();
        var there = tab.Page.WaitForRequestAsync(request => request.Url.StartsWith($"{browser.Issuer.Address}/connect/logout?id_token_hint=", StringComparison.Ordinal));
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await there;
        await tab.Shows("You are signed out");
        (await tab.Page.Context.CookiesAsync()).ShouldNotContain(cookie => cookie.Name == "federation-portal");
        tab.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Whom_the_issuer_does_not_let_in_or_whose_token_the_grains_do_not_take_gets_no_session()
    {
        await Ends("stranger", "Observatory did not let you in.");
        await Ends("nothing", "the service does not take the token that it gives you");
        browser.Issuer.Audience = "elsewhere";
        await Ends("tenant", "the service does not take the token that it gives you");
        browser.Issuer.Audience = "federation";
        browser.Issuer.Away = "/connect/token";
        await Ends("tenant", "does not answer now");
        browser.Issuer.Away = null;

        await using var forged = await browser.SignIn(Forged());
        await forged.Shows("The service does not take this token");

        async Task Ends(string holder, string note)
        {
            await using var tab = await browser.Open();
            await At(tab, holder);
            await tab.Shows(note);
            await tab.IsAccessible();
            (await tab.Page.Context.CookiesAsync()).ShouldNotContain(cookie => cookie.Name == "federation-portal");
        }
    }

    [Fact]
    public async Task A_code_that_somebody_catches_is_good_neither_without_its_verifier_nor_in_another_browser()
    {
        await using var tab = await browser.Open();
        await tab.Page.RouteAsync("**/portal/signed-in**", route => route.AbortAsync());
        var sent = tab.Page.WaitForRequestAsync(request => request.Url.Contains("/portal/signed-in", StringComparison.Ordinal));
        await At(tab, "tenant");
        var caught = new Uri((await sent).Url);
        var code = QueryHelpers.ParseQuery(caught.Query)["code"].ToString();
        foreach (var verifier in (string?[])[null, new('a', 43)])
        {
            var (status, answer) = await browser.Issuer.Redeem(code, caught.GetLeftPart(UriPartial.Path), verifier);
            status.ShouldBe(HttpStatusCode.BadRequest);
            answer.TryGetProperty("access_token", out _).ShouldBeFalse();
        }

        await using var other = await browser.Open();
        await other.Page.GotoAsync(caught.ToString());
        await other.Shows("Signing in did not come to its end");
        await other.IsAccessible();
        (await other.Page.Context.CookiesAsync()).ShouldNotContain(cookie => cookie.Name == "federation-portal");
    }

    [Fact]
    public async Task A_session_goes_on_with_the_next_token_outlasts_an_issuer_that_is_away_and_ends_with_the_last_one()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var sessions = Sessions(clock);
        var session = await sessions.Begin(await browser.Issuer.TokensOf("tenant"), Cancel);
        var first = session.Tokens;
        var calls = session.Calls;
        (browser.Issuer.Away, browser.Issuer.Lifetime) = ("/", TimeSpan.FromHours(2));
        clock.Advance(TimeSpan.FromMinutes(46));
        session.Tokens.ShouldBe(first);
        browser.Issuer.Away = null;
        await Advancing(clock, TimeSpan.FromSeconds(20), () => session.Tokens != first, TimeSpan.FromMinutes(13));
        // The first one would have ended; a page that asks goes on with the next one.
        clock.Advance(TimeSpan.FromMinutes(20));
        session.Ended.IsCancellationRequested.ShouldBeFalse();
        (await calls.Sites(Cancel)).ShouldNotBeEmpty();

        browser.Issuer.Dismissed = "alice";
        try
        {
            var second = session.Tokens;
            await Advancing(clock, TimeSpan.FromMinutes(1), () => session.Ended.IsCancellationRequested, TimeSpan.FromHours(2));
            session.Tokens.ShouldBe(second);
            Should.Throw<AccessDeniedException>(() => session.Calls);
        }
        finally
        {
            (browser.Issuer.Dismissed, browser.Issuer.Lifetime) = (null, TimeSpan.FromHours(1));
        }
    }

    [Fact]
    public async Task A_page_says_so_when_its_token_ends_and_no_other_follows()
    {
        (browser.Issuer.Lifetime, browser.Issuer.Dismissed) = (TimeSpan.FromSeconds(4), "trent");
        try
        {
            await using var tab = await browser.Open();
            await At(tab, "auditor");
            await tab.Shows("You are signed out");
        }
        finally
        {
            (browser.Issuer.Dismissed, browser.Issuer.Lifetime) = (null, TimeSpan.FromHours(1));
        }
    }

    [Theory]
    [InlineData("http://login.example.org", "openid", "by https")]
    [InlineData("login", "openid", "no address")]
    [InlineData("https://login.example.org", "profile", "lacks openid")]
    [InlineData("https://login.example.org", "openid", null)]
    [InlineData("http://127.0.0.1:5000", "openid", null)]
    [InlineData("", "", null)]
    public void An_issuer_elsewhere_is_reached_by_https_or_not_at_all(string authority, string scopes, string? fault)
    {
        var found = new IssuerSignIn { Authority = authority, Scopes = scopes }.Fault;
        (found is null).ShouldBe(fault is null, found);
        (found ?? "").ShouldContain(fault ?? "");
    }

    private PortalSessions Sessions(TimeProvider clock)
    {
        var parts = browser.Service.Services;
        return new(parts.GetRequiredService<FederationClient>(), parts.GetRequiredService<IssuerSignIn>(), parts.GetRequiredService<IssuerTokens>(), clock, NullLogger<PortalSessions>.Instance);
    }

    private static async Task At(Tab tab, string holder)
    {
        await tab.Page.GotoAsync("/portal/sign-in");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in at Observatory" }).ClickAsync();
        await tab.Page.GetByLabel("You").FillAsync(holder);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Go on" }).ClickAsync();
    }

    // What a session does by its clock takes a moment of the machine's.
    private static async Task Advancing(FakeTimeProvider clock, TimeSpan step, Func<bool> isThere, TimeSpan most)
    {
        for (var passed = TimeSpan.Zero; !isThere() && passed < most; passed += step)
        {
            clock.Advance(step);
            for (var look = 0; look < 10 && !isThere(); look++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Cancel);
            }
        }

        isThere().ShouldBeTrue();
    }

    private string Forged()
    {
        using var key = RSA.Create(2048);
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = $"{browser.Issuer.Address}/",
            Audience = "federation",
            Claims = new Dictionary<string, object> { ["sub"] = "mallory", ["roles"] = "federation-admin" },
            SigningCredentials = new(new RsaSecurityKey(key) { KeyId = "1" }, SecurityAlgorithms.RsaSha256),
        });
    }
}
