using System.CommandLine;
using Federation.Cli.Commandline;
using Federation.Cli.Service;
using Federation.Cli.Terminals;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl context set</c>: remembers a service.</summary>
/// <param name="terminal">Where it runs.</param>
internal sealed class ContextSetting(Terminal terminal)
{
    private readonly Argument<string?> name = new("NAME")
    {
        Description = $"What the service is called here. Left out: the one that is used now, or '{ContextFile.Unnamed}'", Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> server = new("--server")
    {
        Description = "The service's address; several with commas between them where any will do", HelpName = "URL[,URL...]",
    };

    private readonly Option<string?> tokenFile = File("--token-file", "A file that holds the token");
    private readonly Option<string?> authority = File("--authority", "The certificate (PEM) of the authority whose silos are trusted");
    private readonly Option<string?> certificate = File("--certificate", "The certificate (PEM) that is shown to the service");
    private readonly Option<string?> key = File("--key", "The key of --certificate");

    /// <summary>The command.</summary>
    public Verb Create() => new Verb(
        "set",
        "Remember a service under a name, with its token and certificates. What is left out stays as it is; files have to stay where they are",
        "fedctl context set --server https://placement.example --token-file ~/.fedctl-token",
        "fedctl context set trial --server https://10.0.0.5:8443 --token-file token --authority certs/ca.pem --certificate certs/alice.pem --key certs/alice.key")
    {
        Remarks = "The first one is used from then on; 'fedctl context use NAME' chooses another one, --context NAME for one command.",
    }.With(name, server, tokenFile, authority, certificate, key).Does(Run);

    private int Run(ParseResult parse)
    {
        if (new[] { server, tokenFile, authority, certificate, key }.All(option => parse.GetValue(option) is null))
        {
            throw new CommandFailure("nothing to remember; give --server URL, --token-file FILE, --authority FILE, --certificate FILE with --key FILE, or several of them");
        }

        var path = ContextFile.PathFor(terminal);
        var file = ContextFile.Read(path);
        var chosen = parse.GetValue(name) ?? file.Current ?? ContextFile.Unnamed;
        file.With(chosen, Changed(file.Contexts.GetValueOrDefault(chosen) ?? Context.Empty, parse)).Write(path);
        terminal.Error.WriteLine($"context {chosen} written to {path}");
        return ExitCode.Done;
    }

    private Context Changed(Context context, ParseResult parse)
    {
        context = parse.GetValue(server) is { } address ? context with { Server = ServiceAccess.NameOf(ServiceAccess.Parse(address, "--server")) } : context;
        context = PathOf(parse, tokenFile) is { } token ? context with { Token = null, TokenFile = token } : context;
        context = context with { Authority = PathOf(parse, authority) ?? context.Authority };
        // The key of the certificate before is of no use to another one.
        return PathOf(parse, certificate) is { } shown
            ? context with { Certificate = shown, Key = PathOf(parse, key) }
            : context with { Key = PathOf(parse, key) ?? context.Key };
    }

    private static string? PathOf(ParseResult parse, Option<string?> option) => parse.GetValue(option) switch
    {
        null => null,
        var file when System.IO.File.Exists(file) => Path.GetFullPath(file),
        var file => throw new CommandFailure($"{option.Name}: {file}: there is no such file"),
    };

    private static Option<string?> File(string name, string description) => new(name) { Description = description, HelpName = "FILE" };
}
