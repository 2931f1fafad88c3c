using System.Text;
using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Shouldly;

namespace Federation.Portal.Tests.Making;

/// <summary>A page, and all that has come to it over its circuit.</summary>
internal sealed partial class Tab : IAsyncDisposable
{
    private readonly StringBuilder received = new();

    public Tab(IPage page)
    {
        Page = page;
        page.Console += (_, said) =>
        {
            // A form that is refused is no fault of the page.
            if (said.Type == "error" && !said.Text.Contains("the server responded with a status of 4", StringComparison.Ordinal))
            {
                Faults.Add(said.Text);
            }
        };
        page.PageError += (_, fault) => Faults.Add(fault);
        page.WebSocket += (_, socket) => socket.FrameReceived += (_, frame) =>
        {
            lock (received)
            {
                received.Append(frame.Text ?? Encoding.UTF8.GetString(frame.Binary ?? []));
            }
        };
    }

    public IPage Page { get; }

    /// <summary>What the browser complained of: scripts that fail, and what the content security policy forbids.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>All that travelled to the page over its circuit, but for what is encrypted: in that any three letters come by chance.</summary>
    public string Received
    {
        get
        {
            lock (received)
            {
                return Encrypted().Replace(received.ToString(), "");
            }
        }
    }

    public ILocator Heading(string name) => Page.GetByRole(AriaRole.Heading, new() { Name = name, Exact = true });

    /// <summary>Waits until a text is on the page.</summary>
    public Task Shows(string text) => Page.GetByText(text).First.WaitForAsync();

    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Keeps a picture among the artefacts: of the whole page, or of what fits the window.</summary>
    public Task Picture(string name, bool isWhole = true) => Page.ScreenshotAsync(
        new() { Path = Path.Combine(Directory.CreateDirectory(Path.Combine(Root, "artifacts", "portal")).FullName, $"{name}.png"), FullPage = isWhole });

    /// <summary>As the other, once in light and once in dark.</summary>
    public async Task Pictures(string name)
    {
        foreach (var scheme in (ColorScheme[])[ColorScheme.Dark, ColorScheme.Light])
        {
            await Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await Picture($"{name}-{scheme}".ToLowerInvariant());
        }
    }

    /// <summary>Nothing that keeps somebody from using the page: axe finds nothing serious or critical.</summary>
    public async Task IsAccessible()
    {
        var found = await Page.RunAxe();
        found.Violations.Where(violation => violation.Impact is "serious" or "critical").SelectMany(violation => violation.Nodes.Select(node => $"{violation.Id}: {node.Html}")).ShouldBeEmpty();
    }

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();

    private static string FindRoot()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "OrleansFederation.sln")))
        {
            root = root.Parent!;
        }

        return root.FullName;
    }

    // How data that the server protects begins.
    [GeneratedRegex(@"CfDJ8[\w-]+")]
    private static partial Regex Encrypted();
}
