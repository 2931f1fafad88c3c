using System.Diagnostics;
using System.Globalization;
using Federation.Collector.Bench;
using Microsoft.Playwright;

namespace Federation.Portal.Bench;

/// <summary>A large application in a real browser, without a graphics processor.</summary>
internal static class GraphRun
{
    private const string Name = "big";

    // Counts frames while the mouse is moved, in milliseconds from one to the next.
    private const string BeginFrames = """
        () => { window.frames_ = []; let last = performance.now(); window.counting = true;
          const next = now => { window.frames_.push(now - last); last = now; if (window.counting) requestAnimationFrame(next); }; requestAnimationFrame(next); }
        """;

    public static async Task Run(int vms, int edges, int drawn, int runs)
    {
        await using var running = await Running.Begin();
        await running.Describe();
        await running.Application(Name, vms, 50);
        await running.Talk(Name, vms, edges, 50, windows: 3);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox"] });
        var opened = new List<double>();
        for (var run = 0; run <= runs; run++)
        {
            await using var context = await browser.NewContextAsync(new() { BaseURL = $"{running.Portal}", ViewportSize = new() { Width = 1280, Height = 800 } });
            var page = await context.NewPageAsync();
            var sent = await Sent.Of(page);
            await SignIn(page, running.TokenOf());
            sent.Clear();
            var clock = Stopwatch.StartNew();
            await page.GotoAsync(PageOf(drawn));
            await Drawn(page, vms, drawn);
            if (run == 0)
            {
                Row("a first load of it, as sent", $"{sent.Bytes / 1e6:0.00} MB of files, {sent.Circuit / 1e6:0.00} MB over the circuit");
                continue;
            }

            opened.Add(clock.Elapsed.TotalSeconds);
            if (run == runs)
            {
                // The runtimes of service and browser compile what is used often; a service that has run for a while has done it.
                Opened(drawn, "service just started", opened.Take(5));
                Opened(drawn, "after these", opened.Skip(5));
                await Frames(page, $"{drawn:#,0} pairs");
                await page.GotoAsync(PageOf(edges));
                clock.Restart();
                await Drawn(page, vms, edges);
                await Frames(page, $"all {edges:#,0} pairs");
            }
        }
    }

    private static void Opened(int drawn, string when, IEnumerable<double> times)
    {
        var sorted = times.Order().ToList();
        if (sorted.Count > 0)
        {
            Row($"opens with its {drawn:#,0} heaviest pairs drawn, {when}, {sorted.Count} times", $"median {sorted.At(0.5):0.00} s, longest {sorted[^1]:0.00} s");
        }
    }

    private static string PageOf(int edges) => string.Create(CultureInfo.InvariantCulture, $"/portal/applications/astro/{Name}?edges={edges}");

    private static Task Drawn(IPage page, int vms, int edges) =>
        page.Locator(string.Create(CultureInfo.InvariantCulture, $".drawing[data-drawn='{vms} {edges}']")).WaitForAsync(new() { Timeout = 120_000 });

    private static async Task SignIn(IPage page, string token)
    {
        await page.GotoAsync("/portal/sign-in");
        await page.GetByLabel("Token").FillAsync(token);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Sites", Exact = true }).WaitForAsync();
    }

    // The whole drawing is dragged, then one VM of it.
    private static async Task Frames(IPage page, string what)
    {
        var drawing = page.Locator(".drawing");
        await drawing.ScrollIntoViewIfNeededAsync();
        var box = (await drawing.BoundingBoxAsync())!;
        Row($"dragging all of it, {what}", await Drag(page, box.X + 12, box.Y + 12, 80));
        var vm = await page.EvaluateAsync<float[]>("""
            async () => { const { placeOf } = await import("/portal/assets/graph.js"); return placeOf(document.querySelector(".drawing"), "vm0"); }
            """);
        Row($"dragging one VM, {what}", await Drag(page, box.X + vm[0], box.Y + vm[1], 60));
    }

    private static async Task<FormattableString> Drag(IPage page, float x, float y, int far)
    {
        await page.Mouse.MoveAsync(x, y);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(x + 8, y + 8);
        await page.EvaluateAsync(BeginFrames);
        var clock = Stopwatch.StartNew();
        for (var step = 0; clock.Elapsed < TimeSpan.FromSeconds(4); step++)
        {
            var angle = step * 0.12;
            await page.Mouse.MoveAsync(x + (float)(far * Math.Abs(Math.Sin(angle))), y + (float)(far * Math.Abs(Math.Sin(angle * 0.7))));
        }

        var frames = await page.EvaluateAsync<double[]>("() => { window.counting = false; return window.frames_; }");
        var seconds = clock.Elapsed.TotalSeconds;
        await page.Mouse.UpAsync();
        var sorted = frames.Skip(1).Order().ToList();
        return $"{frames.Length / seconds:0} frames/s; 50 %, 95 %, longest: {sorted.At(0.5):0}, {sorted.At(0.95):0}, {sorted[^1]:0} ms";
    }

    private static void Row(string what, FormattableString figure) => Figures.Print($"| {what} | {Figures.Line(figure)} |");
}

/// <summary>What has come to a page, as it was sent: packed files with their headers, and frames of the circuit.</summary>
internal sealed class Sent
{
    private long bytes;
    private long circuit;

    public long Bytes => Interlocked.Read(ref bytes);

    public long Circuit => Interlocked.Read(ref circuit);

    public static async Task<Sent> Of(IPage page)
    {
        var sent = new Sent();
        var network = await page.Context.NewCDPSessionAsync(page);
        await network.SendAsync("Network.enable");
        // Nothing that signing in has brought counts as there already.
        await network.SendAsync("Network.setCacheDisabled", new() { ["cacheDisabled"] = true });
        network.Event("Network.loadingFinished").OnEvent += (_, told) => Interlocked.Add(ref sent.bytes, (long)(told?.GetProperty("encodedDataLength").GetDouble() ?? 0));
        page.WebSocket += (_, socket) => socket.FrameReceived += (_, frame) => Interlocked.Add(ref sent.circuit, frame.Binary?.Length ?? frame.Text?.Length ?? 0);
        return sent;
    }

    public void Clear() => (bytes, circuit) = (0, 0);
}
