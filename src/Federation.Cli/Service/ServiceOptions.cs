using System.CommandLine;
using Federation.Cli.Commandline;
using Federation.Cli.Output;
using Federation.Cli.Terminals;

namespace Federation.Cli.Service;

/// <summary>What all commands that talk to the service can be told: which one, and how to print.</summary>
internal sealed class ServiceOptions
{
    private readonly Option<OutputFormat> output = Shared.Output();

    private readonly Option<string?> server = new("--server")
    {
        Description = "The service's address, or several with commas: the next is asked where one is away. Default: FEDCTL_SERVER, the context file, http://127.0.0.1:8080",
        HelpName = "URL[,URL...]",
    };

    private readonly Option<string?> tokenFile = new("--token-file")
    {
        Description = "A file that holds the token. Default: FEDCTL_TOKEN, the context file",
        HelpName = "FILE",
    };

    private readonly Option<string?> context = new("--context")
    {
        Description = "A service by the name that 'fedctl context set' gave it. Default: the one that 'fedctl context use' has chosen", HelpName = "NAME",
    };

    private readonly Option<string?> authority = new("--authority")
    {
        Description = "For https: the certificate (PEM) of the authority whose silos are trusted. Default: FEDCTL_AUTHORITY, the context file, as the machine trusts",
        HelpName = "FILE",
    };

    private readonly Option<string?> certificate = new("--certificate")
    {
        Description = "For https: the certificate (PEM) that is shown to the service. Default: FEDCTL_CERTIFICATE, the context file, none", HelpName = "FILE",
    };

    private readonly Option<string?> key = new("--key")
    {
        Description = "For https: the key of --certificate. Default: FEDCTL_KEY, the context file, the certificate's own file", HelpName = "FILE",
    };

    /// <summary>The options, in the order in which the help lists them.</summary>
    public Symbol[] All => [output, context, server, tokenFile, authority, certificate, key];

    /// <summary>How to print.</summary>
    public OutputFormat Format(ParseResult parse) => parse.GetValue(output);

    /// <summary>Whether the command line says which service, or which token.</summary>
    public bool NameService(ParseResult parse) => NamingOf(parse) != new ServiceNaming();

    /// <summary>Opens a connection for one run of a command, which disposes of it.</summary>
    /// <exception cref="CommandFailure">There is no saying which service is meant.</exception>
    public ServiceCall Open(ParseResult parse, Terminal terminal, CancellationToken cancel)
    {
        var access = ServiceAccess.Find(terminal, NamingOf(parse));
        return new ServiceCall(parse, terminal, new ServiceClient(access, terminal.Clock), Format(parse), cancel);
    }

    private ServiceNaming NamingOf(ParseResult parse) => new(
        parse.GetValue(context), parse.GetValue(server), parse.GetValue(tokenFile), parse.GetValue(authority), parse.GetValue(certificate), parse.GetValue(key));
}

/// <summary>What people write before the command, as in <c>fedctl --server URL site list</c>, as if it stood behind it.</summary>
internal static class LeadingOptions
{
    // Those of every command that talks to the service; one that does not says so.
    private static readonly string[] Names =
        [.. new ServiceOptions().All.OfType<Option>().SelectMany(option => option.Aliases.Append(option.Name))];

    /// <summary>The arguments with these options at the end; as they are, where none of them leads.</summary>
    public static string[] Moved(string[] args)
    {
        var count = 0;
        while (count < args.Length && Names.Contains(args[count].Split('=')[0]))
        {
            count += args[count].Contains('=', StringComparison.Ordinal) ? 1 : 2;
        }

        return count >= args.Length ? args : [.. args[count..], .. args[..count]];
    }
}

/// <summary>Makes commands that talk to the service.</summary>
internal static class ServiceVerb
{
    /// <summary>Gives a command the options of all service commands, and says what it does.</summary>
    /// <param name="verb">The command, with its own options and arguments.</param>
    /// <param name="terminal">Where it runs.</param>
    /// <param name="action">What it does with an open connection; gives the exit code.</param>
    public static Verb Calls(this Verb verb, Terminal terminal, Func<ServiceCall, Task<int>> action)
    {
        var options = new ServiceOptions();
        return verb.With(options.All).Does(async (parse, cancel) =>
        {
            using var call = options.Open(parse, terminal, cancel);
            return await action(call);
        });
    }
}
