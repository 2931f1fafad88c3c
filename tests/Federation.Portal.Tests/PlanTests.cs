using Federation.Portal.Tests.Making;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Federation.Portal.Tests;

/// <summary>The page of a plan that moves two VMs, in a real browser.</summary>
public sealed class PlanTests(PortalBrowser browser)
{
    [Theory]
    [InlineData("auditor", true)]
    [InlineData("site-admin", true)]
    [InlineData("other site-admin", false)]
    [InlineData("other tenant", false)]
    public async Task Who_may_not_decide_has_no_buttons_and_who_may_not_see_has_no_plan(string holder, bool sees)
    {
        var plan = await browser.Proposed();
        await using var tab = await browser.As(holder);
        await tab.Heading("Sites").WaitForAsync();
        await tab.Page.GotoAsync($"/portal/plans/astro/{plan}");
        await tab.Shows(sees ? "What it changes" : "There is no plan of this name that you see.");
        (await tab.Page.GetByRole(AriaRole.Button).CountAsync()).ShouldBe(0);
        if (!sees)
        {
            tab.Received.ShouldNotContain("vm1");
            tab.Received.ShouldNotContain("USD ");
        }

        await tab.IsAccessible();
        tab.Faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task It_says_what_changes_why_and_what_it_comes_to(ColorScheme scheme)
    {
        var plan = await browser.Proposed();
        await using var tab = await browser.As("tenant", scheme);
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = $"astro/{plan}" }).ClickAsync();
        foreach (var text in (string[])["vm1", "cheap std", "dear std", "as it is", "with this plan", "Why, and why not otherwise"])
        {
            await tab.Shows(text);
        }

        await tab.IsAccessible();
        await tab.Picture($"plan-{scheme}".ToLowerInvariant());
        tab.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_owner_tries_what_if_and_chooses_between_cost_and_time_and_nothing_of_it_is_kept()
    {
        var plan = await browser.Proposed();
        var kept = (await browser.Service.Read("/v1/plans?application=cg&limit=100")).GetArrayLength();
        await using var tab = await browser.As("tenant", width: 320, to: $"/portal/plans/astro/{plan}");
        await tab.Page.GetByText("Try another objective").ClickAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Try it" }).ClickAsync();
        await tab.Shows("Say first what is to be different.");
        await tab.Page.GetByLabel("Margin, a share").FillAsync("2");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Try it" }).ClickAsync();
        await tab.Shows("The margin is a share from 0 to less than 1");
        await tab.Page.GetByLabel("Margin, a share").FillAsync("0.99");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Try it" }).ClickAsync();
        await tab.Shows("Were it so (the margin is 0.99): stay. Nothing of this is kept.");
        await tab.Page.GetByLabel("Margin, a share").FillAsync("");
        foreach (var site in (string[])["cheap", "dear"])
        {
            await tab.Page.GetByLabel(site, new() { Exact = true }).CheckAsync();
        }

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Try it" }).ClickAsync();
        await tab.Shows("Were it so (cheap is closed; dear is closed): infeasible.");
        foreach (var site in (string[])["cheap", "dear"])
        {
            await tab.Page.GetByLabel(site, new() { Exact = true }).UncheckAsync();
        }

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Show cost against time" }).ClickAsync();
        await tab.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "cheapest" }).GetByRole(AriaRole.Button).ClickAsync();
        await tab.Shows("the objective is cost; the margin is 0; the deadline is in");
        await tab.Page.GetByText("vm1: ").First.WaitForAsync();
        (await tab.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(320);
        await tab.IsAccessible();
        await tab.Picture("what-if");
        (await browser.Service.Read("/v1/plans?application=cg&limit=100")).GetArrayLength().ShouldBe(kept);
        tab.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_people_apply_the_same_plan_and_it_is_done_once_and_the_other_is_told()
    {
        var plan = await browser.Proposed();
        await using var first = await browser.As("tenant");
        await using var second = await browser.As("federation-admin");
        foreach (var tab in (Tab[])[first, second])
        {
            await tab.Heading("Sites").WaitForAsync();
            await tab.Page.GotoAsync($"/portal/plans/astro/{plan}");
            await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Apply ..." }).ClickAsync();
            await tab.Shows("2 VMs will move");
        }

        await first.Page.GetByRole(AriaRole.Button, new() { Name = "Do nothing" }).ClickAsync();
        await first.Page.GetByRole(AriaRole.Button, new() { Name = "Apply ..." }).ClickAsync();
        await first.Page.GetByRole(AriaRole.Button, new() { Name = "Apply now" }).ClickAsync();
        await first.Shows("was applied");
        await second.Page.GetByRole(AriaRole.Button, new() { Name = "Apply now" }).ClickAsync();
        await second.Shows($"plan astro/{plan} was applied before");
        var applied = (await browser.Service.Read("/v1/events?limit=1000")).EnumerateArray().Count(happened =>
            happened.GetProperty("kind").GetString() == "plan.applied" && happened.GetProperty("text").GetString()!.Contains(plan, StringComparison.Ordinal));
        applied.ShouldBe(1);
    }
}
