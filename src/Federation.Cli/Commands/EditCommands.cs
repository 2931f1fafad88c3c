using System.Collections.Immutable;
using System.CommandLine;
using Federation.Api;
using Federation.Cli.Commandline;
using Federation.Cli.Editing;
using Federation.Cli.Service;
using Federation.Cli.Terminals;
using Federation.Domain.Identity;
using Federation.Files;
using Federation.Yaml;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl app edit</c> and <c>fedctl site edit</c>: what is in force, in an editor.</summary>
internal static class EditCommands
{
    private const string Remarks = "The editor is the one that EDITOR names, else VISUAL, else vi. Faults are written above the text and the editor opens again. "
        + "Nothing is changed if nothing was edited.";

    /// <summary><c>edit</c> of applications.</summary>
    public static Verb OfApplications(Terminal terminal)
    {
        var confirmation = new Confirmation();
        var name = new Argument<string>("APP") { Description = "The application's name" };
        return new Verb("edit", "Edit an application's description and put it into force", "fedctl app edit cg", "EDITOR='code --wait' fedctl app edit cg")
        {
            Remarks = Remarks,
        }.With(name, confirmation.Yes).Calls(terminal, call => EditApplication(call, confirmation, call.Parse.GetRequiredValue(name)));
    }

    /// <summary><c>edit</c> of sites.</summary>
    public static Verb OfSites(Terminal terminal)
    {
        var name = new Argument<string>("SITE") { Description = "The site's name" };
        return new Verb("edit", "Edit a site's description and put it into force", "fedctl site edit rennes")
        {
            Remarks = Remarks,
        }.With(name).Calls(terminal, call => EditSite(call, call.Parse.GetRequiredValue(name)));
    }

    private static async Task<int> EditApplication(ServiceCall call, Confirmation confirmation, string name)
    {
        var document = await call.Get<ApplicationDocument>(Route.To("applications", name));
        var original = YamlText.Of(document.Spec);
        var edited = ApplicationFile.Parse(original, document.Application).Value?.Id;
        return await new EditRun(call, $"Application {document.Application}, version {document.Version}", document.Application).Run(
            original,
            (text, file) => ApplicationFile.Parse(text, file) is { IsSound: true } parsed ? Renamed(parsed.Value.Id, edited, file) : ApplicationFile.Parse(text, file).Faults,
            // In place of the one that was edited only: somebody else may have changed it meanwhile.
            (text, file) => ApplicationChanges.Apply(call, confirmation, [new(ApplicationFile.Parse(text, file).Value!, file, text)], document.Version));
    }

    private static async Task<int> EditSite(ServiceCall call, string name)
    {
        var document = await call.Get<SiteDocument>(Route.To("sites", name));
        return await new EditRun(call, $"Site {document.Site}, revision {document.Revision}", document.Site).Run(
            YamlText.Of(document.Spec),
            (text, file) => SiteFile.Parse(text, file) is { IsSound: true } parsed ? Renamed(parsed.Value.Id, document.Site, file) : SiteFile.Parse(text, file).Faults,
            (text, file) => SiteChanges.Apply(call, [new(SiteFile.Parse(text, file).Value!, file, text)], $"{document.Revision}"));
    }

    private static ImmutableArray<Fault> Renamed(AppId id, AppId? edited, string file) => edited is null || id == edited ? []
        : [new(file, 0, "application", $"{id}", $"is not {edited}, which is edited", "keep tenant and name; 'fedctl app apply -f' makes another one")];

    private static ImmutableArray<Fault> Renamed(SiteId id, string edited, string file) => id.Value == edited ? []
        : [new(file, 0, "site", id.Value, $"is not {edited}, which is edited", "keep the name; 'fedctl site apply -f' makes another one")];
}
