using System.Security.Cryptography.X509Certificates;
using Federation.Cli.Tests.Making;
using Federation.Credentials;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Commands;

public sealed class CertificateTests
{
    // The command's clock stands at 23 November 2026, the check's does not: hence the long lifetime.
    [Fact]
    public async Task An_authority_is_made_once_and_certificates_are_good_for_their_role_alone()
    {
        using var folder = new TemporaryFolder();
        var first = await CommandRun.Of("certs", "init", "-d", folder.Path, "--silo", "rennes=10.0.0.5,silo.example", "--client", "alice", "--portal", "front", "--lifetime", "3650d");
        first.Error.ShouldBe("");
        var authority = await File.ReadAllTextAsync(folder["ca.pem"], TestContext.Current.CancellationToken);
        (await CommandRun.Of("certs", "init", "-d", folder.Path, "--client", "bob")).Lines.Length.ShouldBe(1, "the authority is there");
        (await File.ReadAllTextAsync(folder["ca.pem"], TestContext.Current.CancellationToken)).ShouldBe(authority);

        var peers = new PeerCertificates(X509CertificateLoader.LoadCertificateFromFile(folder["ca.pem"]));
        using var silo = X509Certificate2.CreateFromPemFile(folder["rennes.pem"], folder["rennes.key"]);
        using var alice = X509CertificateLoader.LoadCertificateFromFile(folder["alice.pem"]);
        using var root = X509CertificateLoader.LoadCertificateFromFile(folder["ca.pem"]);
        peers.ReasonAgainst(silo, CertificateRole.Silo).ShouldBeNull();
        silo.MatchesHostname("silo.example").ShouldBeTrue();
        silo.MatchesHostname("10.0.0.5").ShouldBeTrue();
        peers.ReasonAgainst(alice, CertificateRole.Client).ShouldBeNull();
        peers.ReasonAgainst(alice, CertificateRole.Silo).ShouldBe("the certificate of OU=client, CN=alice is not for a silo");
        using var front = X509CertificateLoader.LoadCertificateFromFile(folder["front.pem"]);
        peers.ReasonAgainst(front, CertificateRole.Portal).ShouldBeNull();
        peers.ReasonAgainst(front, CertificateRole.Client, CertificateRole.Silo).ShouldBe("the certificate of OU=portal, CN=front is not for a client or a silo");
        peers.ReasonAgainst(root, CertificateRole.Silo, CertificateRole.Client).ShouldNotBeNull();
        foreach (var key in (string[])["ca.key", "rennes.key", "alice.key"])
        {
            (OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(folder[key])).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }
}
