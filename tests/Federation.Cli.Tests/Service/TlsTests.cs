using System.Security.Cryptography.X509Certificates;
using Federation.Cli.Tests.Making;
using Federation.Credentials;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Service;

public sealed class TlsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public TlsTests()
    {
        Directory.CreateDirectory(folder.Path);
        foreach (var name in (string[])["own", "other"])
        {
            using var authority = CertificateAuthority.Create(TimeProvider.System.GetUtcNow().AddDays(-1));
            authority.Write(folder[$"{name}.pem"], folder[$"{name}.key"]);
            Issue(authority, CertificateRole.Silo, $"{name}-silo");
            Issue(authority, CertificateRole.Client, $"{name}-client");
        }
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task An_authority_that_is_not_known_is_named_by_what_has_to_be_set()
    {
        await using var service = await Start();

        var run = await CommandRun.Of("site", "list", "--server", service.Address);

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldStartWith($"fedctl: {service.Address} (from --server) is not trusted: the certificate of OU=silo, CN=own-silo is of an authority that is not known here");
        ShouldName(run, "--authority FILE", "FEDCTL_AUTHORITY", "fedctl context set --authority FILE");
    }

    [Fact]
    public async Task Another_authority_than_the_services_is_named_with_who_named_it()
    {
        await using var service = await Start();

        var run = await CommandRun.With(new() { ["FEDCTL_AUTHORITY"] = folder["other.pem"] }, ["site", "list", "--server", service.Address]);

        run.Error.ShouldContain($"It was held against the authority {folder["other.pem"]} (from FEDCTL_AUTHORITY)");
        ShouldName(run, "--authority FILE", "FEDCTL_AUTHORITY", "fedctl context set --authority FILE");
    }

    [Theory]
    [InlineData("option")]
    [InlineData("environment")]
    [InlineData("context")]
    public async Task The_authority_and_what_is_shown_may_be_named_in_each_of_the_three_places(string place)
    {
        await using var service = await Start(wantsCertificates: true);
        var environment = new Dictionary<string, string> { ["FEDCTL_CONTEXT"] = folder["context.json"] };
        string[] options = ["--authority", folder["own.pem"], "--certificate", folder["own-client.pem"], "--key", folder["own-client.key"]];
        if (place == "context")
        {
            await CommandRun.With(environment, ["context", "set", "--server", service.Address, .. options]);
        }
        else if (place == "environment")
        {
            (environment["FEDCTL_AUTHORITY"], environment["FEDCTL_CERTIFICATE"], environment["FEDCTL_KEY"]) = (options[1], options[3], options[5]);
        }

        var run = await CommandRun.With(
            environment, ["site", "list", .. place == "context" ? [] : (string[])["--server", service.Address], .. place == "option" ? options : []]);

        run.Error.ShouldBeEmpty();
        run.ExitCode.ShouldBe(ExitCode.Done);
    }

    [Fact]
    public async Task A_service_that_wants_a_certificate_and_gets_none_leads_to_what_has_to_be_set()
    {
        await using var service = await Start(wantsCertificates: true);

        var run = await CommandRun.Of("site", "list", "--server", service.Address, "--authority", folder["own.pem"]);

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldStartWith($"fedctl: {service.Address} (from --server) breaks the connection off: ");
        ShouldName(run, "--certificate FILE --key FILE", "FEDCTL_CERTIFICATE and FEDCTL_KEY", "fedctl context set --certificate FILE --key FILE");
    }

    [Fact]
    public async Task The_wrong_scheme_is_said_both_ways()
    {
        await using var secured = await Start();
        await using var plain = await RecordedService.Start();

        (await CommandRun.Of("site", "list", "--server", secured.Address.Replace("https", "http", StringComparison.Ordinal)))
            .Error.ShouldContain("If it speaks TLS, its address begins with https://");
        (await CommandRun.Of("site", "list", "--server", plain.Address.Replace("http", "https", StringComparison.Ordinal)))
            .Error.ShouldContain("if it does not speak TLS, its address begins with http://");
    }

    [Fact]
    public async Task Certificates_of_a_context_are_not_shown_to_another_service()
    {
        await using var service = await Start(wantsCertificates: true);
        var environment = new Dictionary<string, string> { ["FEDCTL_CONTEXT"] = folder["context.json"] };
        await CommandRun.With(environment, ["context", "set", "--server", "https://127.0.0.1:1", "--authority", folder["own.pem"], "--certificate", folder["own-client.pem"], "--key", folder["own-client.key"]]);

        var run = await CommandRun.With(environment, ["context", "show", "--server", service.Address]);

        run.Out.ShouldContain("none is shown");
        run.Out.ShouldContain("as this machine trusts");
    }

    private Task<RecordedService> Start(bool wantsCertificates = false) => StartWith(
        X509Certificate2.CreateFromPemFile(folder["own-silo.pem"], folder["own-silo.key"]), wantsCertificates);

    private static async Task<RecordedService> StartWith(X509Certificate2 certificate, bool wantsCertificates) =>
        (await RecordedService.Start(certificate, wantsCertificates)).On("GET /v1/sites", "[]");

    private void Issue(CertificateAuthority authority, CertificateRole role, string name) => authority.Issue(
        role, name, role == CertificateRole.Silo ? ["127.0.0.1"] : [], TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(1), folder[$"{name}.pem"], folder[$"{name}.key"]);

    private static void ShouldName(CommandRun run, params string[] ways)
    {
        foreach (var way in ways)
        {
            run.Error.ShouldContain(way);
        }

        HttpWords.In(run.Error).ShouldBeNull();
    }
}
