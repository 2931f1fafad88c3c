using System.Security.Cryptography.X509Certificates;
using Federation.Credentials;

namespace Federation.Silo.Tests.Making;

/// <summary>An authority with a silo's and a client's certificate, and a stranger's authority with the same.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("federation-certs-").FullName;

    public TestCertificates()
    {
        foreach (var authority in (string[])["own", "foreign"])
        {
            using var made = CertificateAuthority.Create(TimeProvider.System.GetUtcNow().AddDays(-10));
            made.Write(PathOf($"{authority}.pem"), PathOf($"{authority}.key"));
            foreach (var role in Enum.GetValues<CertificateRole>())
            {
                Issue(made, role, $"{authority}-{PeerCertificates.NameOf(role)}", TimeSpan.FromDays(1), TimeProvider.System.GetUtcNow());
            }

            Issue(made, CertificateRole.Client, $"{authority}-expired", TimeSpan.FromDays(1), TimeProvider.System.GetUtcNow().AddDays(-2));
        }
    }

    /// <summary>What makes a service use them.</summary>
    public string[] Settings =>
    [
        "--urls", "https://127.0.0.1:0", $"--Federation:Tls:Authority={PathOf("own.pem")}", $"--Federation:Tls:Certificate={PathOf("own-silo.pem")}",
        $"--Federation:Tls:Key={PathOf("own-silo.key")}",
    ];

    public PeerCertificates Peers => new(X509CertificateLoader.LoadCertificateFromFile(PathOf("own.pem")));

    public X509Certificate2 Read(string name) => X509Certificate2.CreateFromPemFile(PathOf($"{name}.pem"), PathOf($"{name}.key"));

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private void Issue(CertificateAuthority authority, CertificateRole role, string name, TimeSpan lifetime, DateTimeOffset from) =>
        authority.Issue(role, name, role == CertificateRole.Silo ? ["127.0.0.1", "localhost"] : [], from, lifetime, PathOf($"{name}.pem"), PathOf($"{name}.key"));

    /// <summary>A service with these certificates, reached with a client's.</summary>
    public Task<RunningService> Start(params string[] settings) => Start(null, settings);

    /// <summary>As the other, with a part of the test's own.</summary>
    public Task<RunningService> Start(Action<Microsoft.AspNetCore.Builder.WebApplicationBuilder>? also, params string[] settings)
    {
        var handler = new SocketsHttpHandler { SslOptions = new ServiceCertificates(PathOf("own.pem"), PathOf("own-client.pem"), PathOf("own-client.key")).Options() };
        return RunningService.Start(new ServiceFolder(), handler, also, [.. Settings, .. settings]);
    }

    public string PathOf(string file) => Path.Combine(folder, file);
}
