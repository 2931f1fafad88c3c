using System.CommandLine;
using System.Net;
using Federation.Api;
using Federation.Cli.Commandline;
using Federation.Cli.Files;
using Federation.Cli.Output;
using Federation.Cli.Pages;
using Federation.Cli.Service;
using Federation.Cli.Terminals;
using Federation.Domain.Applications;
using Federation.Files;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl app</c>: the applications at the service.</summary>
internal static class ApplicationCommands
{
    /// <summary>The noun with its verbs.</summary>
    public static Verb Create(Terminal terminal) => new Verb("app", "The applications: virtual clusters and what they want").With(
        new Verb("list", "List all applications", "fedctl app list")
            .Calls(terminal, call => call.ShowAll<ApplicationDocument>(Route.To("applications"), ApplicationPages.List)),
        OnOne("get", "Show one application", terminal, "fedctl app get cg -o yaml", (call, route) =>
            call.Show<ApplicationDocument>(route, application => ApplicationPages.List([application]))),
        OnOne("describe", "Show one application with its VMs", terminal, "fedctl app describe cg", (call, route) =>
            call.Show<ApplicationDocument>(route, ApplicationPages.Describe)),
        Apply(terminal),
        Delete(terminal));

    private static Verb OnOne(
        string verb, string description, Terminal terminal, string example, Func<ServiceCall, Route, Task<int>> action)
    {
        var name = new Argument<string>("APP") { Description = "The application's name" };
        return new Verb(verb, description, example).With(name).Calls(terminal, call =>
            action(call, Route.To("applications", call.Parse.GetRequiredValue(name))));
    }

    private static Verb Apply(Terminal terminal)
    {
        var path = new Option<string>("--file", "-f") { Description = "An application file", HelpName = "FILE", Required = true };
        var version = Version("Replace");
        return new Verb(
            "apply",
            "Add or replace an application by what its file says",
            "fedctl app apply -f cg.yaml",
            "fedctl app apply -f cg.yaml --if-match 1.3")
        {
            Remarks = "All of the file takes effect, or none of it.",
        }.With(path, version).Calls(terminal, call => Apply(call, call.Parse.GetRequiredValue(path), call.Parse.GetValue(version)));
    }

    private static Verb Delete(Terminal terminal)
    {
        var name = new Argument<string>("APP") { Description = "The application's name" };
        var version = Version("Delete");
        var confirmation = new Confirmation();
        return new Verb(
            "delete",
            "Take an application off the service: its VMs stop, its places are given back. Says first how many running VMs stop, and asks",
            "fedctl app delete cg",
            "fedctl app delete cg --yes")
        {
            Remarks = "Where nobody can be asked (a pipe, a script) it is refused without --yes if VMs run.",
        }
            .With(name, version, confirmation.Yes).Calls(terminal, async call =>
            {
                var route = Route.To("applications", call.Parse.GetRequiredValue(name));
                await call.Ask(confirmation, async () => Deletion(await call.Get<ApplicationDocument>(route)));
                var answer = await call.Client.Delete(route, call.Cancel, call.Parse.GetValue(version));
                call.Terminal.Error.WriteLine(answer.Status == HttpStatusCode.Accepted ? Pending(call, answer) : "deleted");
                return ExitCode.Done;
            });
    }

    private static Prospect Deletion(ApplicationDocument application)
    {
        var running = application.Vms.Count(vm => vm.At is not null);
        var where = string.Join(", ", application.Vms.Select(vm => vm.At?.Site).OfType<string>().Distinct());
        var sentence = running switch
        {
            0 => $"Application {application.Application} is deleted; no VM of it runs.",
            1 => $"Application {application.Application} is deleted, and its running VM stops (at {where}).",
            _ => $"Application {application.Application} is deleted, and its {running} running VMs stop (at {where}).",
        };
        return new(Cells.Plain(sentence), "Delete it?", StopsVms: running > 0);
    }

    private static Option<string?> Version(string verb) => new("--if-match")
    {
        Description = $"{verb} only this version, as 'fedctl app get' shows it; another one in force stays as it is", HelpName = "VERSION",
    };

    private static string Pending(ServiceCall call, ServiceAnswer answer) =>
        Cells.Plain($"under way: {call.Read<PendingDocument>(answer.Document).Text}");

    private static async Task<int> Apply(ServiceCall call, string path, string? version)
    {
        var text = UserFile.Read(path);
        var parsed = ApplicationFile.Parse(text, path);
        if (!new Checked<Application?>(parsed.Value, parsed.Faults).TryGet(call.Terminal.Error, out var application))
        {
            return ExitCode.Error;
        }

        // The text as it stands: should the service find fault with it, lines are those of the file.
        var answer = await call.Client.Put(Route.To("applications", application!.Id.Name), text, "application/yaml", call.Cancel, version);
        if (answer.Status == HttpStatusCode.Accepted)
        {
            call.Terminal.Error.WriteLine(Pending(call, answer));
            return ExitCode.Done;
        }

        var did = answer.Status == HttpStatusCode.Created ? "created" : "configured";
        return call.Show<ApplicationDocument>(
            answer.Document, document => new Page().Line($"application {document.Application} {did}, version {document.Version}"));
    }
}
