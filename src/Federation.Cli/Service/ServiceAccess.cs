using System.Collections.Immutable;
using Federation.Cli.Terminals;
using Federation.Credentials;

namespace Federation.Cli.Service;

/// <summary>Which service to talk to and with which token, and who said so.</summary>
/// <param name="Servers">The service's addresses, at least one; any will do, the first is asked first. Compared by reference.</param>
/// <param name="ServerFrom">Where the addresses were found.</param>
/// <param name="Token">The bearer token; null if none was found.</param>
/// <param name="TokenFrom">Where the token was found, or where it was looked for.</param>
internal sealed record ServiceAccess(ImmutableArray<Uri> Servers, string ServerFrom, string? Token, string TokenFrom)
{
    private const string DefaultServer = "http://127.0.0.1:8080";

    /// <summary>Certificates for https; null: as the machine trusts.</summary>
    public ServiceCertificates? Certificates { get; init; }

    /// <summary>The addresses as they are shown and written: without a slash at their ends, a comma between them.</summary>
    public string Name => NameOf(Servers);

    /// <summary>Looks at the options first, then at the environment, then at the context file.</summary>
    /// <exception cref="CommandFailure">What was found is no address, or the token file cannot be read.</exception>
    public static ServiceAccess Find(Terminal terminal, string? server, string? tokenFile)
    {
        var path = Context.PathFor(terminal);
        var context = Context.Read(path);
        var (address, from) = server is not null ? (server, "--server")
            : terminal.Environment("FEDCTL_SERVER") is { Length: > 0 } set ? (set, "FEDCTL_SERVER")
            : context.Server is { } known ? (known, path)
            : (DefaultServer, "the default");
        var servers = Parse(address, from);
        var (token, tokenFrom) = FindToken(terminal, tokenFile, context, path, servers);
        return new(servers, from, token, tokenFrom) { Certificates = ClientCertificates.Find(terminal) };
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

    private static (string? Token, string From) FindToken(
        Terminal terminal, string? tokenFile, Context context, string path, ImmutableArray<Uri> servers)
    {
        if (tokenFile is not null)
        {
            return (ReadFile(tokenFile), $"the file {tokenFile} (--token-file)");
        }

        if (terminal.Environment("FEDCTL_TOKEN") is { Length: > 0 } token)
        {
            return (token.Trim(), "FEDCTL_TOKEN");
        }

        // A token is for the service that it was stored with: another one must not get to see it.
        if (context.Server is { } owner && servers.Except(Parse(owner, path)).Any())
        {
            return (null, $"nowhere: FEDCTL_TOKEN is not set, and the token in {path} is for {owner}");
        }

        return context switch
        {
            { Token: { } stored } => (stored.Trim(), path),
            { TokenFile: { } file } when Path.Combine(Path.GetDirectoryName(path)!, file) is var full =>
                (ReadFile(full), $"the file {full}"),
            _ => (null, $"nowhere: neither --token-file nor FEDCTL_TOKEN is set, and {path} names none"),
        };
    }

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

/// <summary>Finds the certificates with which fedctl speaks to a service.</summary>
internal static class ClientCertificates
{
    /// <summary>Reads the files that FEDCTL_AUTHORITY, FEDCTL_CERTIFICATE and FEDCTL_KEY name; null: the first is not set, and the machine's own trust counts.</summary>
    /// <exception cref="CommandFailure">A file cannot be read.</exception>
    public static ServiceCertificates? Find(Terminal terminal) => Of(terminal, "FEDCTL_AUTHORITY") is { } authority
        ? Read("FEDCTL_AUTHORITY, FEDCTL_CERTIFICATE and FEDCTL_KEY", authority, Of(terminal, "FEDCTL_CERTIFICATE"), Of(terminal, "FEDCTL_KEY"))
        : null;

    /// <summary>Reads files.</summary>
    /// <param name="from">Who named them.</param>
    /// <param name="authority">The authority's certificate.</param>
    /// <param name="certificate">What is shown to the service; null: nothing is.</param>
    /// <param name="key">Its key.</param>
    /// <exception cref="CommandFailure">A file cannot be read.</exception>
    public static ServiceCertificates Read(string from, string authority, string? certificate, string? key)
    {
        try
        {
            return new(authority, certificate, key);
        }
        catch (InvalidDataException fault)
        {
            throw new CommandFailure($"{from}: {fault.Message}", fault);
        }
    }

    private static string? Of(Terminal terminal, string name) => terminal.Environment(name) is { Length: > 0 } value ? value : null;
}
