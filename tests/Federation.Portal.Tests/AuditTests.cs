using Federation.Domain.Audit;
using Federation.Portal.Tests.Making;
using Federation.Portal.Watching;
using Federation.Silo.Tests.Making;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Federation.Portal.Tests;

/// <summary>The page of the audit log, in a real browser.</summary>
public sealed class AuditTests(PortalBrowser browser)
{
    [Theory]
    [InlineData("auditor", ColorScheme.Light)]
    [InlineData("federation-admin", ColorScheme.Dark)]
    public async Task Auditors_see_who_did_what_and_that_the_chain_is_right(string holder, ColorScheme scheme)
    {
        await browser.Service.Apply(SampleFiles.Site("dear", 0.55m));
        await using var tab = await browser.As(holder, scheme);
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Audit" }).ClickAsync();
        await tab.Shows("entries are right: each follows from the one before.");
        await tab.Page.GetByRole(AriaRole.Cell, new() { Name = "Application.Apply" }).First.WaitForAsync();
        await tab.Page.GetByLabel("With the text").FillAsync("site.apply");
        await tab.Page.GetByLabel("With the text").PressAsync("Enter");
        await tab.Page.GetByRole(AriaRole.Cell, new() { Name = "Application.Apply" }).First.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        (await tab.Page.GetByRole(AriaRole.Cell, new() { Name = "Site.Apply" }).CountAsync()).ShouldBeGreaterThan(0);
        tab.Page.Url.ShouldEndWith("/portal/audit?find=site.apply");
        await tab.IsAccessible();
        await tab.Picture($"audit-{scheme}".ToLowerInvariant());
        tab.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_head_that_was_noted_is_looked_for_and_another_one_is_told()
    {
        var log = browser.Service.Services.GetRequiredService<IAuditLog>();
        var first = (await log.ReadAfter(0, 1, TestContext.Current.CancellationToken)).Single();
        await using var tab = await browser.As("auditor", to: $"/portal/audit?head={first.Head}");
        await tab.Shows("and the head that was noted is among them");
        await tab.Page.GotoAsync($"/portal/audit?head=1:{new string('0', 64)}");
        await tab.Shows("entry 1 is not the one that was noted");
        await tab.Page.GotoAsync($"/portal/audit?head=999999999:{new string('0', 64)}");
        await tab.Shows("entry 999999999 is missing");
        await tab.Page.GotoAsync("/portal/audit?head=%3Cimg%20src%3Dx%3E");
        await tab.Shows("This is no head");
        (await tab.Page.EvaluateAsync<int>("document.images.length")).ShouldBe(0);
    }

    [Theory]
    [InlineData("tenant")]
    [InlineData("site-admin")]
    public async Task Nobody_else_sees_it_and_looking_leaves_no_refusal_in_the_log(string holder)
    {
        await using var tab = await browser.As(holder, to: "/portal/audit");
        await tab.Shows("The audit log is for auditors and administrators of the federation.");
        (await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Audit" }).CountAsync()).ShouldBe(0);
        tab.Received.ShouldNotContain("Site.Apply");
        var name = Tokens.Holders[holder].Name;
        var log = browser.Service.Services.GetRequiredService<IAuditLog>();
        (await log.ReadAfter(0, 1000, TestContext.Current.CancellationToken)).ShouldNotContain(record =>
            record.Entry.Outcome == AuditOutcome.Refused && record.Entry.Who.StartsWith(name, StringComparison.Ordinal) && record.Entry.Action.Contains("Audit", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("12:", false)]
    [InlineData("0:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    [InlineData("12:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", true)]
    [InlineData("9999999999999999999999:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    public void A_head_is_a_number_and_a_hash(string text, bool isHead) => AuditReading.IsHead(text).ShouldBe(isHead);
}
