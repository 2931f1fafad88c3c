using System.Collections.Immutable;
using Federation.Cli.Terminals;
using Federation.Credentials;

namespace Federation.Cli.Service;

/// <summary>Which service to talk to and with which token, and who said so.</summary>
/// <param name="Servers">The service's addresses, at least one; any will do, the first is asked first. Compared by reference.</param>
/// <param name="ServerFrom">Where the addresses were found.</param>
/// <param name="Token">The bearer token; null if none was found.</param>
/// <param name="TokenFrom">Where the token was found; without one, why none was.</param>
internal sealed record ServiceAccess(ImmutableArray<Uri> Servers, string ServerFrom, string? Token, string TokenFrom)
{
    private const string DefaultServer = "http://127.0.0.1:8080";

    /// <summary>Certificates for https; null: as the machine trusts, and none is shown.</summary>
    public ServiceCertificates? Certificates { get; init; }

    /// <summary>Where the authority was named; null: nowhere, the machine's own trust counts.</summary>
    public string? AuthorityFrom { get; init; }

    /// <summary>Where what is shown to the service was named; null: nothing is shown.</summary>
    public string? CertificateFrom { get; init; }

    /// <summary>The addresses as they are shown and written: without a slash at their ends, a comma between them.</summary>
    public string Name => NameOf(Servers);

    /// <summary>Looks at the options first, then at the environment, then at the context file. A context that is named comes before the environment.</summary>
    /// <exception cref="CommandFailure">What was found is no address, or a file that it names cannot be read.</exception>
    public static ServiceAccess Find(Terminal terminal, ServiceNaming named)
    {
        var path = ContextFile.PathFor(terminal);
        var file = ContextFile.Read(path);
        var (context, from) = (file.Of(named.Context), (named.Context ?? file.Current) is { } name ? $"context {name} in {path}" : path);
        // Who names a context means all of it.
        string? Set(string variable) => named.Context is null && terminal.Environment(variable) is { Length: > 0 } value ? value : null;
        var (address, serverFrom) = named.Server is { } given ? (given, "--server")
            : Set("FEDCTL_SERVER") is { } set ? (set, "FEDCTL_SERVER")
            : context.Server is { } known ? (known, from)
            : (DefaultServer, "the default");
        var servers = Parse(address, serverFrom);

        // What a context remembers is for its service: another one must not get to see it.
        var isItsOwn = context.Server is not { } owner || !servers.Except(Parse(owner, from)).Any();
        var (token, tokenFrom) = new TokenSearch(named.TokenFile, Set("FEDCTL_TOKEN"), context, path, from).Find(isItsOwn);
        return ClientCertificates.Find(named, Set, isItsOwn ? context : Context.Empty, path, from)
            .AddTo(new(servers, serverFrom, token, tokenFrom));
    }

    /// <summary>Reads addresses, with commas between them.</summary>
    /// <exception cref="CommandFailure">One is none.</exception>
    public static ImmutableArray<Uri> Parse(string addresses, string from) =>
        [.. addresses.Split(',', StringSplitOptions.TrimEntries).Select(address => ParseOne(address, from)).Distinct()];

    /// <summary>Addresses as <see cref="Name"/> has them.</summary>
    public static string NameOf(IEnumerable<Uri> servers) => string.Join(',', servers.Select(server => server.AbsoluteUri.TrimEnd('/')));

    private static Uri ParseOne(string address, string from) =>
        Uri.TryCreate(address.TrimEnd('/'), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0
            ? uri
            : throw new CommandFailure($"'{address}' (from {from}) is no http or https address; write one such as {DefaultServer}");
}

/// <summary>Looks for the token.</summary>
/// <param name="file">The file that the command line names.</param>
/// <param name="variable">What the environment says.</param>
/// <param name="context">The context.</param>
/// <param name="path">The context file.</param>
/// <param name="from">The context's name and file, for people.</param>
internal sealed class TokenSearch(string? file, string? variable, Context context, string path, string from)
{
    private const string Neither = "neither --token-file nor FEDCTL_TOKEN is set";

    /// <summary>The token and where it was found; without one, why.</summary>
    /// <param name="isItsOwn">Whether the context is of the service that will be talked to.</param>
    /// <exception cref="CommandFailure">The file that should hold it cannot be read.</exception>
    public (string? Token, string From) Find(bool isItsOwn) => (file, variable, isItsOwn, context) switch
    {
        ({ } named, _, _, _) => (ReadFile(named), $"the file {named} (--token-file)"),
        (_, { } set, _, _) => (set.Trim(), "FEDCTL_TOKEN"),
        (_, _, false, { Token: null, TokenFile: null }) => (null, $"{Neither}, and {from} is for {context.Server}"),
        (_, _, false, _) => (null, $"{Neither}, and the token of {from} is for {context.Server}"),
        (_, _, _, { Token: { } stored }) => (stored.Trim(), from),
        (_, _, _, { TokenFile: { } kept }) when Path.Combine(Path.GetDirectoryName(path)!, kept) is var full => (ReadFile(full), $"the file {full}"),
        _ => (null, $"{Neither}, and {from} names none"),
    };

    private static string ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim() is { Length: > 0 } token
                ? token
                : throw new CommandFailure($"{path}: is empty; a token is wanted");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"{path}: the token cannot be read ({fault.Message})", fault);
        }
    }
}
