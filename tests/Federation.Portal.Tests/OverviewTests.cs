using Federation.Contracts;
using Federation.Portal.Tests.Making;
using Federation.Silo.Tests.Making;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Federation.Portal.Tests;

/// <summary>The first page, in a real browser, as each role.</summary>
public sealed class OverviewTests(PortalBrowser browser)
{
    [Theory]
    [InlineData("tenant", true)]
    [InlineData("other tenant", false)]
    [InlineData("site-admin", true)]
    [InlineData("other site-admin", false)]
    [InlineData("federation-admin", true)]
    [InlineData("auditor", true)]
    public async Task Everybody_sees_what_is_his_and_nothing_else_comes_to_his_browser(string holder, bool seesApplication)
    {
        // Another test may have carried out the plan that was proposed before.
        await browser.Proposed();
        await using var tab = await browser.As(holder);
        await tab.Heading("Sites").WaitForAsync();
        await tab.Shows("dear");
        if (seesApplication)
        {
            await tab.Shows("astro/cg");
            await tab.Shows("costs");
        }
        else
        {
            await tab.Shows("There is none that is yours");
            $"{await tab.Page.ContentAsync()}{tab.Received}".ShouldNotContain("astro");
        }

        tab.Received.ShouldContain("dear", customMessage: "what travels is looked at");
        await tab.IsAccessible();
        tab.Faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task It_is_readable_in_light_and_dark_and_on_a_narrow_screen(ColorScheme scheme)
    {
        foreach (var width in (int[])[1280, 320])
        {
            await using var tab = await browser.As("federation-admin", scheme, width);
            await tab.Shows("astro/cg");
            await tab.IsAccessible();
            (await tab.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(width);
            await tab.Picture($"overview-{scheme}-{width}".ToLowerInvariant());
        }
    }

    [Fact]
    public async Task What_happens_is_on_the_page_without_loading_it_again()
    {
        await using var tab = await browser.As("auditor");
        await tab.Heading("Sites").WaitForAsync();
        await browser.Service.Apply(SampleFiles.Site("dear", 0.7654m));
        await tab.Shows("0.7654 USD/h");
    }

    [Fact]
    public async Task Plans_and_moves_are_there_however_many_plans_applications_before_have()
    {
        var (path, text) = SampleFiles.Application("many", vms: 1);
        await browser.Service.Apply((path, text.Replace("tenant: astro", "tenant: aa", StringComparison.Ordinal)));
        await Task.WhenAll(Enumerable.Range(0, PlanPage.MostPlans + 1).Select(_ => browser.Service.Plan("many")));

        var plan = await browser.Proposed();
        await using var tab = await browser.As("auditor");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = $"astro/{plan}" }).WaitForAsync();
        (await browser.Service.Carry(plan)).ShouldBe("plan.applied");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Moves" }).ClickAsync();
        await tab.Shows("astro/cg/vm1");
        using var gone = await browser.Service.Http.DeleteAsync(new Uri("/v1/applications/many", UriKind.Relative), TestContext.Current.CancellationToken);
        gone.EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task Names_stay_text()
    {
        var name = $"<img src=x onerror=\"window.hit=1\">{string.Concat(Enumerable.Repeat('\u05d0', 200))}";
        await using var tab = await browser.SignIn(browser.Service.TokenOf(Tokens.Holders["tenant"] with { Name = name }), width: 320);
        await tab.Heading("Sites").WaitForAsync();
        (await tab.Page.Locator(".who bdi").TextContentAsync()).ShouldBe(name);
        (await tab.Page.EvaluateAsync<bool>("window.hit === undefined && document.images.length === 0")).ShouldBeTrue();
        (await tab.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(320);
    }
}
