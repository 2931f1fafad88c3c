using System.CommandLine;
using Federation.Api;
using Federation.Cli.Commandline;
using Federation.Cli.Output;
using Federation.Cli.Service;
using Federation.Cli.Terminals;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl site delete SITE</c>: takes a site out of the federation.</summary>
internal static class SiteDeletion
{
    /// <summary>The verb.</summary>
    public static Verb Create(Terminal terminal)
    {
        var name = new Argument<string>("SITE") { Description = "The site's name" };
        var confirmation = new Confirmation();
        return new Verb(
            "delete", "Take a site out of the federation. Refused while VMs are there or come there, or a plan counts on it", "fedctl site delete rennes")
        {
            Remarks = "'fedctl site describe SITE' shows who is there. With the last site the federation's currency is free again. The site may come again later: 'fedctl site apply'. "
                + "A silo that keeps a folder of site files in force brings the site back when it starts: take the file out first.",
        }
            .With(name, confirmation.Yes)
            .Calls(terminal, async call =>
            {
                var site = call.Parse.GetRequiredValue(name);
                await call.Ask(confirmation, async () => Prospect(site, await call.Get<SiteDocument[]>(Route.To("sites"))));
                return call.Show<SiteRemovalDocument>((await call.Client.Delete(Route.To("sites", site), call.Cancel)).Document, PageOf);
            });
    }

    private static Prospect Prospect(string site, SiteDocument[] sites)
    {
        var last = sites is [var only] && only.Site == site ? " It is the last one: the federation's currency is free again." : "";
        return new(Cells.Plain($"Site {site} leaves the federation.{last}"), "Delete it?", StopsVms: false);
    }

    private static Page PageOf(SiteRemovalDocument removal)
    {
        var page = new Page().Line($"site {removal.Site} deleted");
        return removal.LinkedFrom.Length == 0 ? page : page.Line(
            $"{string.Join(", ", removal.LinkedFrom)} still say that they have a link to {removal.Site}: it counts for nothing while there is no such site. "
            + "'fedctl site apply' without it takes it out");
    }
}
