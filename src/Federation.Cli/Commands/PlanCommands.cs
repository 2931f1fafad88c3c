using System.CommandLine;
using Federation.Api;
using Federation.Cli.Commandline;
using Federation.Cli.Pages;
using Federation.Cli.Service;
using Federation.Cli.Terminals;
using Federation.Domain.Plans;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl plan</c>: the verb that makes a plan, and the noun for the plans that were made.</summary>
internal static class PlanCommands
{
    /// <summary>The verb, with the noun's verbs below it.</summary>
    public static Verb Create(Terminal terminal)
    {
        var making = new PlanMaking();
        return new Verb(
            "plan",
            "Work out where an application's VMs should be, and whether moving them pays; moves nothing",
            "fedctl plan cg",
            "fedctl plan --offline --sites sites/ --app cg.yaml --traffic cg.csv --period 30s -o json",
            "fedctl plan cg --pareto    # what more speed would cost",
            "fedctl plan describe cg-1",
            "fedctl plan -- list        # an application that has the name of a command")
        {
            Remarks = "Exit code 0: stay; 2: place or migrate; 3: no placement holds all constraints; 1: an error. With --pareto 0 or 3, or 1.",
        }
            .With(List(terminal), OnOne("get", "Show one plan", terminal, "fedctl plan get cg-1 -o json", plan => PlanPages.List([plan])),
                OnOne("describe", "Show what a plan would change, and why", terminal, "fedctl plan describe cg-1", PlanPages.Describe))
            .With(making.All)
            .Does((parse, cancel) => making.Run(parse, terminal, cancel));
    }

    /// <summary>What a plan's decision is to the script that asked for it.</summary>
    public static int ExitCodeOf(PlanDecision decision) => decision switch
    {
        PlanDecision.Stay => ExitCode.Done,
        PlanDecision.Infeasible => ExitCode.Infeasible,
        _ => ExitCode.Pending,
    };

    private static Verb List(Terminal terminal)
    {
        var application = new Option<string?>("--app") { Description = "Of one application only", HelpName = "APP" };
        return new Verb("list", "List plans", "fedctl plan list --app cg").With(application).Calls(terminal, call =>
            call.Show<PlanDocument[]>(Route.To("plans").With("application", call.Parse.GetValue(application)), PlanPages.List));
    }

    private static Verb OnOne(
        string verb, string description, Terminal terminal, string example, Func<PlanDocument, Output.Page> page)
    {
        var id = new Argument<string>("PLAN") { Description = "The plan's name, as 'fedctl plan list' shows it" };
        return new Verb(verb, description, example).With(id).Calls(terminal, call =>
            call.Show(Route.To("plans", call.Parse.GetRequiredValue(id)), page));
    }
}
