using System.CommandLine;
using Federation.Api;
using Federation.Cli.Commandline;
using Federation.Cli.Output;
using Federation.Cli.Pages;
using Federation.Cli.Service;
using Federation.Cli.Terminals;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl migration</c>: moves of VMs, past and present.</summary>
internal static class MigrationCommands
{
    /// <summary>The noun with its verbs.</summary>
    public static Verb Create(Terminal terminal) => new Verb("migration", "Moves of VMs from host to host and from site to site").With(
        List(terminal),
        OnOne("get", "Show one migration", terminal, migration => MigrationPages.List([migration])),
        OnOne("describe", "Show one migration in full: its steps, and what it took beside what was estimated", terminal, MigrationPages.Describe),
        Cancel(terminal));

    private static Verb List(Terminal terminal)
    {
        var application = new Option<string?>("--app") { Description = "Of one application only", HelpName = "APP" };
        var plan = new Option<string?>("--plan") { Description = "Of one plan only", HelpName = "PLAN" };
        return new Verb("list", "List migrations", "fedctl migration list --app cg").With(application, plan).Calls(terminal, call =>
            call.ShowAll<MigrationDocument>(
                Route.To("migrations").With("application", call.Parse.GetValue(application)).With("plan", call.Parse.GetValue(plan)),
                MigrationPages.List));
    }

    private static Verb Cancel(Terminal terminal)
    {
        var id = Named();
        return new Verb("cancel", "Take one migration back: its VM stays where it was", "fedctl migration cancel cg.1.3.1")
        {
            Remarks = "It is refused once the VM was told to run at its new place. 'fedctl migration describe' shows when it is taken back; "
                + "the plan then goes by what is best half-way, and 'fedctl plan cancel' ends it.",
        }.With(id).Calls(terminal, async call =>
        {
            var route = Route.To("migrations", call.Parse.GetRequiredValue(id), "cancel");
            var answer = call.Read<MigrationCancelDocument>((await call.Client.Post(route, json: null, call.Cancel)).Document);
            call.Printer.Print(answer, () => new Page().Line(answer.Text));
            return ExitCode.Done;
        });
    }

    private static Argument<string> Named() => new("MIGRATION") { Description = "The migration's name, as 'fedctl migration list' shows it" };

    private static Verb OnOne(string verb, string description, Terminal terminal, Func<MigrationDocument, Page> page)
    {
        var id = Named();
        return new Verb(verb, description, $"fedctl migration {verb} cg.1.3.1").With(id).Calls(terminal, call =>
            call.Show(Route.To("migrations", call.Parse.GetRequiredValue(id)), page));
    }
}
