using Federation.Portal.Tests.Making;
using Federation.Silo.Tests.Making;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Federation.Portal.Tests;

/// <summary>The file of a site, edited in a real browser.</summary>
public sealed class PolicyTests(PortalBrowser browser)
{
    private const string Page = "/portal/sites/cheap";

    [Fact]
    public async Task Two_people_edit_it_and_the_second_is_told_and_overwrites_nothing()
    {
        await browser.Service.Apply(SampleFiles.Site("cheap", 0.1m));
        await using var bob = await Editing("site-admin");
        await using var carol = await Editing("federation-admin");

        // What is wrong is said where it stands, and brings the viewer there.
        await Edit(bob, "vcpus: 2", "vcpus: two");
        await bob.Page.GetByRole(AriaRole.Button, new() { Name = "Show what it changes" }).ClickAsync();
        await bob.Shows("1 fault; what is in force stays.");
        (await bob.Page.Locator(".numbers .wrong").InnerTextAsync()).ShouldBe("! 7");
        await bob.Page.GetByRole(AriaRole.Button, new() { Name = "line 7, column 10" }).ClickAsync();
        (await bob.Page.EvaluateAsync<string>("(() => { const at = document.activeElement; return at.value.slice(at.selectionStart, at.selectionStart + 3); })()")).ShouldBe("two");
        (await bob.Page.GetByRole(AriaRole.Button, new() { Name = "Put it into force now" }).CountAsync()).ShouldBe(0);
        await bob.IsAccessible();
        await bob.Picture("policy-faults");

        await Edit(bob, "vcpus: two", "vcpus: 2");
        await Edit(bob, "price: 0.1", "price: 0.11");
        await Edit(carol, "available: 8", "available: 9");
        foreach (var tab in (Tab[])[bob, carol])
        {
            await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Show what it changes" }).ClickAsync();
            await tab.Shows("1 change to revision");
        }

        await bob.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "offers[std].price" }).GetByText("0.11").WaitForAsync();
        await bob.IsAccessible();
        await bob.Pictures("policy");
        await bob.Page.GetByRole(AriaRole.Button, new() { Name = "Put it into force now" }).ClickAsync();
        await bob.Page.GetByText("is in force.").WaitForAsync();
        (await PriceNow()).ShouldBe(0.11m);

        await carol.Shows("It was changed meanwhile");
        (await carol.Page.GetByRole(AriaRole.Button, new() { Name = "Put it into force now" }).CountAsync()).ShouldBe(0);
        await carol.Page.GetByRole(AriaRole.Button, new() { Name = "Keep my text" }).ClickAsync();
        await carol.Shows("2 changes to revision");
        (await PriceNow()).ShouldBe(0.11m);
        await carol.Page.GetByRole(AriaRole.Button, new() { Name = "Do nothing" }).ClickAsync();
        await browser.Service.Apply(SampleFiles.Site("cheap", 0.12m));
        await carol.Shows("It was changed meanwhile");
        await carol.Page.GetByRole(AriaRole.Button, new() { Name = "Take what is in force" }).ClickAsync();
        await carol.Page.GetByText("It was changed meanwhile").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        (await carol.Page.GetByLabel("The site's file").InputValueAsync()).ShouldContain("price: 0.12");
        bob.Faults.ShouldBeEmpty();
        carol.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_auditor_reads_it_and_a_tenant_has_none()
    {
        await using var auditor = await browser.As("auditor", to: Page);
        await auditor.Page.GetByText("as its file would have it").ClickAsync();
        await auditor.Page.GetByRole(AriaRole.Region, new() { Name = "The site's file" }).GetByText("offers:").WaitForAsync();
        (await auditor.Page.GetByRole(AriaRole.Button).CountAsync()).ShouldBe(0);
        await auditor.IsAccessible();
        await auditor.Pictures("policy-auditor");
        await using var tenant = await browser.As("tenant", to: Page);
        await tenant.Heading("Who is there").WaitForAsync();
        (await tenant.Heading("Policy file").CountAsync()).ShouldBe(0);
    }

    private async Task<Tab> Editing(string holder)
    {
        var tab = await browser.As(holder, to: Page);
        await tab.Page.GetByText("Edit what the site offers and allows").ClickAsync();
        await tab.Page.Locator(".numbers span").First.WaitForAsync();
        return tab;
    }

    private static async Task Edit(Tab tab, string said, string says)
    {
        var file = tab.Page.GetByLabel("The site's file");
        var text = await file.InputValueAsync();
        text.ShouldContain(said);
        await file.FillAsync(text.Replace(said, says, StringComparison.Ordinal));
    }

    private async Task<decimal> PriceNow() =>
        (await browser.Service.Read("/v1/sites/cheap")).GetProperty("spec").GetProperty("offers")[0].GetProperty("price").GetDecimal();
}
