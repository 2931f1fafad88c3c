using System.Collections.Immutable;
using System.Net;
using Federation.Api;
using Federation.Cli.Files;
using Federation.Cli.Output;
using Federation.Cli.Pages;
using Federation.Cli.Service;
using Federation.Domain.Sites;
using Federation.Files;

namespace Federation.Cli.Commands;

/// <summary>Holds site files against the service, and puts them into force there.</summary>
internal static class SiteChanges
{
    /// <summary>Reads what a user named and goes on if all of it is sound; otherwise every fault is told.</summary>
    public static async Task<int> With(ServiceCall call, IReadOnlyCollection<string> paths, Func<ImmutableArray<DescribedFile<Site>>, Task<int>> next) =>
        SiteFiles.Read(call.Terminal, paths).TryGet(call.Terminal.Error, out var files) ? await next(files) : ExitCode.Error;

    /// <summary>Shows what each file would change, and changes nothing.</summary>
    /// <param name="call">The connection.</param>
    /// <param name="files">The files.</param>
    /// <param name="seen">Is given what the service said of each; null: nobody wants it.</param>
    /// <returns>An exit code: whether changes are pending, or one would be refused.</returns>
    public static async Task<int> Show(ServiceCall call, ImmutableArray<DescribedFile<Site>> files, Action<SiteDiffDocument>? seen = null)
    {
        var (refused, pending) = (false, false);
        foreach (var file in files)
        {
            var answer = await call.Client.Post(Route.To("sites", file.Model.Id.Value, "diff"), SiteFile.ToJson(file.Model), call.Cancel);
            var diff = call.Read<SiteDiffDocument>(answer.Document);
            call.Printer.Print(answer.Document, () => DiffPages.Of(diff));
            file.Tell(diff.Warnings, call.Terminal.Error);
            seen?.Invoke(diff);
            if (diff.Refused is { } reason)
            {
                call.Terminal.Error.WriteLine(Cells.Plain($"fedctl: {file.Name}: would be refused: {reason}"));
            }

            (refused, pending) = (refused || diff.Refused is not null, pending || diff.Changes.Length > 0);
        }

        return refused ? ExitCode.Error : pending ? ExitCode.Pending : ExitCode.Done;
    }

    /// <summary>Puts files into force, one after the other; with a revision, only in place of that one.</summary>
    public static async Task<int> Apply(ServiceCall call, ImmutableArray<DescribedFile<Site>> files, string? revision = null)
    {
        foreach (var file in files)
        {
            var answer = await call.Client.Put(Route.To("sites", file.Model.Id.Value), SiteFile.ToJson(file.Model), "application/json", call.Cancel, revision);
            var document = call.Read<SiteDocument>(answer.Document);
            call.Printer.Print(answer.Document, () => new Page().Line($"site {document.Site} {Did(answer.Status, document.Applied)}, revision {document.Revision}"));
            file.Tell(document.Applied?.Warnings, call.Terminal.Error);
        }

        return ExitCode.Done;
    }

    /// <summary>What was done, in a word. A service of an earlier version does not tell what was unchanged.</summary>
    public static string Did(HttpStatusCode status, AppliedDocument? applied) => applied?.Did ?? (status == HttpStatusCode.Created ? "created" : "configured");
}
