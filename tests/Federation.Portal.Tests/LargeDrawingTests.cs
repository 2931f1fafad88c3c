using System.Globalization;
using System.Xml.Linq;
using Federation.Portal.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Portal.Tests;

/// <summary>A drawing of more VMs than a layout is searched for, in a real browser.</summary>
public sealed class LargeDrawingTests(PortalBrowser browser)
{
    // 300 VMs at one site, 150 at another and one nowhere; each talks to the next one.
    private const string Draw = """
        async () => {
          const { draw } = await import("/portal/assets/graph.js");
          const element = document.createElement("div");
          element.className = "drawing large";
          document.querySelector("main").prepend(element);
          const vms = Array.from({ length: 451 }, (_, at) => ({ name: `vm${at}`, site: at < 300 ? "one" : at < 450 ? "two" : null, label: `vm${at}`, group: at % 50 < 25 ? Math.floor(at / 50) : null }));
          const edges = Array.from({ length: 450 }, (_, at) => ({ source: `vm${at}`, target: `vm${at + 1}`, width: 2, isCut: at === 299, label: "" }));
          draw(element, { sites: ["one", "two"], vms, edges, chosen: null }, { invokeMethodAsync: () => {} });
        }
        """;

    [Fact]
    public async Task Very_many_VMs_lie_within_their_sites_and_a_site_follows_one_that_is_dragged_out()
    {
        await using var tab = await browser.As("tenant", to: $"/portal/applications/astro/{TalkingVms.Name}");
        await tab.Page.Locator(".drawing[data-drawn='8 28']").WaitForAsync();
        await tab.Page.EvaluateAsync(Draw);
        await tab.Page.Locator(".drawing.large[data-drawn='451 450']").WaitForAsync();
        var before = await Drawn.Of(tab);
        before.Outside("one", Enumerable.Range(0, 300)).ShouldBeEmpty();
        before.Outside("two", Enumerable.Range(300, 150)).ShouldBeEmpty();

        await tab.Page.Locator(".drawing.large").ScrollIntoViewIfNeededAsync();
        var box = (await tab.Page.Locator(".drawing.large").BoundingBoxAsync())!;
        var at = await tab.Page.EvaluateAsync<float[]>("""
            async () => { const { placeOf } = await import("/portal/assets/graph.js"); return placeOf(document.querySelector(".large"), "vm0"); }
            """);
        await tab.Page.Mouse.MoveAsync(box.X + at[0], box.Y + at[1]);
        await tab.Page.Mouse.DownAsync();
        await tab.Page.Mouse.MoveAsync(box.X + at[0] - 10, box.Y + at[1] - 30, new() { Steps = 5 });
        await tab.Page.Mouse.UpAsync();

        var after = await Drawn.Of(tab);
        after.Vms["vm0"].Y.ShouldBeLessThan(before.Vms["vm0"].Y - 20);
        after.Vms["vm1"].ShouldBe(before.Vms["vm1"]);
        after.Outside("one", Enumerable.Range(0, 300)).ShouldBeEmpty();
        after.Sites["one"].Height.ShouldBeGreaterThan(before.Sites["one"].Height + 20);
        after.Sites["two"].ShouldBe(before.Sites["two"]);
        tab.Faults.ShouldBeEmpty();
    }

    // What the saved picture says of where things are.
    private sealed record Drawn(Dictionary<string, (double X, double Y)> Vms, Dictionary<string, (double X, double Y, double Width, double Height)> Sites)
    {
        public static async Task<Drawn> Of(Tab tab)
        {
            var saved = await tab.Page.RunAndWaitForDownloadAsync(() => tab.Page.EvaluateAsync("""
                async () => { const { saveVector } = await import("/portal/assets/graph.js"); saveVector(document.querySelector(".large"), "large.svg"); }
                """));
            var parts = XDocument.Parse(await File.ReadAllTextAsync(await saved.PathAsync(), TestContext.Current.CancellationToken)).Root!.Elements().ToList();
            // Each figure is followed by its name.
            var named = parts.Zip(parts.Skip(1)).Where(pair => pair.Second.Name.LocalName == "text").Select(pair => (Name: pair.Second.Value, Shape: pair.First)).ToList();
            return new(
                named.Where(one => one.Shape.Name.LocalName == "circle").ToDictionary(one => one.Name, one => (Number(one.Shape, "cx"), Number(one.Shape, "cy"))),
                named.Where(one => one.Shape.Name.LocalName == "rect")
                    .ToDictionary(one => one.Name, one => (Number(one.Shape, "x"), Number(one.Shape, "y"), Number(one.Shape, "width"), Number(one.Shape, "height"))));
        }

        public IEnumerable<string> Outside(string site, IEnumerable<int> vms)
        {
            var (x, y, width, height) = Sites[site];
            return vms.Select(vm => $"vm{vm}").Where(vm => Vms[vm] is var at && (at.X < x || at.X > x + width || at.Y < y || at.Y > y + height));
        }

        private static double Number(XElement of, string name) => double.Parse(of.Attribute(name)!.Value, CultureInfo.InvariantCulture);
    }
}
