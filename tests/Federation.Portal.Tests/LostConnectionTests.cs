using Federation.Portal.Tests.Making;
using Federation.Silo.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Portal.Tests;

/// <summary>The service goes away while somebody looks.</summary>
public sealed class LostConnectionTests(PortalBrowser browser) : IClassFixture<PortalBrowser>
{
    [Fact]
    public async Task A_lost_connection_is_said_and_what_was_there_stays()
    {
        await using var tab = await browser.SignIn(browser.Service.TokenOf("auditor"));
        await tab.Shows("astro/cg");
        await browser.Service.Stop();
        await tab.Page.Locator("#components-reconnect-modal p:visible").WaitForAsync();
        (await tab.Page.GetByText("astro/cg").First.IsVisibleAsync()).ShouldBeTrue();
        await tab.Picture("lost");
    }
}
