using System.CommandLine;
using System.Net;
using Federation.Api;
using Federation.Cli.Commandline;
using Federation.Cli.Files;
using Federation.Cli.Output;
using Federation.Cli.Pages;
using Federation.Cli.Service;
using Federation.Cli.Terminals;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl app</c>: the applications at the service.</summary>
internal static class ApplicationCommands
{
    /// <summary>The noun with its verbs.</summary>
    public static Verb Create(Terminal terminal) => new Verb("app", "The applications: virtual clusters and what they want").With(
        new Verb("list", "List all applications", "fedctl app list")
            .Calls(terminal, call => call.ShowAll<ApplicationDocument>(Route.To("applications"), ApplicationPages.List)),
        Get(terminal),
        OnOne("describe", "Show one application with its VMs", terminal, "fedctl app describe cg", (call, route) =>
            call.Show<ApplicationDocument>(route.With("predictions", isSet: true), ApplicationPages.Describe)),
        Costs(terminal),
        Apply(terminal),
        EditCommands.OfApplications(terminal),
        Diff(terminal),
        Delete(terminal));

    private static Verb Get(Terminal terminal)
    {
        var name = new Argument<string>("APP") { Description = "The application's name" };
        return new Verb("get", "Show one application", "fedctl app get cg", "fedctl app get cg -o yaml > cg.yaml")
        {
            Remarks = "-o yaml writes the application's file as 'app apply -f' takes it; -o json shows what the service answers.",
        }.With(name).Calls(terminal, call => call.Export<ApplicationDocument>(
            Route.To("applications", call.Parse.GetRequiredValue(name)), application => application.Spec, application => ApplicationPages.List([application])));
    }

    private static Verb Costs(Terminal terminal)
    {
        var name = new Argument<string>("APP") { Description = "The application's name" };
        return new Verb("costs", "Show what one application has cost, and what it would have cost had no VM moved", "fedctl app costs cg", "fedctl app costs cg -o json")
        {
            Remarks = "Costs are kept by the hour for three days, then by the day, then by the month. They are worked out from the prices and the traffic of their time, and are no bill.",
        }.With(name).Calls(terminal, call => call.Show<CostsDocument>(Route.To("applications", call.Parse.GetRequiredValue(name), "costs"), CostPages.Of));
    }

    private static Verb OnOne(
        string verb, string description, Terminal terminal, string example, Func<ServiceCall, Route, Task<int>> action)
    {
        var name = new Argument<string>("APP") { Description = "The application's name" };
        return new Verb(verb, description, example).With(name).Calls(terminal, call =>
            action(call, Route.To("applications", call.Parse.GetRequiredValue(name))));
    }

    private static Verb Apply(Terminal terminal)
    {
        var paths = FileArguments.Option("an application");
        var version = Version("Replace");
        var dryRun = new Option<bool>("--dry-run") { Description = "Ask the service what would change, and change nothing: the same as diff" };
        var confirmation = new Confirmation();
        return new Verb(
            "apply",
            "Add or replace applications by what their files say. All files are checked first; one fault stops all",
            "fedctl app apply -f cg.yaml",
            "fedctl app apply -f cg.yaml --dry-run",
            "fedctl app apply -f cg.yaml --if-match 1.3",
            "fedctl app get cg -o yaml | sed 's/objective: cost/objective: time/' | fedctl app apply -f -")
        {
            Remarks = "All of a file takes effect, or none of it. It asks first if running VMs would stop, since a file does not have them any more; where nobody can be asked "
                + "(a pipe, a script) that is refused without --yes.",
        }.With(paths, version, dryRun, confirmation.Yes).Calls(terminal, call => ApplicationChanges.With(call, call.Parse.GetRequiredValue(paths), files =>
            call.Parse.GetValue(dryRun)
                ? ApplicationChanges.Show(call, files, call.Parse.GetValue(version))
                : ApplicationChanges.Apply(call, confirmation, files, call.Parse.GetValue(version))));
    }

    private static Verb Diff(Terminal terminal)
    {
        var paths = FileArguments.Option("an application");
        return new Verb("diff", "Show what application files would change, and what stands against them", "fedctl app diff -f cg.yaml")
        {
            Remarks = SiteCommands.DiffExitCodes,
        }.With(paths).Calls(terminal, call => ApplicationChanges.With(call, call.Parse.GetRequiredValue(paths), files => ApplicationChanges.Show(call, files)));
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
                call.Terminal.Error.WriteLine(answer.Status == HttpStatusCode.Accepted ? ApplicationChanges.Pending(call, answer) : "deleted");
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
}
