using Federation.Portal.Tests.Making;
using Federation.Silo.Tests.Making;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(PortalBrowser))]
// One service and one browser serve all tests, some of which change what others look at.
[assembly: Parallelization(Mode = ParallelMode.None)]

namespace Federation.Portal.Tests.Making;

/// <summary>A service with its portal, two clouds and an application that runs, and a browser to look at it: started once for all tests.</summary>
public sealed class PortalBrowser : IAsyncLifetime
{
    private IPlaywright playwright = null!;
    private IBrowser browser = null!;

    internal RunningService Service { get; private set; } = null!;

    internal OrganisationIssuer Issuer { get; private set; } = null!;

    internal BrokenCalls Broken { get; } = new();

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Issuer = await OrganisationIssuer.Start();
        Service = await RunningService.Start(
            new ServiceFolder(), null, builder => builder.Services.AddSingleton<IIncomingGrainCallFilter>(Broken), ["--Federation:Portal=true", .. Issuer.Settings]);
        await Service.Apply([.. SampleFiles.TwoClouds, SampleFiles.Application(vms: 2), TalkingVms.Application]);
        await Service.Talk();
        (await Service.Carry((await Service.Plan("cg")).GetProperty("id").GetString()!)).ShouldBe("plan.applied");
        await Proposed();
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox"] });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
        await Service.DisposeAsync();
        await Issuer.DisposeAsync();
    }

    /// <summary>A plan that moves both VMs from where they are, which has become dear, and that nobody has started.</summary>
    internal async Task<string> Proposed()
    {
        var at = (await Service.Read("/v1/vms?application=cg"))[0].GetProperty("at").GetProperty("site").GetString()!;
        await Service.Apply(SampleFiles.Site(at, 5m), SampleFiles.Site(at == "dear" ? "cheap" : "dear", 0.1m));
        var plan = await Service.Plan("cg");
        plan.GetProperty("decision").GetString().ShouldBe("migrate");
        return plan.GetProperty("id").GetString()!;
    }

    /// <summary>A tab of a browser that knows nothing yet.</summary>
    internal async Task<Tab> Open(ColorScheme scheme = ColorScheme.Light, int width = 1280, Uri? address = null) =>
        new(await (await browser.NewContextAsync(new() { BaseURL = $"{address ?? Service.Address}", ColorScheme = scheme, IgnoreHTTPSErrors = address?.Scheme == Uri.UriSchemeHttps, ViewportSize = new() { Width = width, Height = 800 } })).NewPageAsync());

    /// <summary>A tab in which somebody has signed in with a token, on his way to the overview or to another page.</summary>
    internal async Task<Tab> SignIn(string token, ColorScheme scheme = ColorScheme.Light, int width = 1280, Uri? address = null, string? to = null)
    {
        var tab = await Open(scheme, width, address);
        await tab.Page.GotoAsync(to ?? "/portal/sign-in");
        await tab.Page.GetByLabel("Token").FillAsync(token);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        return tab;
    }

    /// <summary>As the other, for one of those who could come, by name.</summary>
    internal Task<Tab> As(string holder, ColorScheme scheme = ColorScheme.Light, int width = 1280, string? to = null) => SignIn(Service.TokenOf(holder), scheme, width, to: to);
}
