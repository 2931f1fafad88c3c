using System.CommandLine;
using Federation.Api;
using Federation.Cli.Commandline;
using Federation.Cli.Pages;
using Federation.Cli.Service;
using Federation.Cli.Terminals;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl vm</c>: the VMs at the service.</summary>
internal static class VmCommands
{
    /// <summary>The noun with its verbs.</summary>
    public static Verb Create(Terminal terminal) => new Verb("vm", "The VMs of applications, and where they are").With(
        List(terminal),
        OnOne("get", "Show one VM", terminal, "fedctl vm get cg/vm1", (call, route) =>
            call.Show<VmDocument>(route, vm => ApplicationPages.Vms([vm]))),
        OnOne("describe", "Show one VM in full", terminal, "fedctl vm describe cg/vm1", (call, route) =>
            call.Show<VmDocument>(route, ApplicationPages.Describe)),
        VmHost.Create(terminal),
        VmConsole.Log(terminal),
        VmConsole.Create(terminal),
        VmMove.Create(terminal),
        VmDeletion.Create(terminal));

    private static Verb List(Terminal terminal)
    {
        var application = new Option<string?>("--app") { Description = "Of one application only", HelpName = "APP" };
        return new Verb("list", "List VMs", "fedctl vm list", "fedctl vm list --app cg").With(application).Calls(terminal, call =>
            call.ShowAll<VmDocument>(Route.To("vms").With("application", call.Parse.GetValue(application)), ApplicationPages.Vms));
    }

    private static Verb OnOne(
        string verb, string description, Terminal terminal, string example, Func<ServiceCall, Route, Task<int>> action)
    {
        var name = Qualified.Argument("VM", "The application's name and the VM's");
        return new Verb(verb, description, example).With(name).Calls(terminal, call =>
        {
            var (application, vm) = Qualified.Split(call.Parse.GetRequiredValue(name));
            return action(call, Route.To("applications", application, "vms", vm));
        });
    }
}
