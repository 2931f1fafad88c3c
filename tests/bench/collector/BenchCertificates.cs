using Federation.Credentials;

namespace Federation.Collector.Bench;

/// <summary>An authority of the run's own, with a certificate for all silos and one for all callers.</summary>
internal sealed class BenchCertificates : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    private readonly string folder = Directory.CreateTempSubdirectory("federation-bench-certs-").FullName;

    public BenchCertificates()
    {
        var now = TimeProvider.System.GetUtcNow();
        using var authority = CertificateAuthority.Create(now);
        authority.Write(PathOf("ca.pem"), PathOf("ca.key"));
        authority.Issue(CertificateRole.Silo, "silo", ["127.0.0.1"], now, Lifetime, PathOf("silo.pem"), PathOf("silo.key"));
        authority.Issue(CertificateRole.Client, "caller", [], now, Lifetime, PathOf("caller.pem"), PathOf("caller.key"));
        OfClient = new(PathOf("ca.pem"), PathOf("caller.pem"), PathOf("caller.key"));
    }

    /// <summary>What makes a silo use them.</summary>
    public string[] Settings =>
    [
        $"--Federation:Tls:Authority={PathOf("ca.pem")}", $"--Federation:Tls:Certificate={PathOf("silo.pem")}", $"--Federation:Tls:Key={PathOf("silo.key")}",
    ];

    /// <summary>What callers show.</summary>
    public ServiceCertificates OfClient { get; }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string PathOf(string file) => Path.Combine(folder, file);
}
