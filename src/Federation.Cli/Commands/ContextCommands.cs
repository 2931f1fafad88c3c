using System.CommandLine;
using Federation.Cli.Commandline;
using Federation.Cli.Output;
using Federation.Cli.Service;
using Federation.Cli.Terminals;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl context</c>: which service to talk to when nothing else says so.</summary>
internal static class ContextCommands
{
    /// <summary>The noun with its verbs.</summary>
    public static Verb Create(Terminal terminal) =>
        new Verb("context", "Which service to talk to, and with which token, when nothing else says so")
            .With(Set(terminal), Show(terminal));

    private static Verb Set(Terminal terminal)
    {
        var server = new Option<string?>("--server") { Description = "The service's address; several with commas between them where any will do", HelpName = "URL[,URL...]" };
        var tokenFile = new Option<string?>("--token-file")
        {
            Description = "A file that holds the token; it has to stay there", HelpName = "FILE",
        };
        return new Verb("set", "Remember a service. What is left out stays as it is",
            "fedctl context set --server https://placement.example --token-file ~/.fedctl-token")
            .With(server, tokenFile).Does(parse => Set(terminal, parse.GetValue(server), parse.GetValue(tokenFile)));
    }

    private static int Set(Terminal terminal, string? server, string? tokenFile)
    {
        if (server is null && tokenFile is null)
        {
            throw new CommandFailure("nothing to remember; give --server URL, --token-file FILE or both");
        }

        var path = Context.PathFor(terminal);
        var context = Context.Read(path);
        if (tokenFile is not null && !File.Exists(tokenFile))
        {
            throw new CommandFailure($"{tokenFile}: there is no such file");
        }

        context = server is null ? context : context with { Server = ServiceAccess.NameOf(ServiceAccess.Parse(server, "--server")) };
        context = tokenFile is null ? context : context with { Token = null, TokenFile = Path.GetFullPath(tokenFile) };
        context.Write(path);
        terminal.Error.WriteLine($"written to {path}");
        return ExitCode.Done;
    }

    private static Verb Show(Terminal terminal)
    {
        var options = new ServiceOptions();
        return new Verb("show", "Show which service would be talked to, and where its token comes from", "fedctl context show")
            .With(options.All).Does((parse, cancel) =>
            {
                using var call = options.Open(parse, terminal, cancel);
                var access = call.Client.Access;
                var shown = new { server = access.Name, serverFrom = access.ServerFrom, tokenFrom = access.TokenFrom };
                call.Printer.Print(shown, () => new Page()
                    .Line($"server  {shown.server} (from {shown.serverFrom})").Line($"token   from {shown.tokenFrom}"));
                return Task.FromResult(ExitCode.Done);
            });
    }
}
