using Federation.Portal.Tests.Making;
using Federation.Silo.Tests.Making;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Federation.Portal.Tests;

/// <summary>The service goes away, or answers wrongly, while somebody looks.</summary>
public sealed class LostConnectionTests(PortalBrowser browser)
{
    private const string Old = "What you see is as it was then";

    [Fact]
    public async Task A_page_whose_answers_fail_for_whatever_reason_says_that_it_is_old_and_goes_on_by_itself()
    {
        await using var tab = await browser.As("auditor");
        await tab.Heading("Sites").WaitForAsync();
        try
        {
            browser.Broken.Method = "IOverviewGrain.Sites";
            await browser.Service.Apply(SampleFiles.Site("dear", 0.4321m));
            await tab.Shows(Old);
            (await tab.Heading("Sites").IsVisibleAsync()).ShouldBeTrue();
        }
        finally
        {
            browser.Broken.Method = null;
        }

        await tab.Shows("0.4321 USD/h");
        await tab.Page.GetByText(Old).WaitForAsync(new() { State = WaitForSelectorState.Hidden });
    }

    [Fact]
    public async Task The_newest_events_go_on_after_a_fault_where_they_were()
    {
        await using var tab = await browser.As("auditor");
        await tab.Heading("Sites").WaitForAsync();
        try
        {
            browser.Broken.Method = "IOverviewGrain.Events";
            await tab.Shows(Old);
            await browser.Service.Apply(SampleFiles.Application("noted", vms: 1));
        }
        finally
        {
            browser.Broken.Method = null;
        }

        await tab.Page.Locator(".events").GetByText("noted").First.WaitForAsync();
        using var gone = await browser.Service.Http.DeleteAsync(new Uri("/v1/applications/noted", UriKind.Relative), TestContext.Current.CancellationToken);
        gone.EnsureSuccessStatusCode();
    }
}
