using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Federation.Credentials;

/// <summary>The authority that a service's certificate has to be of, and what a client shows to the service. For several threads.</summary>
/// <remarks>What is shown is read again when its file has changed: a certificate can be renewed while its holder runs.</remarks>
public sealed class ServiceCertificates
{
    private readonly PeerCertificates peers;
    private readonly string? certificateFile;
    private readonly string? keyFile;
    private readonly Lock reading = new();
    private X509Certificate2? own;
    private DateTime readAt;

    /// <summary>Reads the files (PEM).</summary>
    /// <param name="authorityFile">The authority's certificate.</param>
    /// <param name="certificateFile">What is shown to the service; null: nothing is.</param>
    /// <param name="keyFile">Its key; null: in the same file.</param>
    /// <exception cref="InvalidDataException">A file is not there, cannot be read, or holds something else.</exception>
    public ServiceCertificates(string authorityFile, string? certificateFile, string? keyFile)
    {
        (this.certificateFile, this.keyFile) = (certificateFile, keyFile);
        try
        {
            peers = new(X509CertificateLoader.LoadCertificateFromFile(authorityFile));
            own = certificateFile is null ? null : X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        }
        catch (Exception fault) when (IsUnreadable(fault))
        {
            throw new InvalidDataException($"an authority, and perhaps a certificate with its key, are wanted (PEM): {fault.Message}", fault);
        }

        readAt = certificateFile is null ? default : File.GetLastWriteTimeUtc(certificateFile);
    }

    /// <summary>How a connection is made with them. A silo is known by its role: its address may be any.</summary>
    public SslClientAuthenticationOptions Options() => new()
    {
        RemoteCertificateValidationCallback = (_, shown, _, _) => peers.ReasonAgainst(shown, CertificateRole.Silo) is null,
        // Whatever authorities the service says that it knows: it is the one that we have.
        LocalCertificateSelectionCallback = certificateFile is null ? null : (_, _, _, _, _) => Own(certificateFile),
    };

    private X509Certificate2 Own(string file)
    {
        lock (reading)
        {
            var written = File.GetLastWriteTimeUtc(file);
            if (written == readAt)
            {
                return own!;
            }

            try
            {
                own = X509Certificate2.CreateFromPemFile(file, keyFile);
                readAt = written;
            }
            catch (Exception fault) when (IsUnreadable(fault))
            {
                // It is being replaced, its key not yet: the one before is good until it ends, and the next connection looks again.
            }

            return own!;
        }
    }

    private static bool IsUnreadable(Exception fault) => fault is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;
}
