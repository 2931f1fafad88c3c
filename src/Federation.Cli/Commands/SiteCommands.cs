using System.CommandLine;
using System.Net;
using Federation.Api;
using Federation.Cli.Commandline;
using Federation.Cli.Files;
using Federation.Cli.Pages;
using Federation.Cli.Service;
using Federation.Cli.Terminals;
using Federation.Domain.Sites;
using Federation.Files;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl site</c>: the sites at the service.</summary>
internal static class SiteCommands
{
    /// <summary>The noun with its verbs.</summary>
    public static Verb Create(Terminal terminal) => new Verb("site", "The sites of the federation").With(
        new Verb("list", "List all sites", "fedctl site list", "fedctl site list -o json")
            .Calls(terminal, call => call.Show<SiteDocument[]>(Route.To("sites"), sites => SitePages.List(sites, call.Terminal.Clock.GetUtcNow()))),
        Get(terminal),
        Describe(terminal),
        Apply(terminal),
        SiteDeletion.Create(terminal));

    private static Verb Get(Terminal terminal)
    {
        var name = Name();
        return new Verb("get", "Show one site", "fedctl site get rennes -o yaml").With(name).Calls(terminal, call =>
            call.Show<SiteDocument>(RouteOf(call, name), site => SitePages.List([site], call.Terminal.Clock.GetUtcNow())));
    }

    private static Verb Describe(Terminal terminal)
    {
        var name = Name();
        return new Verb("describe", "Show one site with its offers, limits and the VMs that it holds", "fedctl site describe rennes")
            .With(name).Calls(terminal, call => call.Show<SiteDocument>(RouteOf(call, name), SitePages.Describe));
    }

    private static Verb Apply(Terminal terminal)
    {
        var path = new Option<string>("--file", "-f")
        {
            Description = "A site file, or a folder of site files", HelpName = "FILE|DIR", Required = true,
        };
        return new Verb(
            "apply",
            "Add or replace sites by what their files say. All files are checked first; one fault stops all",
            "fedctl site apply -f sites/",
            "fedctl site apply -f sites/rennes.yaml")
            .With(path).Calls(terminal, call => Apply(call, call.Parse.GetRequiredValue(path)));
    }

    /// <summary>Puts site files into force.</summary>
    public static async Task<int> Apply(ServiceCall call, string path)
    {
        if (!SiteFiles.Read(path).TryGet(call.Terminal.Error, out var sites))
        {
            return ExitCode.Error;
        }

        foreach (var site in sites)
        {
            await Put(call, site);
        }

        return ExitCode.Done;
    }

    private static async Task Put(ServiceCall call, Site site)
    {
        var answer = await call.Client.Put(Route.To("sites", site.Id.Value), SiteFile.ToJson(site), "application/json", call.Cancel);
        var document = call.Read<SiteDocument>(answer.Document);
        var did = answer.Status == HttpStatusCode.Created ? "created" : "configured";
        call.Printer.Print(answer.Document, () => new Output.Page().Line($"site {document.Site} {did}, revision {document.Revision}"));
    }

    private static Argument<string> Name() => new("SITE") { Description = "The site's name" };

    private static Route RouteOf(ServiceCall call, Argument<string> name) => Route.To("sites", call.Parse.GetRequiredValue(name));
}
