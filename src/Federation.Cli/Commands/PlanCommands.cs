using System.CommandLine;
using System.Text.Json;
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
            "fedctl plan --offline --sites sites/ --app cg.yaml --what-if close=rennes --what-if price=aws-us-east-1*2",
            "fedctl plan cg --pareto    # what more speed would cost",
            "fedctl plan wait $(fedctl plan cg --detach)",
            "fedctl plan describe cg.1.3",
            "fedctl plan -- list        # an application that has the name of a command")
        {
            Remarks = "Exit code 0: stay; 2: place or migrate; 3: no placement holds all constraints; 1: an error. With --pareto 0 or 3, or 1. "
                + "Plans are worked out one after another: while it waits or is being solved, that is said on the error stream. Ctrl-C cancels it.",
        }
            .With(List(terminal), OnOne("get", "Show one plan", terminal, "fedctl plan get cg.1.3 -o json", plan => PlanPages.List([plan], isWaiting: false)),
                OnOne("describe", "Show what a plan would change, and why", terminal, "fedctl plan describe cg.1.3", PlanPages.Describe),
                Wait(terminal),
                Decide("approve", "Approve a plan for a site of yours", "Starts nothing by itself: a plan begins when its owner has started it and every site approves.", terminal, hasReason: false),
                Decide("reject", "Reject a plan for a site of yours", "The plan ends. Its owner sees who has rejected it, and why.", terminal, hasReason: true),
                Decide("withdraw", "Take an approval back", "What has not come yet does not come; what has stays.", terminal, hasReason: false),
                Cancel(terminal))
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

    /// <summary>Prints a plan that was made, and says by the exit code what it decides.</summary>
    public static int Conclude(ServiceCall call, JsonElement plan)
    {
        call.Show<PlanDocument>(plan, PlanPages.Describe);
        return ExitCodeOf(call.Read<PlanDocument>(plan).Decision);
    }

    private static Verb Wait(Terminal terminal)
    {
        var id = new Argument<string>("PLAN") { Description = "The plan's name, as 'fedctl plan APP --detach' printed it" };
        return new Verb("wait", "Wait until a plan that was asked for is made, and show it", "fedctl plan wait cg.1.3")
        {
            Remarks = "Exit code as of 'fedctl plan APP'. Ctrl-C ends the waiting, not the plan.",
        }.With(id).Calls(terminal, async call => Conclude(call, await new PlanProgress(call, call.Parse.GetRequiredValue(id)).Watch()));
    }

    private static Verb List(Terminal terminal)
    {
        var application = new Option<string?>("--app") { Description = "Of one application only", HelpName = "APP" };
        var waiting = new Option<bool>("--waiting") { Description = "Only plans that wait for approvals, with the sites whose are missing" };
        var before = new Option<string?>("--before") { Description = "The page after the one that ended with this plan, as that page says", HelpName = "PLAN" };
        var limit = Values.Count("--limit", "How many at most; 20 unless said, 100 at most", most: 100);
        return new Verb("list", "List the newest plans", "fedctl plan list --app cg", "fedctl plan list --waiting")
            .With(application, waiting, before, limit).Calls(terminal, async call =>
            {
                var answer = await call.Client.GetPage(
                    Route.To("plans").With("application", call.Parse.GetValue(application)).With("waiting", call.Parse.GetValue(waiting))
                        .With("before", call.Parse.GetValue(before)).With("limit", call.Parse.GetValue(limit)),
                    call.Cancel);
                var code = call.Show<PlanDocument[]>(answer.Document, plans => PlanPages.List(plans, call.Parse.GetValue(waiting)));
                if (answer.Next?.Value("before") is { } more)
                {
                    call.Terminal.Error.WriteLine($"there are more: add --before {more}");
                }

                return code;
            });
    }

    private static Verb Decide(string verb, string description, string remarks, Terminal terminal, bool hasReason)
    {
        var id = new Argument<string>("PLAN") { Description = "The plan's name, as 'fedctl plan list --waiting' shows it" };
        var site = new Option<string?>("--site") { Description = "For which site; may be left out where the plan touches one of yours", HelpName = "SITE" };
        var reason = new Option<string?>("--reason") { Description = "Why, for the plan's owner", HelpName = "TEXT" };
        var made = new Verb(verb, description, $"fedctl plan {verb} cg.1.3 --site rennes") { Remarks = remarks };
        return (hasReason ? made.With(id, site, reason) : made.With(id, site)).Calls(terminal, call => Order(
            call, Route.To("plans", call.Parse.GetRequiredValue(id), verb).With("site", call.Parse.GetValue(site))
                .With("reason", hasReason ? call.Parse.GetValue(reason) : null)));
    }

    private static Verb Cancel(Terminal terminal)
    {
        var id = new Argument<string>("PLAN") { Description = "The plan's name, as 'fedctl plan list' shows it" };
        return new Verb("cancel", "Cancel a plan", "fedctl plan cancel cg.1.3")
        {
            Remarks = "Half-way, migrations that are under way come to their end; then going back is compared with staying, and the better one is taken.",
        }.With(id).Calls(terminal, call => Order(call, Route.To("plans", call.Parse.GetRequiredValue(id), "cancel")));
    }

    private static async Task<int> Order(ServiceCall call, Route route)
    {
        var answer = call.Read<ApplyDocument>((await call.Client.Post(route, json: null, call.Cancel)).Document);
        call.Printer.Print(answer, () => new Output.Page().Line(answer.Text));
        return ExitCode.Done;
    }

    private static Verb OnOne(
        string verb, string description, Terminal terminal, string example, Func<PlanDocument, Output.Page> page)
    {
        var id = new Argument<string>("PLAN") { Description = "The plan's name, as 'fedctl plan list' shows it" };
        return new Verb(verb, description, example).With(id).Calls(terminal, call =>
            call.Show(Route.To("plans", call.Parse.GetRequiredValue(id)), page));
    }
}
