using Federation.Portal.Tests.Making;
using Federation.Silo.Tests.Making;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Federation.Portal.Tests;

/// <summary>The page of what an application has cost, in a real browser.</summary>
public sealed class CostsTests(PortalBrowser browser)
{
    private const string Page = "/portal/applications/astro/cg/costs";

    [Theory]
    [InlineData("tenant", true)]
    [InlineData("federation-admin", true)]
    [InlineData("auditor", true)]
    [InlineData("site-admin", false)]
    [InlineData("other site-admin", false)]
    [InlineData("other tenant", false)]
    public async Task Costs_are_the_tenants_and_auditors_and_come_to_nobody_elses_browser(string holder, bool sees)
    {
        await using var tab = await browser.As(holder, to: Page);
        await tab.Shows(sees ? "Had each VM stayed where it was first" : "What an application has cost is shown to its tenant and to auditors.");
        if (!sees)
        {
            tab.Received.ShouldNotContain("USD");
            tab.Received.ShouldNotContain("vm1");
        }

        await tab.IsAccessible();
        tab.Faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 320)]
    public async Task Moves_and_sites_are_drawn_and_told_with_figures_that_can_be_taken_along(ColorScheme scheme, int width)
    {
        (await browser.Service.Carry(await browser.Proposed())).ShouldBe("plan.applied");
        await using var tab = await browser.As("tenant", scheme, width, to: "/portal/applications/astro/cg");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "costs over time" }).ClickAsync();
        await tab.Page.Locator(".costs .mark").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await tab.Page.GetByRole(AriaRole.Region, new() { Name = "Moves" }).GetByText("vm1").First.WaitForAsync();
        (await tab.Page.Locator(".costs polygon").CountAsync()).ShouldBe(2, "two sites");
        var costs = await browser.Service.Read("/v1/applications/cg/costs");
        costs.GetProperty("total").GetProperty("hosting").GetDouble().ShouldBeGreaterThan(0);
        costs.GetProperty("moves").EnumerateArray().Select(move => move.GetProperty("vm").GetString()).ShouldBeSubsetOf(["vm1", "vm2"]);
        var table = await tab.Page.RunAndWaitForDownloadAsync(() => tab.Page.GetByRole(AriaRole.Button, new() { Name = "Save as CSV" }).ClickAsync());
        table.SuggestedFilename.ShouldBe("cg-costs.csv");
        var lines = await File.ReadAllLinesAsync(await table.PathAsync(), TestContext.Current.CancellationToken);
        lines[0].ShouldBe("from,until,kind,site,hosting,traffic,moving,currency");
        lines.ShouldContain(line => line.Contains(",paid,cheap,", StringComparison.Ordinal) && line.EndsWith(",USD", StringComparison.Ordinal));
        lines.ShouldContain(line => line.Contains(",stayed,,", StringComparison.Ordinal));
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "24 h" }).ClickAsync();
        await tab.Page.WaitForURLAsync(url => url.EndsWith($"{Page}?days=1", StringComparison.Ordinal));
        (await tab.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(width);
        await tab.IsAccessible();
        await tab.Picture($"costs-{scheme}".ToLowerInvariant());
        tab.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_an_application_that_has_not_run_it_says_what_to_do_and_old_figures_are_said_to_be_old()
    {
        await browser.Service.Apply(SampleFiles.Application("idle", vms: 1));
        await using var idle = await browser.As("tenant", to: "/portal/applications/astro/idle/costs?days=nonsense");
        await idle.Shows("Nothing yet: no VM of it has run.");
        await idle.IsAccessible();
        using var gone = await browser.Service.Http.DeleteAsync(new Uri("/v1/applications/idle", UriKind.Relative), TestContext.Current.CancellationToken);
        gone.EnsureSuccessStatusCode();
        await idle.Shows("There is no application of this name that you see.");

        await using var tab = await browser.As("auditor", to: Page);
        await tab.Shows("All together");
        try
        {
            browser.Broken.Method = "ICostGrain.Get";
            await browser.Service.Apply(SampleFiles.Site("dear", 0.3217m));
            await tab.Shows("What you see is as it was then");
            await tab.Shows("All together");
        }
        finally
        {
            browser.Broken.Method = null;
        }
    }
}
