using System.CommandLine;
using Federation.Api;
using Federation.Cli.Commandline;
using Federation.Cli.Pages;
using Federation.Cli.Service;
using Federation.Cli.Terminals;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl doctor</c>: whether ledgers, hypervisors, applications and VMs say the same.</summary>
internal static class DoctorCommand
{
    // What is left to do: as 'plan --detailed-exitcode' has it.
    private const int Left = 2;

    /// <summary>The command.</summary>
    public static Verb Create(Terminal terminal)
    {
        var repair = new Option<bool>("--repair") { Description = "Repair what two looks have found that are long enough apart" };
        return new Verb(
            "doctor",
            "Compare what sites, hypervisors and the service know of VMs and their places; for administrators of the federation",
            "fedctl doctor",
            "fedctl doctor --repair -o json")
        {
            Remarks = "What is found once may be on its way: it is repaired only if a later look finds it still. The service looks by itself, every 10 minutes "
                + "unless Federation:Reconciler says otherwise. After a backup was restored, run it with --repair until nothing is left. "
                + "Exit code 0: all is well; 2: something is left.",
        }.With(repair).Calls(terminal, call => Run(call, call.Parse.GetValue(repair)));
    }

    private static async Task<int> Run(ServiceCall call, bool repair)
    {
        var answer = await call.Client.Post(Route.To("doctor").With("repair", repair), json: null, call.Cancel);
        var found = call.Read<DoctorDocument>(answer.Document);
        call.Printer.Print(answer.Document, () => DoctorPage.Of(found));
        return found.Findings.All(line => line.Fate == "repaired") ? ExitCode.Done : Left;
    }
}
