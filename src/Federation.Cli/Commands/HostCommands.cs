using System.CommandLine;
using Federation.Api;
using Federation.Cli.Commandline;
using Federation.Cli.Hosting;
using Federation.Cli.Output;
using Federation.Cli.Service;
using Federation.Cli.Terminals;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl host</c>: the hosts of sites, and the agent of this one.</summary>
internal static class HostCommands
{
    /// <summary>The noun with its verbs.</summary>
    public static Verb Create(Terminal terminal) => new Verb("host", "The hosts of sites, on which VMs run, and the agent of this host")
        .With([.. HostOrders.Create(terminal), Run(terminal), Status(terminal), Config(terminal), Add(terminal), Remove(terminal)]);

    private static Verb Run(Terminal terminal)
    {
        var config = new Option<string>("--config") { Description = "The agent's file", HelpName = "FILE", Required = true };
        return new Verb(
            "run",
            "Run the agent of this host until stopped: it starts, moves and stops VMs as the service orders",
            "fedctl host run --config /etc/federation/host.yaml")
        {
            Remarks = "VMs outlive the agent: started again, it finds them. It makes connections to the service, and takes none.",
        }
            .With(config)
            .Does((parse, cancel) => new AgentRun(terminal, parse.GetRequiredValue(config)).Run(cancel));
    }

    private static Verb Status(Terminal terminal)
    {
        var at = new Option<string>("--at")
        {
            Description = "Where the agent tells its status: 'listen' of its file", HelpName = "ADDRESS", DefaultValueFactory = _ => "127.0.0.1:9475",
        };
        var output = Shared.Output();
        return new Verb("status", "Show how the agent of this host is doing", "fedctl host status", "fedctl host status -o json")
            .With(at, output)
            .Does((parse, cancel) => new AgentLook(terminal, parse.GetValue(at)!, parse.GetValue(output)).Once(cancel));
    }

    private static Verb Config(Terminal terminal)
    {
        var (host, site) = (Name(), Site());
        return new Verb("config", "Print a file for a host's agent, to begin with", "fedctl host config host1 --site rennes > /etc/federation/host.yaml")
            .With(host, site)
            .Does(parse =>
            {
                terminal.Out.WriteLine(ExampleFile.Of(parse.GetRequiredValue(site), parse.GetRequiredValue(host)));
                return ExitCode.Done;
            });
    }

    private static Verb Add(Terminal terminal)
    {
        var (host, site) = (Name(), Site());
        return new Verb(
            "add",
            "Make a token with which the agent of one host can speak for it and for no other; the one before ends",
            "fedctl host add host1 --site rennes > host.token")
        {
            Remarks = "The token is printed once; the service keeps its hash only. The host is the site's with its agent's first report.",
        }
            .With(host, site)
            .Calls(terminal, async call =>
            {
                var route = Route.To("sites", call.Parse.GetRequiredValue(site), "hosts", call.Parse.GetRequiredValue(host), "token");
                var document = await call.Client.Post(route, "", call.Cancel);
                return call.Show<HostTokenDocument>(document.Document, made => new Page().Line(made.Token));
            });
    }

    private static Verb Remove(Terminal terminal)
    {
        var (host, site, confirmation) = (Name(), Site(), new Confirmation());
        return new Verb("remove", "Forget a host and its agent's token; refused while VMs have places there", "fedctl host remove host1 --site rennes")
            .With(host, site, confirmation.Yes)
            .Calls(terminal, async call =>
            {
                var name = call.Parse.GetRequiredValue(host);
                await call.Ask(confirmation, () => Task.FromResult(new Prospect(
                    Cells.Plain($"The service forgets host {name} of {call.Parse.GetRequiredValue(site)}, and its agent's token ends."), "Remove it?", StopsVms: false)));
                await call.Client.Delete(Route.To("sites", call.Parse.GetRequiredValue(site), "hosts", name), call.Cancel);
                terminal.Error.WriteLine($"host {name} is known no more");
                return ExitCode.Done;
            });
    }

    private static Argument<string> Name() => new("HOST") { Description = "The host's name, unique at its site" };

    private static Option<string> Site() => new("--site") { Description = "Its site", HelpName = "SITE", Required = true };
}
