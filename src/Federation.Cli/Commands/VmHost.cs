using System.CommandLine;
using System.Text.Json;
using Federation.Api;
using Federation.Cli.Commandline;
using Federation.Cli.Output;
using Federation.Cli.Service;
using Federation.Cli.Terminals;
using Federation.Domain.Json;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl vm host APP/VM [HOST]</c>: on which host of its site a VM runs.</summary>
internal static class VmHost
{
    /// <summary>The verb.</summary>
    public static Verb Create(Terminal terminal)
    {
        var name = Qualified.Argument("VM", "The application's name and the VM's");
        var host = new Argument<string?>("HOST") { Description = "The host that it runs on now; left out: show the one that is known", Arity = ArgumentArity.ZeroOrOne };
        var clear = new Option<bool>("--clear") { Description = "Say that its host is not known" };
        return new Verb(
            "host",
            "Show, or say, on which host of its site a VM runs: a sensor reports the VMs of its own host",
            "fedctl vm host cg/vm1",
            "fedctl vm host cg/vm1 host7    # for an administrator of its site",
            "fedctl vm host cg/vm1 --clear")
        {
            Remarks = "After a move to another site the host is not known until it is said again.",
        }
            .With(name, host, clear)
            .Calls(terminal, call => Run(call, call.Parse.GetRequiredValue(name), call.Parse.GetValue(host), call.Parse.GetValue(clear)));
    }

    private static async Task<int> Run(ServiceCall call, string name, string? host, bool clears)
    {
        if (host is not null && clears)
        {
            throw new CommandFailure("either HOST or --clear: the one says the host, the other that it is not known");
        }

        var (application, vm) = Qualified.Split(name);
        var route = Route.To("applications", application, "vms", vm, "host");
        if (host is not null || clears)
        {
            await call.Client.Put(route, JsonSerializer.Serialize(new HostRequest(host), DomainJson.Options), "application/json", call.Cancel);
        }

        return await call.Show<VmHostDocument>(route, PageOf);
    }

    private static Page PageOf(VmHostDocument vm) => new Page().Line(
        $"{vm.Application}/{vm.Vm} {(vm.Site is null ? "runs nowhere" : vm.Host is null ? $"runs at {vm.Site}, its host is not known" : $"runs at {vm.Site} on {vm.Host}")}");
}
