using System.Xml.Linq;
using Federation.Portal.Tests.Making;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Federation.Portal.Tests;

/// <summary>The page of an application, in a real browser: who talks to whom, where, and what that costs.</summary>
public sealed class ApplicationTests(PortalBrowser browser)
{
    private const string Page = $"/portal/applications/astro/{TalkingVms.Name}";

    [Theory]
    [InlineData("tenant", true, true)]
    [InlineData("federation-admin", true, true)]
    [InlineData("auditor", true, true)]
    [InlineData("site-admin", true, false)]
    [InlineData("other site-admin", false, false)]
    [InlineData("other tenant", false, false)]
    public async Task Traffic_is_its_owners_and_auditors_and_what_somebody_may_not_see_does_not_come_to_his_browser(string holder, bool sees, bool seesTraffic)
    {
        await using var tab = await browser.As(holder, to: Page);
        await tab.Shows(sees ? "Where it is" : "There is no application of this name that you see.");
        if (seesTraffic)
        {
            await tab.Page.Locator(".drawing[data-drawn='8 28']").WaitForAsync();
            await tab.Shows("between cheap and dear");
        }
        else if (sees)
        {
            await tab.Shows("Who talks to whom is shown to the application's tenant and to auditors.");
            tab.Received.ShouldNotContain("MB/s");
        }
        else
        {
            tab.Received.ShouldNotContain("vm1");
        }

        await tab.IsAccessible();
        tab.Faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task It_says_in_figures_what_the_drawing_shows(ColorScheme scheme)
    {
        await using var tab = await browser.As("tenant", scheme, to: Page);
        await tab.Page.Locator(".drawing[data-drawn='8 28']").WaitForAsync();
        foreach (var text in (string[])["g1", "all at cheap", "cut: cheap, dear", "VM by VM", "Newest plans"])
        {
            await tab.Shows(text);
        }

        // vm5 exchanges 2 x 40.5 MB with vm7 in 30 s, over a link of 0.02 USD/GB: (1 MB/s + 35 kB/s x 10) each way, an hour long.
        var row = tab.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "vm5 and vm7" });
        (await row.InnerTextAsync()).ShouldContain("1.4 MB/s");
        (await row.InnerTextAsync()).ShouldContain("0.19 USD/h");
        await tab.IsAccessible();
        await tab.Picture($"application-{scheme}".ToLowerInvariant());
        tab.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Its_address_says_what_is_looked_at_and_can_be_sent_to_somebody()
    {
        await using var tab = await browser.As("auditor", width: 320, to: $"{Page}?by=packets&edges=5");
        await tab.Page.Locator(".drawing[data-drawn='8 5']").WaitForAsync();
        await tab.Shows("23 lighter pairs are hidden");
        await tab.Shows("1,000 packets/s");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "vm2", Exact = true }).First.ClickAsync();
        await tab.Shows("2 lighter pairs are hidden");
        tab.Page.Url.ShouldEndWith($"{Page}?by=packets&edges=5&vm=vm2");
        (await tab.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(320);
        await tab.Page.GotoAsync($"{Page}?windows=nonsense&until=yesterday&edges=-1&vm=%3Cimg%20src%3Dx%20onerror%3D%22window.hit%3D1%22%3E");
        await tab.Shows("No two VMs have talked to each other.");
        (await tab.Page.EvaluateAsync<bool>("window.hit === undefined && document.images.length === 0")).ShouldBeTrue();
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Show all VMs" }).ClickAsync();
        await tab.Page.Locator(".drawing[data-drawn='8 28']").WaitForAsync();
        tab.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_drawn_can_be_taken_along_as_a_table_and_as_a_picture()
    {
        await using var tab = await browser.As("tenant", to: Page);
        await tab.Page.Locator(".drawing[data-drawn='8 28']").WaitForAsync();
        var table = await tab.Page.RunAndWaitForDownloadAsync(() => tab.Page.GetByRole(AriaRole.Button, new() { Name = "Save as CSV" }).ClickAsync());
        table.SuggestedFilename.ShouldBe("duo-traffic.csv");
        var lines = await File.ReadAllLinesAsync(await table.PathAsync(), TestContext.Current.CancellationToken);
        lines.Length.ShouldBe(29);
        lines.ShouldContain(line => line.StartsWith("vm5,vm7,cheap,dear,1350000,1000,1350000,1000,0.194", StringComparison.Ordinal) && line.EndsWith(",USD", StringComparison.Ordinal));
        var picture = await tab.Page.RunAndWaitForDownloadAsync(() => tab.Page.GetByRole(AriaRole.Button, new() { Name = "Save as PNG" }).ClickAsync());
        picture.SuggestedFilename.ShouldBe("duo-traffic.png");
        (await File.ReadAllBytesAsync(await picture.PathAsync(), TestContext.Current.CancellationToken)).Take(4).ShouldBe([0x89, (byte)'P', (byte)'N', (byte)'G']);
        var vector = await tab.Page.RunAndWaitForDownloadAsync(() => tab.Page.GetByRole(AriaRole.Button, new() { Name = "Save as SVG" }).ClickAsync());
        vector.SuggestedFilename.ShouldBe("duo-traffic.svg");
        var drawn = XDocument.Parse(await File.ReadAllTextAsync(await vector.PathAsync(), TestContext.Current.CancellationToken));
        drawn.Descendants().Count(part => part.Name.LocalName == "line").ShouldBe(28);
        drawn.Descendants().Count(part => part.Name.LocalName == "polygon").ShouldBe(2, "an outline of each group");
        ((string[])["vm1", "vm8", "cheap", "dear"]).ShouldBeSubsetOf(drawn.Descendants().Where(part => part.Name.LocalName == "text").Select(part => part.Value));
        tab.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Time_is_gone_through_by_a_slider_by_keyboard_and_by_itself_up_to_the_newest()
    {
        await using var tab = await browser.As("tenant", to: Page);
        await tab.Page.Locator(".drawing[data-hulls='2']").WaitForAsync();
        var slider = tab.Page.GetByRole(AriaRole.Slider, new() { Name = "Time" });
        await slider.FocusAsync();
        await slider.PressAsync("ArrowLeft");
        // The browser is asked: what waits for a navigation can miss that an address was replaced while it began to wait.
        await tab.Page.WaitForFunctionAsync("() => location.search.includes('until=')");
        await tab.Page.Locator(".drawing[data-drawn='8 28']").WaitForAsync();
        await tab.IsAccessible();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Play" }).ClickAsync();
        await tab.Page.WaitForFunctionAsync("() => !location.search.includes('until=')");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Play" }).WaitForAsync();
        tab.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_an_application_that_no_sensor_has_seen_nothing_is_made_up()
    {
        await using var tab = await browser.As("tenant", to: "/portal/applications/astro/cg");
        await tab.Shows("No sensor has reported anything yet.");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Ask for a plan" }).ClickAsync();
        await tab.Page.GetByText("It would").GetByRole(AriaRole.Link).WaitForAsync();
        (await tab.Page.Locator(".drawing").CountAsync()).ShouldBe(0);
        await tab.IsAccessible();
        await tab.Page.GotoAsync($"{Page}?until=2020-01-01T00:00:00Z");
        await tab.Shows("There are no figures for this period");
        await tab.IsAccessible();
    }
}
