using System.CommandLine;
using Federation.Api;
using Federation.Cli.Commandline;
using Federation.Cli.Output;
using Federation.Cli.Pages;
using Federation.Cli.Service;
using Federation.Cli.Terminals;

namespace Federation.Cli.Commands;

/// <summary>The verbs of <c>fedctl host</c> with which administrators look at hosts and take them out of service.</summary>
internal static class HostOrders
{
    /// <summary>The verbs.</summary>
    public static Verb[] Create(Terminal terminal) =>
    [
        List(terminal),
        Describe(terminal),
        Simple(terminal, "cordon", "Let no VM come to a host; those that are there stay", HostPages.Stays),
        Simple(terminal, "uncordon", "Let VMs come to a host again: takes back what was ordered, a fence too", HostPages.Stays),
        Drain(terminal),
        Fence(terminal),
    ];

    private static Verb List(Terminal terminal)
    {
        var site = new Option<string?>("--site") { Description = "Of this site only", HelpName = "SITE" };
        return new Verb("list", "List the hosts of the sites that you administrate", "fedctl host list", "fedctl host list --site rennes -o json")
            .With(site)
            .Calls(terminal, async call =>
            {
                if (call.Parse.GetValue(site) is { } one)
                {
                    return await call.Show<HostDocument[]>(Route.To("sites", one, "hosts"), hosts => HostPages.List(hosts, unasked: null));
                }

                // A site that cannot be asked has hosts all the same.
                var document = await call.Client.Get(Route.To("hosts"), call.Cancel);
                var unasked = call.Format == OutputFormat.Table ? SitePages.Unasked(await call.Get<SiteDocument[]>(Route.To("sites"))) : null;
                return call.Show<HostDocument[]>(document, hosts => HostPages.List(hosts, unasked));
            });
    }

    private static Verb Describe(Terminal terminal)
    {
        var host = new HostName();
        return new Verb("describe", "Show one host: its size, its hypervisor, the VMs on it, and what is being done to it", "fedctl host describe rennes/host1")
            .With(host.Name, host.Site)
            .Calls(terminal, call => call.Show<HostDocument>(host.RouteOf(call.Parse), HostPages.Describe));
    }

    private static Verb Simple(Terminal terminal, string verb, string help, Func<HostDocument, string> said)
    {
        var host = new HostName();
        return new Verb(verb, help, $"fedctl host {verb} rennes/host1")
            .With(host.Name, host.Site)
            .Calls(terminal, call => Order(call, host, verb, said));
    }

    private static Verb Drain(Terminal terminal)
    {
        var (host, confirmation) = (new HostName(), new Confirmation());
        return new Verb("drain", "Let no VM come to a host and have those that are there leave, by plans", "fedctl host drain rennes/host1")
        {
            Remarks = "Each application gets a plan: its VMs move live to other hosts of the site, or, where none can take them, to other sites; that plan waits for the "
                + "application's owner. 'fedctl host describe HOST' shows the plans and who is left. It goes on until 'fedctl host uncordon HOST'.",
        }
            .With(host.Name, host.Site, confirmation.Yes)
            .Calls(terminal, async call =>
            {
                await call.Ask(confirmation, async () => HostPages.OfDrain(await call.Get<HostDocument>(host.RouteOf(call.Parse))));
                return await Order(call, host, "drain", HostPages.Leaves);
            });
    }

    private static Verb Fence(Terminal terminal)
    {
        var (host, confirmation) = (new HostName(), new Confirmation());
        return new Verb("fence", "Say that nothing runs on a host that is lost: its VMs are given up there", "fedctl host fence rennes/host1")
        {
            Remarks = "First make certain that the host is off or cut from everything: a VM that ran there yet would run twice. Refused while its agent is heard of. VMs whose "
                + "application says 'restart: true' start anew elsewhere by a plan. The host takes VMs again after 'fedctl host uncordon HOST', once it is heard of.",
        }
            .With(host.Name, host.Site, confirmation.Yes)
            .Calls(terminal, async call =>
            {
                await call.Ask(confirmation, async () => HostPages.OfFence(await call.Get<HostDocument>(host.RouteOf(call.Parse))));
                return await Order(call, host, "fence", HostPages.Stays);
            });
    }

    private static async Task<int> Order(ServiceCall call, HostName host, string verb, Func<HostDocument, string> said) =>
        call.Show<HostDocument>((await call.Client.Post(host.RouteOf(call.Parse, verb), "", call.Cancel)).Document, answer => new Page().Line(said(answer)));
}
