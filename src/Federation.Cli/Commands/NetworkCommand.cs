using System.CommandLine;
using Federation.Api;
using Federation.Cli.Commandline;
using Federation.Cli.Pages;
using Federation.Cli.Service;
using Federation.Cli.Terminals;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl network APP</c>: where the interfaces of an application's VMs are reached, and how.</summary>
internal static class NetworkCommand
{
    /// <summary>The command.</summary>
    public static Verb Create(Terminal terminal)
    {
        var name = new Argument<string>("APP") { Description = "The application's name" };
        return new Verb("network", "Show an application's network: where each interface is, where moves take it, which hosts do not know it yet, and by which paths frames go", "fedctl network cg")
            .With(name).Calls(terminal, call => call.Show<NetworkDocument>(Route.To("applications", call.Parse.GetRequiredValue(name), "network"), NetworkPages.Describe));
    }
}
