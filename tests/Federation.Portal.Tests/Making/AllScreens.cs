using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace Federation.Portal.Tests.Making;

/// <summary>One tab for each screen, of one person who sees all of them: opened once for all tests of a class.</summary>
/// <param name="browser">The browser.</param>
public sealed partial class AllScreens(PortalBrowser browser) : IAsyncLifetime
{
    private readonly ConcurrentBag<IWebSocketRoute> circuits = [];

    /// <summary>Each screen: its name, its tab, and a text that is there once it is loaded and not before.</summary>
    internal List<(string Name, Tab Tab, string Content)> Tabs { get; } = [];

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var plan = await browser.Proposed();
        var first = await browser.As("federation-admin");
        await first.Heading("Sites").WaitForAsync();
        foreach (var (name, path, content) in ((string, string, string)[])
        [
            ("overview", "/portal", "Newest events"), ("application", $"/portal/applications/astro/{TalkingVms.Name}", "Where it is"),
            ("plan", $"/portal/plans/astro/{plan}", "What it changes"), ("moves", "/portal/moves", "No VM moves."),
            ("costs", "/portal/applications/astro/cg/costs", "All together"), ("site", "/portal/sites/dear", "Who is there"), ("audit", "/portal/audit", "Newest entries"),
        ])
        {
            var tab = new Tab(await first.Page.Context.NewPageAsync());
            await tab.Page.RouteWebSocketAsync(Circuit(), circuit =>
            {
                circuit.ConnectToServer();
                circuits.Add(circuit);
            });
            await tab.Page.GotoAsync(path);
            Tabs.Add((name, tab, content));
        }

        await All(screen => screen.Tab.Shows(screen.Content));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Tabs[0].Tab.DisposeAsync();

    /// <summary>Does something with all screens at once; a failure names the screen.</summary>
    internal Task All(Func<(string Name, Tab Tab, string Content), Task> what) => Task.WhenAll(Tabs.Select(async screen =>
    {
        try
        {
            await what(screen);
        }
        catch (Exception fault)
        {
            throw new InvalidOperationException($"screen {screen.Name}: {fault.Message}", fault);
        }
    }));

    /// <summary>Cuts every circuit, and keeps browsers from making new ones.</summary>
    internal async Task Cut()
    {
        await Tabs[0].Tab.Page.Context.RouteAsync(Circuit(), route => route.AbortAsync());
        await Task.WhenAll(circuits.Select(circuit => circuit.CloseAsync(new() { Code = 4000 })));
        circuits.Clear();
    }

    /// <summary>Lets browsers come again.</summary>
    internal Task Mend() => Tabs[0].Tab.Page.Context.UnrouteAsync(Circuit());

    [GeneratedRegex("/_blazor")]
    private static partial Regex Circuit();
}
