using System.CommandLine;
using Federation.Api;
using Federation.Cli.Commandline;
using Federation.Cli.Output;
using Federation.Cli.Service;
using Federation.Cli.Terminals;
using Federation.Domain.Plans;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl apply PLAN</c>: does what a plan says.</summary>
internal static class ApplyCommand
{
    /// <summary>The command.</summary>
    public static Verb Create(Terminal terminal)
    {
        var plan = new Argument<string>("PLAN") { Description = "The plan's name, as 'fedctl plan' shows it" };
        var noWait = new Option<bool>("--no-wait") { Description = "Do not wait for the migrations to end" };
        var confirmation = new Confirmation();
        return new Verb(
            "apply",
            "Apply a plan, and wait until its migrations have ended. Says first how many VMs move and what it costs, and asks on a terminal",
            "fedctl apply cg.1.3",
            "fedctl apply cg.1.3 --yes --no-wait")
        {
            Remarks = "A plan is refused if what it relies on does not hold any more. Where sites have to approve it, it waits for them and then begins by itself. "
                + "Ctrl-C ends the waiting, not the migrations.",
        }
            .With(plan, noWait, confirmation.Yes)
            .Calls(terminal, async call =>
            {
                var name = call.Parse.GetRequiredValue(plan);
                await call.Ask(confirmation, () => PlanProspect.Look(call, name));
                return await Run(call, name, isAwaited: !call.Parse.GetValue(noWait));
            });
    }

    /// <summary>Starts a plan, and watches it unless it is not to be awaited.</summary>
    public static async Task<int> Run(ServiceCall call, string plan, bool isAwaited)
    {
        var answer = await call.Client.Post(Route.To("plans", plan, "apply"), json: null, call.Cancel);
        var started = call.Read<ApplyDocument>(answer.Document);
        call.Terminal.Error.WriteLine(Cells.Plain(started.Text));
        var last = isAwaited && started.Plan.State == PlanState.Applying
            ? await new ApplyProgress(call, plan).Watch()
            : started.Plan;
        return await Conclude(call, last);
    }

    private static async Task<int> Conclude(ServiceCall call, PlanDocument plan)
    {
        call.Printer.Print(plan, () => new Page().Line($"plan {plan.Id} {plan.State?.ToString().ToLowerInvariant()}"));
        if (plan.State != PlanState.Failed)
        {
            return ExitCode.Done;
        }

        call.Terminal.Error.WriteLine(Cells.Plain(plan.StateText ?? ""));
        var migrations = await call.Get<MigrationDocument[]>(Route.To("migrations").With("plan", plan.Id));
        foreach (var failed in migrations.Where(migration => migration.Reason is not null))
        {
            call.Terminal.Error.WriteLine(Cells.Plain($"{failed.Vm}: {failed.Reason}"));
        }

        call.Terminal.Error.WriteLine(
            $"fedctl: plan {plan.Id} failed; 'fedctl events' tells the story, "
            + $"'fedctl plan {plan.Application}' makes a new plan from where things are");
        return ExitCode.Error;
    }
}
