using System.Net;
using Federation.Cli.Commandline;
using Federation.Cli.Service;
using Federation.Cli.Terminals;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl dashboard</c>: Orleans' dashboard in a browser, which cannot send a token by itself.</summary>
internal static class DashboardCommand
{
    private const string Part = "/dashboard";
    private const int DefaultPort = 9480;

    /// <summary>The command.</summary>
    public static Verb Create(Terminal terminal)
    {
        var port = Values.Count("--port", $"Where to listen on 127.0.0.1. Default {DefaultPort}", most: 65535);
        return new Verb(
            "dashboard",
            "Show the silos and their grains in a browser of this machine, until stopped; for auditors and administrators of the federation",
            "fedctl dashboard",
            "fedctl dashboard --port 9481 --server https://10.1.0.11:8443")
        {
            Remarks = "Serves the dashboard on 127.0.0.1 and adds the token, and the certificate, to what the browser asks for. The address that is printed"
                + " has a secret in it: whoever has it can look too, as long as this runs. The service shows a dashboard if Federation:Dashboard is true.",
        }.With(port).Calls(terminal, async call =>
        {
            await Check(call);
            using var door = new LocalDoor(call.Client, Part, call.Parse.GetValue(port) ?? DefaultPort);
            terminal.Out.WriteLine($"{door.Address}");
            terminal.Error.WriteLine("open this address in a browser; Ctrl-C ends it");
            await door.Run(call.Cancel);
            return ExitCode.Done;
        });
    }

    // Before anybody opens a browser.
    private static async Task Check(ServiceCall call)
    {
        using var response = await call.Client.Fetch($"{Part}/version", null, call.Cancel);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            throw new CommandFailure($"{call.Client.Access.Name} shows no dashboard: its setting Federation:Dashboard has to be true");
        }

        if (!response.IsSuccessStatusCode)
        {
            throw ServiceFailures.Refused(call.Client.Access, response, await response.Content.ReadAsStringAsync(call.Cancel));
        }
    }
}
