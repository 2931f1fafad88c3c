using Federation.Portal.Tests.Making;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Federation.Portal.Tests;

/// <summary>The page of moves, in a real browser, before and after two VMs have moved.</summary>
public sealed class MovesTests(PortalBrowser browser)
{
    [Fact]
    public async Task Moves_come_to_the_page_with_what_they_were_estimated_and_took_and_to_nobody_elses()
    {
        await using var tab = await browser.As("tenant");
        await using var stranger = await browser.As("other tenant");
        foreach (var page in (Tab[])[tab, stranger])
        {
            await page.Page.GetByRole(AriaRole.Link, new() { Name = "Moves" }).ClickAsync();
            await page.Shows("No VM moves.");
        }

        (await browser.Service.Carry(await browser.Proposed())).ShouldBe("plan.applied");
        await tab.Shows("astro/cg/vm1");
        await tab.Shows("astro/cg/vm2");
        await tab.Page.GetByRole(AriaRole.Cell, new() { Name = "moved", Exact = true }).First.WaitForAsync();
        await tab.IsAccessible();
        await tab.Pictures("moves");
        tab.Faults.ShouldBeEmpty();
        stranger.Received.ShouldNotContain("vm1");
    }
}
