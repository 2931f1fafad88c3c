using System.CommandLine;
using System.Net;
using Federation.Api;
using Federation.Cli.Commandline;
using Federation.Cli.Output;
using Federation.Cli.Service;
using Federation.Cli.Terminals;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl vm delete APP/VM</c>: takes one VM out of its application.</summary>
internal static class VmDeletion
{
    /// <summary>The verb.</summary>
    public static Verb Create(Terminal terminal)
    {
        var name = Qualified.Argument("VM", "The application's name and the VM's");
        var version = new Option<string?>("--if-match")
        {
            Description = "Only out of this version of the application, as 'fedctl app get' shows it; another one in force stays as it is", HelpName = "VERSION",
        };
        var confirmation = new Confirmation();
        return new Verb(
            "delete",
            "Take one VM out of its application: it stops, and its place is given back. Says first where it runs, and asks",
            "fedctl vm delete cg/vm8",
            "fedctl vm delete cg/vm8 --yes")
        {
            Remarks = "Rules of affinity that name it go on for the VMs that are left; which ones changed is said. Its application's file still has it: take it out there too, "
                + "or the next 'fedctl app apply' brings it back. Where nobody can be asked (a pipe, a script) it is refused without --yes if the VM runs.",
        }
            .With(name, version, confirmation.Yes)
            .Calls(terminal, async call =>
            {
                var (application, vm) = Qualified.Split(call.Parse.GetRequiredValue(name));
                var route = Route.To("applications", application, "vms", vm);
                await call.Ask(confirmation, async () => Prospect(await call.Get<VmDocument>(route)));
                return Conclude(call, await call.Client.Delete(route, call.Cancel, call.Parse.GetValue(version)));
            });
    }

    private static Prospect Prospect(VmDocument vm) => new(
        Cells.Plain($"VM {vm.Application}/{vm.Vm} is taken out of its application{(vm.At is null ? "; it runs nowhere." : $", and stops (at {vm.At.Site}).")}"),
        "Delete it?",
        StopsVms: vm.At is not null);

    private static int Conclude(ServiceCall call, ServiceAnswer answer)
    {
        if (answer.Status == HttpStatusCode.Accepted)
        {
            call.Terminal.Error.WriteLine(Cells.Plain($"under way: {call.Read<PendingDocument>(answer.Document).Text}"));
            return ExitCode.Done;
        }

        return call.Show<VmRemovalDocument>(answer.Document, removal =>
        {
            var page = new Page().Line($"VM {removal.Application}/{removal.Vm} deleted, application version {removal.Version}");
            foreach (var rule in removal.Rules)
            {
                page.Line($"  {rule}");
            }

            return page;
        });
    }
}
