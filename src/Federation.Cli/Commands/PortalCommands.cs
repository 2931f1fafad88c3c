using Federation.Api;
using Federation.Cli.Commandline;
using Federation.Cli.Output;
using Federation.Cli.Service;
using Federation.Cli.Terminals;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl portal</c>: the way into the service's pages for people.</summary>
internal static class PortalCommands
{
    /// <summary>The noun with its verbs.</summary>
    public static Verb Create(Terminal terminal) => new Verb("portal", "The service's pages, for a browser").With(Open(terminal));

    private static Verb Open(Terminal terminal) => new Verb("open", "Print a link that signs you in at the portal: good once, for two minutes", "fedctl portal open")
    {
        Remarks = "Whoever opens the link first is signed in with your token, for 8 hours at most. The service shows its portal if Federation:Portal is true.",
    }.Calls(terminal, async call =>
    {
        var answer = await call.Client.Post(Route.To("portal", "links"), "{}", call.Cancel);
        return call.Show<PortalLinkDocument>(answer.Document, link => new Page().Line(link.Address));
    });
}
