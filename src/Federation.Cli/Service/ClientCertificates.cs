using Federation.Cli.Terminals;
using Federation.Credentials;

namespace Federation.Cli.Service;

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
