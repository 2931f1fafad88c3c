using System.Globalization;
using Federation.Api;
using Federation.Cli.Output;

namespace Federation.Cli.Pages;

/// <summary>Sites at the service, for people.</summary>
internal static class SitePages
{
    /// <summary>One row for each site.</summary>
    public static Page List(IEnumerable<SiteDocument> sites) => Page.Of(Table(sites));

    /// <summary>One row for each site.</summary>
    public static Sheet Table(IEnumerable<SiteDocument> sites) =>
        new Sheet("SITE", "KIND", "REGION", ">OFFERS", ">VMS", "APPLICATIONS", ">REVISION", "STATUS").Rows(sites, site =>
        [
            site.Site,
            site.Spec.Text("kind"),
            site.Spec.Text("region"),
            $"{site.Spec.Count("offers")}",
            $"{site.Holds.Length}",
            string.Join(",", site.Holds.Select(hold => hold.Application).Distinct().Order(StringComparer.Ordinal)),
            $"{site.Revision}",
            site.Online ? "online" : "offline",
        ]);

    /// <summary>All that is known of one site.</summary>
    public static Page Describe(SiteDocument site)
    {
        var page = new Page().Line($"Site {site.Site}, revision {site.Revision}");
        page.Heading("Holds");
        if (site.Holds.Length == 0)
        {
            page.Line("No VM is here.");
        }
        else
        {
            page.Add(new Sheet("APPLICATION", "VM", "OFFER", "STATE", "SINCE", "RESERVATION", "UNTIL").Rows(site.Holds, hold =>
            [
                hold.Application, hold.Vm, hold.Offer, hold.State, Cells.Instant(hold.Since), hold.Reservation,
                hold.Until is { } until ? Cells.Instant(until) : "released",
            ]));
        }

        if (site.Use is { } use)
        {
            page.Heading("In use by all tenants").Add(new Sheet("", ">IN USE", ">MAY BE GIVEN OUT").Rows(
                [
                    ("vCPUs", $"{use.Vcpus}", $"{use.UsableVcpus}"),
                    ("memory", Gib(use.MemoryBytes), use.UsableMemoryBytes is { } memory ? Gib(memory) : ""),
                    ("VMs", $"{use.Vms}", $"{use.UsableVms}"),
                ],
                row => [row.Item1, row.Item2, row.Item3.Length > 0 ? row.Item3 : "no limit"]));
        }

        if (site.Outside is { Length: > 0 } outside)
        {
            page.Heading("Outside of what the description allows: they stay, and count for what comes")
                .Add(new Sheet("APPLICATION", "VM", "BY").Rows(outside, vm => [vm.Application, vm.Vm, vm.Reason]));
        }

        return page.Heading("Description").Block(YamlText.Of(site.Spec));
    }

    private static string Gib(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.##} GiB");
}
