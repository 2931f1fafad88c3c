using System.Security.Cryptography.X509Certificates;

namespace Federation.Credentials;

/// <summary>Tells whether the certificate of whoever is at the other end is good: signed by the federation's authority, in time, and of a role that may.</summary>
/// <param name="authority">The authority's certificate; nobody else's signature counts, not even of those that the machine trusts.</param>
public sealed class PeerCertificates(X509Certificate2 authority)
{
    private const string OrganizationalUnit = "2.5.4.11";

    /// <summary>How a certificate's subject names a role.</summary>
    public static string NameOf(CertificateRole role) => role switch
    {
        CertificateRole.Silo => "silo",
        CertificateRole.Portal => "portal",
        _ => "client",
    };

    /// <summary>Why a certificate is not taken; null if it is.</summary>
    /// <param name="certificate">The certificate; null: none was shown.</param>
    /// <param name="roles">The roles that may.</param>
    public string? ReasonAgainst(X509Certificate? certificate, params IReadOnlyCollection<CertificateRole> roles)
    {
        if (certificate is null)
        {
            return "no certificate was shown";
        }

        using var own = new X509Certificate2(certificate);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        // The authority's own certificate is in nobody's hand but the authority's.
        if (!chain.Build(own) || chain.ChainElements.Count < 2)
        {
            var faults = string.Join(", ", chain.ChainStatus.Select(status => status.Status).Distinct());
            return $"the certificate of {own.Subject} is not good: {(faults.Length > 0 ? faults : "it is the authority's own")}";
        }

        return roles.Any(role => RoleIn(own) == NameOf(role))
            ? null
            : $"the certificate of {own.Subject} is not for a {string.Join(" or a ", roles.Select(NameOf))}";
    }

    private static string? RoleIn(X509Certificate2 certificate) => certificate.SubjectName.EnumerateRelativeDistinguishedNames()
        .Where(part => !part.HasMultipleElements && part.GetSingleElementType().Value == OrganizationalUnit)
        .Select(part => part.GetSingleElementValue()).FirstOrDefault();
}

/// <summary>What a certificate is for; its subject says so (<c>OU</c>).</summary>
public enum CertificateRole
{
    /// <summary>A silo: talks to the other silos, and serves the API.</summary>
    Silo,

    /// <summary>A program that uses the API or a gateway: fedctl, a sensor.</summary>
    Client,

    /// <summary>A portal: comes to gateways and to nothing else, and brings its users' tokens. Has no right of its own.</summary>
    Portal,
}
