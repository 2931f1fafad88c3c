using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Federation.Credentials;

/// <summary>The authority that a service's certificate has to be of, and what a client shows to the service. For several threads.</summary>
/// <remarks>What is shown is read again when its file has changed: a certificate can be renewed while its holder runs.</remarks>
public sealed class ServiceCertificates
{
    private readonly PeerCertificates? peers;
    private readonly string? certificateFile;
    private readonly string? keyFile;
    private readonly Lock reading = new();
    private X509Certificate2? own;
    private DateTime readAt;

    /// <summary>Reads the files (PEM).</summary>
    /// <param name="authorityFile">The authority's certificate; null: whoever the machine trusts is trusted.</param>
    /// <param name="certificateFile">What is shown to the service; null: nothing is.</param>
    /// <param name="keyFile">Its key; null: in the same file.</param>
    /// <exception cref="InvalidDataException">A file is not there, cannot be read, or holds something else.</exception>
    public ServiceCertificates(string? authorityFile, string? certificateFile, string? keyFile)
    {
        (this.certificateFile, this.keyFile) = (certificateFile, keyFile);
        peers = authorityFile is null ? null : new(Read("an authority's certificate", X509CertificateLoader.LoadCertificateFromFile, authorityFile));
        own = certificateFile is null ? null : Read(
            "a certificate with its key", file => X509Certificate2.CreateFromPemFile(file, keyFile), certificateFile, keyFile);
        readAt = certificateFile is null ? default : File.GetLastWriteTimeUtc(certificateFile);
    }

    /// <summary>Why a certificate is not good by the trust of the machine, for people.</summary>
    /// <param name="shown">The certificate; null: none was shown.</param>
    /// <param name="errors">What the machine finds wrong; not nothing.</param>
    public static string ReasonOf(X509Certificate? shown, SslPolicyErrors errors) =>
        shown is null ? "no certificate was shown"
        : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? $"the certificate of {shown.Subject} is for another address"
        : $"the certificate of {shown.Subject} is of an authority that is not known here, or not good now";

    /// <summary>How a connection is made with them. A silo is known by its role: its address may be any.</summary>
    /// <param name="judged">Is told of each certificate that the service shows: why it is not taken, null if it is. On any thread.</param>
    public SslClientAuthenticationOptions Options(Action<string?>? judged = null) => new()
    {
        RemoteCertificateValidationCallback = (_, shown, _, errors) =>
        {
            var reason = peers is not null ? peers.ReasonAgainst(shown, CertificateRole.Silo)
                : errors == SslPolicyErrors.None ? null
                : ReasonOf(shown, errors);
            judged?.Invoke(reason);
            return reason is null;
        },
        // Whatever authorities the service says that it knows: it is the one that we have.
        LocalCertificateSelectionCallback = certificateFile is null ? null : (_, _, _, _, _) => Own(certificateFile),
    };

    private static X509Certificate2 Read(string what, Func<string, X509Certificate2> read, string file, string? also = null)
    {
        var missing = new[] { file, also }.OfType<string>().FirstOrDefault(one => !File.Exists(one));
        try
        {
            return missing is null ? read(file) : throw new InvalidDataException($"{missing}: there is no such file, {what} is wanted (PEM)");
        }
        catch (Exception fault) when (IsUnreadable(fault))
        {
            throw new InvalidDataException($"{file}{(also is null ? "" : $" and {also}")}: {what} is wanted (PEM): {fault.Message}", fault);
        }
    }

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
