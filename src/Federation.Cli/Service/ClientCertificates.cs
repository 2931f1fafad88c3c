using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Federation.Cli.Terminals;
using Federation.Credentials;

namespace Federation.Cli.Service;

/// <summary>The authority that a service's certificate has to be of, and what is shown to the service.</summary>
/// <param name="authority">The authority's certificate.</param>
/// <param name="own">Shown to the service; null: nothing is.</param>
internal sealed class ClientCertificates(X509Certificate2 authority, X509Certificate2? own)
{
    /// <summary>Reads the files that FEDCTL_AUTHORITY, FEDCTL_CERTIFICATE and FEDCTL_KEY name; null: the first is not set, and the machine's own trust counts.</summary>
    /// <exception cref="CommandFailure">A file cannot be read.</exception>
    public static ClientCertificates? Find(Terminal terminal)
    {
        if (terminal.Environment("FEDCTL_AUTHORITY") is not { Length: > 0 } authority)
        {
            return null;
        }

        try
        {
            return new(
                X509CertificateLoader.LoadCertificateFromFile(authority),
                terminal.Environment("FEDCTL_CERTIFICATE") is { Length: > 0 } certificate
                    ? X509Certificate2.CreateFromPemFile(certificate, terminal.Environment("FEDCTL_KEY"))
                    : null);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new CommandFailure($"FEDCTL_AUTHORITY, FEDCTL_CERTIFICATE and FEDCTL_KEY have to name certificates and a key (PEM): {fault.Message}", fault);
        }
    }

    /// <summary>How a connection is made with them. A silo is known by its role: its address may be any.</summary>
    public SslClientAuthenticationOptions Options() => new()
    {
        RemoteCertificateValidationCallback = (_, shown, _, _) => new PeerCertificates(authority).ReasonAgainst(shown, CertificateRole.Silo) is null,
        ClientCertificates = own is null ? null : [own],
        // Whatever authorities the service says that it knows: it is the one that we have.
        LocalCertificateSelectionCallback = own is null ? null : (_, _, _, _, _) => own,
    };
}
