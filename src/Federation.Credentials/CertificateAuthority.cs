using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Federation.Credentials;

/// <summary>A private authority for certificates: good for trying, and for a federation without an authority of its own.</summary>
/// <param name="root">The authority's certificate, with its key.</param>
public sealed class CertificateAuthority(X509Certificate2 root) : IDisposable
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";
    private static readonly TimeSpan RootLifetime = TimeSpan.FromDays(3650);

    /// <summary>Makes an authority.</summary>
    public static CertificateAuthority Create(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Federation private authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return new(request.CreateSelfSigned(now.AddMinutes(-5), now + RootLifetime));
    }

    /// <summary>Reads an authority's certificate and key (PEM).</summary>
    public static CertificateAuthority Read(string certificate, string key) => new(X509Certificate2.CreateFromPemFile(certificate, key));

    /// <summary>Writes the authority's certificate and key (PEM), the key readable by its owner alone.</summary>
    public void Write(string certificate, string key) => Write(root, certificate, key);

    /// <summary>Makes a certificate for one holder and writes it and its key (PEM).</summary>
    /// <param name="role">What it is for.</param>
    /// <param name="name">The holder's name.</param>
    /// <param name="addresses">Host names and IP addresses at which it serves; none for one that only calls.</param>
    /// <param name="now">From when on it is good.</param>
    /// <param name="lifetime">How long; not beyond the authority's own end.</param>
    /// <param name="certificate">Where the certificate goes.</param>
    /// <param name="key">Where its key goes.</param>
    public void Issue(
        CertificateRole role, string name, IEnumerable<string> addresses, DateTimeOffset now, TimeSpan lifetime, string certificate, string key)
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedNameBuilder();
        subject.AddOrganizationalUnitName(PeerCertificates.NameOf(role));
        subject.AddCommonName(name);
        var request = new CertificateRequest(subject.Build(), own, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        // Each silo calls the others as well as it is called.
        OidCollection uses = role == CertificateRole.Silo ? [new Oid(ServerUse), new Oid(ClientUse)] : [new Oid(ClientUse)];
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(uses, critical: true));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(root, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        AddAddresses(request, addresses);
        var end = now + lifetime < root.NotAfter ? now + lifetime : root.NotAfter;
        using var signed = request.Create(root, now.AddMinutes(-5), end, RandomNumberGenerator.GetBytes(16));
        using var whole = signed.CopyWithPrivateKey(own);
        Write(whole, certificate, key);
    }

    /// <inheritdoc/>
    public void Dispose() => root.Dispose();

    private static void AddAddresses(CertificateRequest request, IEnumerable<string> addresses)
    {
        var names = new SubjectAlternativeNameBuilder();
        var any = false;
        foreach (var address in addresses)
        {
            any = true;
            if (IPAddress.TryParse(address, out var ip))
            {
                names.AddIpAddress(ip);
            }
            else
            {
                names.AddDnsName(address);
            }
        }

        if (any)
        {
            request.CertificateExtensions.Add(names.Build());
        }
    }

    private static void Write(X509Certificate2 whole, string certificate, string key)
    {
        using var own = whole.GetECDsaPrivateKey() ?? throw new InvalidOperationException($"{whole.Subject} has no key");
        SecretFile.Write(key, own.ExportPkcs8PrivateKeyPem() + "\n");
        File.WriteAllText(certificate, whole.ExportCertificatePem() + "\n");
    }
}
