using Federation.Portal.Tests.Making;
using Federation.Silo.Tests.Making;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Federation.Portal.Tests;

/// <summary>The page of a site, in a real browser: what it sells and for how much, what is taken, who is there.</summary>
public sealed class SiteTests(PortalBrowser browser)
{
    [Theory]
    [InlineData("tenant", true, false)]
    [InlineData("other tenant", false, false)]
    [InlineData("site-admin", true, true)]
    [InlineData("other site-admin", false, false)]
    [InlineData("federation-admin", true, true)]
    [InlineData("auditor", true, true)]
    public async Task Offers_are_everybody_s_who_is_there_is_his_own_and_hosts_are_the_site_s(string holder, bool seesVms, bool seesHosts)
    {
        await using var tab = await browser.As(holder, to: "/portal/sites/cheap");
        await tab.Heading("Who is there").WaitForAsync();
        await tab.Shows("USD/GB");
        (await tab.Page.GetByText("astro/duo").CountAsync() > 0).ShouldBe(seesVms);
        (await tab.Heading("Hosts and sensors").CountAsync() > 0).ShouldBe(seesHosts);
        (await tab.Heading("The site as a whole").CountAsync() > 0).ShouldBe(seesHosts);
        (await tab.Page.GetByText("Fairness 1:").CountAsync() > 0).ShouldBe(seesHosts, "one tenant is there");
        (await tab.Page.GetByText("all tenants").CountAsync() > 0).ShouldBe(seesHosts);
        if (!seesVms)
        {
            $"{await tab.Page.ContentAsync()}{tab.Received}".ShouldNotContain("astro");
        }

        (await tab.Page.GetByRole(AriaRole.Button).CountAsync()).ShouldBe(0);
        await tab.IsAccessible();
        tab.Faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 320)]
    public async Task Prices_are_drawn_with_what_is_known_of_those_to_come(ColorScheme scheme, int width)
    {
        var now = TimeProvider.System.GetUtcNow();
        var (path, text) = SampleFiles.Site("grid", 0.5m, more: "capacity: { vcpus: 64 }\nquotas: [{ tenant: astro, vcpus: 16, coreHours: 100 }]");
        await browser.Service.Apply((path, text.Replace("price: 0.5", $"price: [{{ from: '{now.AddHours(-6):yyyy-MM-ddTHH:mm:ssZ}', perHour: 0.5 }}, {{ from: '{now.AddHours(6):yyyy-MM-ddTHH:mm:ssZ}', perHour: 0.75 }}]", StringComparison.Ordinal)));
        await using var tab = await browser.As("federation-admin", scheme, width, to: "/portal/sites/grid");
        await tab.Shows("0.75 USD/h from");
        await tab.Shows("least 0.5, most 0.75 USD/h");
        await tab.Shows("0 of 64");
        await tab.Shows("Nobody.");
        await tab.Shows("0 of 100");
        (await tab.Page.Locator(".chart .future").GetAttributeAsync("points"))!.Split(' ').Length.ShouldBe(4, "one step up");
        (await tab.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(width);
        await tab.IsAccessible();
        await tab.Picture($"site-{scheme}".ToLowerInvariant());
        using var gone = await browser.Service.Http.DeleteAsync(new Uri("/v1/sites/grid", UriKind.Relative), TestContext.Current.CancellationToken);
        gone.EnsureSuccessStatusCode();
        await tab.Shows("There is no site of this name that you see.");
        tab.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_a_site_that_is_away_what_was_last_known_is_shown_and_said_to_be_old()
    {
        await using var tab = await browser.As("auditor", to: "/portal/sites/dear");
        await tab.Heading("Who is there").WaitForAsync();
        try
        {
            browser.Broken.Away = "dear";
            await tab.Page.ReloadAsync();
            await tab.Shows("no silo of the site is in the federation. What stands here is what was last known of it.");
            await tab.Shows("astro/duo");
            await tab.IsAccessible();
            await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Overview" }).ClickAsync();
            await tab.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "dear" }).GetByText("lost").WaitForAsync();
        }
        finally
        {
            browser.Broken.Away = null;
        }

        tab.Faults.ShouldBeEmpty();
    }
}
