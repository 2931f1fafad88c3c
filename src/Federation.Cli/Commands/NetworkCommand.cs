using System.CommandLine;
using Federation.Api;
using Federation.Cli.Commandline;
using Federation.Cli.Hosting;
using Federation.Cli.Output;
using Federation.Cli.Pages;
using Federation.Cli.Service;
using Federation.Cli.Terminals;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl network APP</c>: where the interfaces of an application's VMs are reached, and how; and the machines of users on it.</summary>
internal static class NetworkCommand
{
    /// <summary>The command.</summary>
    public static Verb Create(Terminal terminal)
    {
        var name = Application();
        return new Verb(
            "network",
            "Show an application's network: where each interface is, where moves take it, which hosts do not know it yet, and by which paths frames go",
            "fedctl network cg",
            "fedctl network join cg laptop > client.token")
            .With(name, Join(terminal), Leave(terminal), Config(terminal))
            .Calls(terminal, call => call.Show<NetworkDocument>(Route.To("applications", call.Parse.GetRequiredValue(name), "network"), NetworkPages.Describe));
    }

    private static Verb Join(Terminal terminal)
    {
        var (application, client) = (Application(), Client());
        var addresses = new Option<string?>("--addresses")
        {
            Description = "The IPv4 addresses that it is to have there: the machine's own first, then those of machines behind it; left out: it gets one", HelpName = "LIST",
        };
        return new Verb(
            "join",
            "Let a machine of yours into an application's network: gives it an address there, and makes the token of its agent",
            "fedctl network join cg laptop > client.token",
            "fedctl network join cg office --addresses 10.42.0.9,10.42.0.64-10.42.0.71 > client.token")
        {
            Remarks = "The token is printed once; the service keeps its hash only. On the machine: 'fedctl host run --config FILE', with a file as 'fedctl network config' prints one.",
        }
            .With(application, client, addresses)
            .Calls(terminal, async call =>
            {
                var route = Route.To("applications", call.Parse.GetRequiredValue(application), "network", "clients", call.Parse.GetRequiredValue(client)).With("addresses", call.Parse.GetValue(addresses));
                var document = await call.Client.Post(route, "", call.Cancel);
                return call.Show<ClientTokenDocument>(document.Document, made =>
                {
                    terminal.Error.WriteLine($"client {made.Client} may join the network of {made.Application} as {string.Join(", ", made.Addresses)} ({made.Mac})");
                    return new Page().Line(made.Token);
                });
            });
    }

    private static Verb Leave(Terminal terminal)
    {
        var (application, client, confirmation) = (Application(), Client(), new Confirmation());
        return new Verb("leave", "Take a machine of yours off an application's network; its connections end, and its token", "fedctl network leave cg laptop", "fedctl network leave cg laptop --yes")
            .With(application, client, confirmation.Yes)
            .Calls(terminal, async call =>
            {
                var (app, name) = (call.Parse.GetRequiredValue(application), call.Parse.GetRequiredValue(client));
                await call.Ask(confirmation, () => Task.FromResult(new Prospect(
                    Cells.Plain($"Client {name} is taken off the network of {app}: its connections there end, its addresses are free, and its agent's token ends."), "Take it off?", StopsVms: false)));
                await call.Client.Delete(Route.To("applications", app, "network", "clients", name), call.Cancel);
                terminal.Error.WriteLine($"client {name} is on the network of {app} no more");
                return ExitCode.Done;
            });
    }

    private static Verb Config(Terminal terminal) =>
        new Verb("config", "Print a file for the agent of a machine of yours, to begin with", "fedctl network config > client.yaml").Does(parse =>
        {
            terminal.Out.WriteLine(ExampleFile.OfClient);
            return ExitCode.Done;
        });

    private static Argument<string> Application() => new("APP") { Description = "The application's name" };

    private static Argument<string> Client() => new("NAME") { Description = "What the machine is called there: lower-case letters, digits and dashes" };
}
