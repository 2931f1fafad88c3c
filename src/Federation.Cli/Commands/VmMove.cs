using System.CommandLine;
using Federation.Api;
using Federation.Cli.Commandline;
using Federation.Cli.Service;
using Federation.Cli.Terminals;
using Federation.Domain.Identity;
using Federation.Domain.Plans;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl vm move APP/VM SITE</c>: a plan that moves one VM, whether or not that pays.</summary>
internal static class VmMove
{
    /// <summary>The verb.</summary>
    public static Verb Create(Terminal terminal)
    {
        var name = Qualified.Argument("VM", "The application's name and the VM's");
        var site = new Argument<string>("SITE") { Description = "The site that it is to be at" };
        var applies = new Option<bool>("--apply") { Description = "Apply the plan as well, after a question" };
        var noWait = new Option<bool>("--no-wait") { Description = "With --apply: do not wait for the migrations to end" };
        var confirmation = new Confirmation();
        return new Verb(
            "move",
            "Make a plan that moves one VM to a site, whether or not that pays; moves nothing unless --apply is given",
            "fedctl vm move cg/vm1 rennes",
            "fedctl apply cg.1.4    # the plan that it printed",
            "fedctl vm move cg/vm1 rennes --apply")
        {
            Remarks = "What has to be at one site with the VM goes along; all others stay. It is held against quotas, policies, residency and approvals as any other move, and the plan says "
                + "what it costs or saves by the application's objective. Exit code 2: a plan that moves it was made; 3: it cannot be there, and why; with --apply 0 once it is done; 1: an error.",
        }
            .With(name, site, applies, noWait, confirmation.Yes)
            .Calls(terminal, async call =>
            {
                var (application, vm) = Qualified.Split(call.Parse.GetRequiredValue(name));
                var request = new PlanRequest(null, null, null, null, new(new VmId(vm), new SiteId(call.Parse.GetRequiredValue(site))));
                var made = await PlanMaking.Make(call, application, request);
                var exitCode = PlanCommands.Conclude(call, made);
                return call.Parse.GetValue(applies) && exitCode == ExitCode.Pending
                    ? await Apply(call, confirmation, PlanMaking.NameOf(application, call.Read<PlanDocument>(made).Id!), !call.Parse.GetValue(noWait))
                    : exitCode;
            });
    }

    private static async Task<int> Apply(ServiceCall call, Confirmation confirmation, string plan, bool isAwaited)
    {
        await call.Ask(confirmation, () => PlanProspect.Look(call, plan));
        return await ApplyCommand.Run(call, plan, isAwaited);
    }
}
