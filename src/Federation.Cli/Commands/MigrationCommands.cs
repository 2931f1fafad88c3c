using System.CommandLine;
using Federation.Api;
using Federation.Cli.Commandline;
using Federation.Cli.Output;
using Federation.Cli.Pages;
using Federation.Cli.Service;
using Federation.Cli.Terminals;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl migration</c>: live moves, past and present.</summary>
internal static class MigrationCommands
{
    /// <summary>The noun with its verbs.</summary>
    public static Verb Create(Terminal terminal) => new Verb("migration", "Live moves of VMs from site to site").With(
        List(terminal),
        OnOne("get", "Show one migration", terminal, migration => MigrationPages.List([migration])),
        OnOne("describe", "Show one migration in full", terminal, MigrationPages.Describe));

    private static Verb List(Terminal terminal)
    {
        var application = new Option<string?>("--app") { Description = "Of one application only", HelpName = "APP" };
        var plan = new Option<string?>("--plan") { Description = "Of one plan only", HelpName = "PLAN" };
        return new Verb("list", "List migrations", "fedctl migration list --app cg").With(application, plan).Calls(terminal, call =>
            call.ShowAll<MigrationDocument>(
                Route.To("migrations").With("application", call.Parse.GetValue(application)).With("plan", call.Parse.GetValue(plan)),
                MigrationPages.List));
    }

    private static Verb OnOne(string verb, string description, Terminal terminal, Func<MigrationDocument, Page> page)
    {
        var id = new Argument<string>("MIGRATION") { Description = "The migration's name, as 'fedctl migration list' shows it" };
        return new Verb(verb, description, $"fedctl migration {verb} cg-1-vm1").With(id).Calls(terminal, call =>
            call.Show(Route.To("migrations", call.Parse.GetRequiredValue(id)), page));
    }
}
