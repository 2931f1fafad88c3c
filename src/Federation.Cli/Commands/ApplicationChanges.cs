using System.Collections.Immutable;
using System.Net;
using Federation.Api;
using Federation.Cli.Commandline;
using Federation.Cli.Files;
using Federation.Cli.Output;
using Federation.Cli.Pages;
using Federation.Cli.Service;
using Federation.Domain.Applications;

namespace Federation.Cli.Commands;

/// <summary>Holds application files against the service, and puts them into force there.</summary>
internal static class ApplicationChanges
{
    // The text as it stands: should the service find fault with it, lines are those of the file.
    private const string MediaType = "application/yaml";

    /// <summary>Reads what a user named and goes on if all of it is sound; otherwise every fault is told.</summary>
    public static async Task<int> With(ServiceCall call, IReadOnlyCollection<string> paths, Func<ImmutableArray<DescribedFile<Application>>, Task<int>> next) =>
        ApplicationFiles.Read(call.Terminal, paths).TryGet(call.Terminal.Error, out var files) ? await next(files) : ExitCode.Error;

    /// <summary>Shows what each file would change, and changes nothing.</summary>
    /// <param name="call">The connection.</param>
    /// <param name="files">The files.</param>
    /// <param name="version">The version that has to be in force; null: any.</param>
    /// <returns>An exit code: whether changes are pending, or one would be refused.</returns>
    public static async Task<int> Show(ServiceCall call, ImmutableArray<DescribedFile<Application>> files, string? version = null)
    {
        var (refused, pending) = (false, false);
        foreach (var file in files)
        {
            var answer = await call.Client.Post(Route.To("applications", file.Model.Id.Name, "diff"), file.Text, MediaType, call.Cancel, version);
            var diff = call.Read<ApplicationDiffDocument>(answer.Document);
            call.Printer.Print(answer.Document, () => DiffPages.Of(diff));
            file.Tell(diff.Warnings, call.Terminal.Error);
            foreach (var reason in diff.Refused)
            {
                call.Terminal.Error.WriteLine(Cells.Plain($"fedctl: {file.Name}: would be refused: {reason}"));
            }

            (refused, pending) = (refused || diff.Refused.Length > 0, pending || diff.Changes.Length > 0);
        }

        return refused ? ExitCode.Error : pending ? ExitCode.Pending : ExitCode.Done;
    }

    /// <summary>Puts files into force, one after the other; with a version, only in place of that one. Asks first if running VMs would stop.</summary>
    public static async Task<int> Apply(ServiceCall call, Confirmation confirmation, ImmutableArray<DescribedFile<Application>> files, string? version = null)
    {
        await call.Ask(confirmation, async () => Stop(await Stopping(call, files)));
        foreach (var file in files)
        {
            var answer = await call.Client.Put(Route.To("applications", file.Model.Id.Name), file.Text, MediaType, call.Cancel, version);
            if (answer.Status == HttpStatusCode.Accepted)
            {
                call.Terminal.Error.WriteLine(Pending(call, answer));
                continue;
            }

            var document = call.Read<ApplicationDocument>(answer.Document);
            var did = SiteChanges.Did(answer.Status, document.Applied);
            call.Printer.Print(answer.Document, () => new Page().Line($"application {document.Application} {did}, version {document.Version}"));
            file.Tell(document.Applied?.Warnings, call.Terminal.Error);
        }

        return ExitCode.Done;
    }

    // What files would be refused for is said when they are sent.
    private static async Task<List<string>> Stopping(ServiceCall call, ImmutableArray<DescribedFile<Application>> files)
    {
        var stopping = new List<string>();
        foreach (var file in files)
        {
            var answer = await call.Client.Post(Route.To("applications", file.Model.Id.Name, "diff"), file.Text, MediaType, call.Cancel);
            var diff = call.Read<ApplicationDiffDocument>(answer.Document);
            stopping.AddRange((diff.Stops ?? []).Select(vm => $"{diff.Application}/{vm}"));
        }

        return stopping;
    }

    private static Prospect Stop(List<string> vms) => vms.Count == 0 ? Prospect.Nothing : new(
        Cells.Plain($"{(vms.Count == 1 ? "1 running VM is" : $"{vms.Count} running VMs are")} not in what is applied, and would stop: {Cells.Some(vms)}."),
        "Apply it?",
        StopsVms: true);

    /// <summary>That a change goes on by itself.</summary>
    public static string Pending(ServiceCall call, ServiceAnswer answer) =>
        Cells.Plain($"under way: {call.Read<PendingDocument>(answer.Document).Text}");
}
