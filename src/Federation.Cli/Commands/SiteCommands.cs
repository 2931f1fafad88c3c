using System.CommandLine;
using Federation.Api;
using Federation.Cli.Commandline;
using Federation.Cli.Files;
using Federation.Cli.Pages;
using Federation.Cli.Service;
using Federation.Cli.Terminals;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl site</c>: the sites at the service.</summary>
internal static class SiteCommands
{
    /// <summary>What exit codes of a comparison mean.</summary>
    public const string DiffExitCodes = "Exit code 0: nothing would change; 2: changes are pending; 1: an error, or it would be refused.";

    /// <summary>The noun with its verbs.</summary>
    public static Verb Create(Terminal terminal) => new Verb("site", "The sites of the federation").With(
        new Verb("list", "List all sites", "fedctl site list", "fedctl site list -o json")
            .Calls(terminal, call => call.Show<SiteDocument[]>(Route.To("sites"), sites => SitePages.List(sites, call.Terminal.Clock.GetUtcNow()))),
        Get(terminal),
        Describe(terminal),
        Apply(terminal),
        EditCommands.OfSites(terminal),
        Diff(terminal),
        SiteAdvice.Create(terminal),
        SiteDeletion.Create(terminal));

    private static Verb Get(Terminal terminal)
    {
        var name = Name();
        return new Verb("get", "Show one site", "fedctl site get rennes", "fedctl site get rennes -o yaml > rennes.yaml")
        {
            Remarks = "-o yaml writes the site's file as 'site apply -f' takes it; -o json shows what the service answers.",
        }.With(name).Calls(terminal, call => call.Export<SiteDocument>(RouteOf(call, name), site => site.Spec, site => SitePages.List([site], call.Terminal.Clock.GetUtcNow())));
    }

    private static Verb Describe(Terminal terminal)
    {
        var name = Name();
        return new Verb("describe", "Show one site with its offers, limits and the VMs that it holds", "fedctl site describe rennes")
        {
            Remarks = "Its administrators see besides: free room by host and its fragmentation, power, and each tenant's share with a figure of fairness.",
        }.With(name).Calls(terminal, call => call.Show<SiteDocument>(RouteOf(call, name), SitePages.Describe));
    }

    private static Verb Apply(Terminal terminal)
    {
        var paths = FileArguments.Option("a site");
        var dryRun = new Option<bool>("--dry-run") { Description = "Ask the service what would change, and change nothing: the same as diff" };
        return new Verb(
            "apply",
            "Add or replace sites by what their files say. All files are checked first; one fault stops all",
            "fedctl site apply -f sites/",
            "fedctl site apply -f sites/rennes.yaml --dry-run",
            "fedctl site get rennes -o yaml | sed 's/price: 0$/price: 0.1/' | fedctl site apply -f -")
            .With(paths, dryRun).Calls(terminal, call => SiteChanges.With(call, call.Parse.GetRequiredValue(paths), files =>
                call.Parse.GetValue(dryRun) ? SiteChanges.Show(call, files) : SiteChanges.Apply(call, files)));
    }

    private static Verb Diff(Terminal terminal)
    {
        var paths = FileArguments.Option("a site");
        return new Verb("diff", "Show what site files would change, and which running VMs they would keep out", "fedctl site diff -f sites/")
        {
            Remarks = DiffExitCodes,
        }.With(paths).Calls(terminal, call => SiteChanges.With(call, call.Parse.GetRequiredValue(paths), files => SiteChanges.Show(call, files)));
    }

    private static Argument<string> Name() => new("SITE") { Description = "The site's name" };

    private static Route RouteOf(ServiceCall call, Argument<string> name) => Route.To("sites", call.Parse.GetRequiredValue(name));
}
