using System.Globalization;
using Federation.Api;
using Federation.Cli.Output;
using Federation.Yaml;

namespace Federation.Cli.Pages;

/// <summary>Sites at the service, for people.</summary>
internal static class SitePages
{
    private static readonly string[] HostColumn = ["HOST"];

    /// <summary>One row for each site.</summary>
    /// <param name="sites">The sites.</param>
    /// <param name="now">When prices are asked for.</param>
    public static Page List(IEnumerable<SiteDocument> sites, DateTimeOffset now) => Page.Of(Table(sites, now));

    /// <inheritdoc cref="List"/>
    public static Sheet Table(IEnumerable<SiteDocument> sites, DateTimeOffset now) =>
        new Sheet("SITE", "KIND", "REGION", ">OFFERS", ">PER HOUR", ">VMS", "APPLICATIONS", ">REVISION", "STATUS").Rows(sites, site =>
        [
            site.Site,
            site.Spec.Text("kind"),
            site.Spec.Text("region"),
            $"{site.Spec.Count("offers")}",
            SitePrices.Of(site.Spec, now),
            LastKnown(site, $"{site.Holds.Length}"),
            LastKnown(site, string.Join(",", site.Holds.Select(hold => hold.Application).Distinct().Order(StringComparer.Ordinal))),
            LastKnown(site, $"{site.Revision}"),
            site.Online ? "online" : $"offline, not known {Since(site.LostSince)}",
        ]);

    /// <summary>The sites that cannot be asked, for the top of a page; null: all can.</summary>
    public static string? Lost(IEnumerable<SiteDocument> sites)
    {
        var lost = sites.Where(site => !site.Online).Select(site => $"{site.Site} ({Since(site.LostSince)})").ToList();
        return lost.Count == 0 ? null : $"cannot be asked, shown as last known: {string.Join(", ", lost)}";
    }

    /// <summary>The sites of which a list that asks each has nothing, for the top of a page; null: all answered.</summary>
    public static string? Unasked(IEnumerable<SiteDocument> sites)
    {
        var lost = sites.Where(site => !site.Online).Select(site => $"{site.Site} ({Since(site.LostSince)})").ToList();
        return lost.Count == 0 ? null : $"cannot be asked, not shown here: {string.Join(", ", lost)}";
    }

    /// <summary>Since when a site is lost, as a clause.</summary>
    public static string Since(DateTimeOffset? lost) => lost is { } since ? $"since {Cells.Instant(since)}" : "since a moment ago";

    private static string LastKnown(SiteDocument site, string figure) => site.Online || figure.Length == 0 ? figure : $"{figure} (last known)";

    /// <summary>All that is known of one site.</summary>
    public static Page Describe(SiteDocument site)
    {
        var page = new Page().Line($"Site {site.Site}, revision {site.Revision}");
        if (!site.Online)
        {
            page.Line($"No silo of it is in the federation {Since(site.LostSince)}: its state is not known. All below is as it was last known.");
        }

        page.Heading(site.Online ? "Holds" : "Holds, as last known");
        if (site.Holds.Length == 0)
        {
            page.Line(site.Online ? "No VM is here." : "No VM was here.");
        }
        else
        {
            var hosts = site.Holds.Any(hold => hold.Host is not null);
            page.Add(new Sheet(["APPLICATION", "VM", "OFFER", .. hosts ? HostColumn : [], "STATE", "SINCE", "RESERVATION", "UNTIL"]).Rows(site.Holds, hold =>
            [
                hold.Application, hold.Vm, hold.Offer, .. hosts ? new[] { HostOf(hold) } : [], hold.State, Cells.Instant(hold.Since), hold.Reservation,
                hold.Until is { } until ? Cells.Instant(until) : "released",
            ]));
        }

        if (site.Use is { } use)
        {
            page.Heading(site.Online ? "In use by all tenants" : "In use by all tenants, as last known").Add(new Sheet("", ">IN USE", ">MAY BE GIVEN OUT").Rows(
                [
                    ("vCPUs", $"{use.Vcpus}", $"{use.UsableVcpus}"),
                    ("memory", Gib(use.MemoryBytes), use.UsableMemoryBytes is { } memory ? Gib(memory) : ""),
                    ("VMs", $"{use.Vms}", $"{use.UsableVms}"),
                ],
                row => [row.Item1, row.Item2, row.Item3.Length > 0 ? row.Item3 : "no limit"]));
        }

        if (site.Figures is { } figures)
        {
            SiteFigurePages.AddTo(page, figures);
        }

        if (site.Outside is { Length: > 0 } outside)
        {
            page.Heading("Outside of what the description allows: they stay, and count for what comes")
                .Add(new Sheet("APPLICATION", "VM", "BY").Rows(outside, vm => [vm.Application, vm.Vm, vm.Reason]));
        }

        return page.Heading("Description").Block(YamlText.Of(site.Spec));
    }

    private static string HostOf(HoldDocument hold) => hold.NextHost is { } next ? $"{hold.Host} to {next}" : hold.Host ?? "";

    /// <summary>An amount of memory or disk.</summary>
    internal static string Gib(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.##} GiB");
}
