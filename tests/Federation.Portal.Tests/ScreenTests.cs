using Federation.Portal.Tests.Making;
using Federation.Silo.Tests.Making;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Federation.Portal.Tests;

/// <summary>Every screen while it loads, with a site away, with old data, and without its connection.</summary>
public sealed class ScreenTests(PortalBrowser browser, AllScreens screens) : IClassFixture<AllScreens>
{
    private const string Old = "What you see is as it was then";

    [Fact]
    public async Task While_it_loads_it_says_so_and_shows_nothing_that_could_be_taken_for_empty()
    {
        using (browser.Broken.Hold())
        {
            await screens.All(async screen =>
            {
                await screen.Tab.Page.ReloadAsync();
                await screen.Tab.Shows("Loading ...");
                (await screen.Tab.Page.GetByText(screen.Content).CountAsync()).ShouldBe(0);
                (await screen.Tab.Page.Locator("main [role=alert], main table, main .quiet").CountAsync()).ShouldBe(0);
            });
        }

        await screens.All(screen => screen.Tab.Shows(screen.Content));
    }

    [Fact]
    public async Task With_a_site_away_it_goes_on_and_does_not_say_that_the_service_is()
    {
        try
        {
            browser.Broken.Away = "dear";
            await screens.All(async screen =>
            {
                await screen.Tab.Page.ReloadAsync();
                await screen.Tab.Shows(screen.Content);
                (await screen.Tab.Page.GetByText(Old).CountAsync()).ShouldBe(0);
            });
        }
        finally
        {
            browser.Broken.Away = null;
        }
    }

    [Fact]
    public async Task Old_data_stay_and_are_said_to_be_old_until_there_are_new_ones()
    {
        try
        {
            browser.Broken.Method = BrokenCalls.Everything;
            await browser.Service.Apply(SampleFiles.Site("dear", 0.3217m));
            await screens.All(async screen =>
            {
                await screen.Tab.Shows(Old);
                (await screen.Tab.Page.GetByText(screen.Content).First.IsVisibleAsync()).ShouldBeTrue();
                await screen.Tab.Picture($"old-{screen.Name}");
            });
        }
        finally
        {
            browser.Broken.Method = null;
        }

        await screens.All(screen => screen.Tab.Page.GetByText(Old).WaitForAsync(new() { State = WaitForSelectorState.Hidden }));
    }

    [Fact]
    public async Task Without_its_connection_it_says_so_keeps_what_was_there_and_goes_on_by_itself()
    {
        try
        {
            await screens.Cut();
            await screens.All(async screen =>
            {
                await screen.Tab.Page.Locator("#components-reconnect-modal p:visible").WaitForAsync();
                (await screen.Tab.Page.GetByText(screen.Content).First.IsVisibleAsync()).ShouldBeTrue();
                await screen.Tab.Picture($"lost-{screen.Name}");
            });
        }
        finally
        {
            await screens.Mend();
        }

        await screens.All(screen => screen.Tab.Page.Locator("#components-reconnect-modal").WaitForAsync(new() { State = WaitForSelectorState.Hidden }));
    }

    [Fact]
    public async Task A_plan_that_changes_nothing_and_a_search_that_finds_nothing_say_so()
    {
        (await browser.Service.Carry(await browser.Proposed())).ShouldBe("plan.applied");
        var stay = await browser.Service.Plan("cg");
        stay.GetProperty("decision").GetString().ShouldBe("stay");
        await using var tab = await browser.As("federation-admin", to: $"/portal/plans/astro/{stay.GetProperty("id").GetString()}");
        await tab.Page.GetByText("Nothing.", new() { Exact = true }).WaitForAsync();
        await tab.Shows("2 VMs stay where they are");
        await tab.Page.GotoAsync("/portal/audit?find=a-text-that-nobody-wrote");
        await tab.Shows("There is none with this text.");
    }
}
