using System.Net.Security;
using Federation.Credentials;

namespace Federation.Cli.Service;

/// <summary>Holds the service's certificate against what is trusted, and remembers why one was not taken. For several threads.</summary>
/// <param name="certificates">The authority and what is shown; null: as the machine trusts, and nothing is shown.</param>
internal sealed class ServiceTrust(ServiceCertificates? certificates)
{
    private volatile string? refusal;

    /// <summary>Why the last certificate was not taken; null: none was refused.</summary>
    public string? Refusal => refusal;

    /// <summary>How a connection is made.</summary>
    public SslClientAuthenticationOptions Options() => certificates?.Options(Note) ?? new()
    {
        RemoteCertificateValidationCallback = (_, shown, _, errors) =>
        {
            Note(errors == SslPolicyErrors.None ? null : ServiceCertificates.ReasonOf(shown, errors));
            return errors == SslPolicyErrors.None;
        },
    };

    private void Note(string? reason) => refusal = reason;
}
