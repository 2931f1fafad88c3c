using Federation.Portal.Tests.Making;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Federation.Portal.Tests;

/// <summary>The two pictures of the README: taken here, kept in docs/pictures by whoever has looked at them.</summary>
public sealed class ReadmePictureTests(PortalBrowser browser)
{
    [Fact]
    public async Task The_graph_and_a_plan_as_a_newcomer_sees_them()
    {
        var plan = await browser.Proposed();
        await using var tab = await browser.As("tenant", width: 1000, to: $"/portal/applications/astro/{TalkingVms.Name}");
        await tab.Page.Locator(".drawing[data-drawn='8 28']").WaitForAsync();
        await tab.Page.SetViewportSizeAsync(1000, 1140);
        await tab.Picture("portal-graph", isWhole: false);
        await tab.Page.SetViewportSizeAsync(1000, 660);
        await tab.Page.GotoAsync($"/portal/plans/astro/{plan}");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Apply ..." }).ClickAsync();
        await tab.Shows("2 VMs will move");
        await tab.Picture("portal-plan", isWhole: false);
    }

    [Theory]
    [InlineData("portal-graph")]
    [InlineData("portal-plan")]
    public void The_README_shows_them_and_they_are_small(string name)
    {
        File.ReadAllText(Path.Combine(Tab.Root, "README.md")).ShouldContain($"](docs/pictures/{name}.png)");
        var picture = new FileInfo(Path.Combine(Tab.Root, "docs", "pictures", $"{name}.png"));
        picture.Length.ShouldBeInRange(1000, 200_000);
    }
}
