using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using Federation.Api;
using Federation.Credentials;
using Federation.Domain.Json;
using Federation.Silo.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Tls;

public sealed class TlsTests : IDisposable
{
    private readonly TestCertificates certificates = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_API_takes_clients_and_silos_of_its_authority_and_nobody_else_and_says_so_in_the_audit_log()
    {
        await using var service = await Start(new ServiceFolder());
        (await service.Read("/v1/sites")).GetArrayLength().ShouldBe(0);
        using (var silo = Client("own-silo"))
        {
            (await Reaches(silo, service)).ShouldBeTrue();
        }

        foreach (var wrong in (string?[])[null, "foreign-client", "foreign-silo", "own-expired"])
        {
            using var client = Client(wrong);
            (await Reaches(client, service)).ShouldBeFalse(wrong);
        }

        using (var plain = new HttpClient())
        {
            await Should.ThrowAsync<HttpRequestException>(() => plain.GetAsync(new UriBuilder(service.Address) { Scheme = "http" }.Uri, Cancel));
        }

        (await Connecting.Refusals(service, 5)).ShouldBe(
        [
            "api: no certificate was shown",
            "api: the certificate of OU=client, CN=foreign-client is not good: PartialChain",
            "api: the certificate of OU=silo, CN=foreign-silo is not good: PartialChain",
            "api: the certificate of OU=client, CN=own-expired is not good: NotTimeValid",
            "api: it did not speak TLS",
        ]);
    }

    [Fact]
    public async Task Who_knocks_again_and_again_is_listed_a_few_times_and_then_counted()
    {
        await using var service = await RunningService.Start(
            new ServiceFolder(), Handler("own-client"), null, [.. certificates.Settings, "--Federation:Limits:StrangerBurst=2", "--Federation:Limits:StrangersPerSecond=1"]);
        var knocks = 0;
        string[] listed;
        do
        {
            await Plaintext(service.Address.Port);
            knocks++;
            listed = await Connecting.Refusals(service, 1);
        }
        while (!listed[^1].Contains("more before it are not listed", StringComparison.Ordinal));

        listed.Length.ShouldBeLessThan(knocks);
        (await service.Read("/v1/audit")).Deserialize<AuditDocument[]>(DomainJson.Options)!.ShouldAllBe(entry => entry.Who.StartsWith("nobody from 127.0.0.1:"));
    }

    [Fact]
    public async Task Silos_talk_by_TLS_and_take_no_plaintext_no_stranger_and_no_client_for_a_silo()
    {
        var folder = new ServiceFolder();
        await using var first = await Start(folder);
        await using var second = await Start(folder);
        await first.Apply(SampleFiles.TwoClouds);
        (await second.Read("/v1/sites")).GetArrayLength().ShouldBe(2);
        await second.Apply([.. Enumerable.Range(0, 8).Select(i => SampleFiles.Application($"app{i}", vms: 1))]);
        (await first.Read("/v1/applications")).GetArrayLength().ShouldBe(8);

        foreach (var wrong in (string[])["own-client", "foreign-silo"])
        {
            (await IsServed(first.SiloPort, wrong)).ShouldBeFalse(wrong);
        }

        await Plaintext(first.SiloPort);
        (await Connecting.Refusals(first, 3)).ShouldBe(
        [
            "silo: the certificate of OU=client, CN=own-client is not for a silo",
            "silo: the certificate of OU=silo, CN=foreign-silo is not good: PartialChain",
            "silo: it did not speak TLS",
        ]);
    }

    [Fact]
    public async Task Half_of_the_settings_stop_the_start()
    {
        var fault = await Should.ThrowAsync<Exception>(() => RunningService.Start([.. certificates.Settings[..4]]));
        fault.Message.ShouldContain("Federation:Tls wants Authority, Certificate and Key");
    }

    public void Dispose() => certificates.Dispose();

    private Task<RunningService> Start(ServiceFolder folder) => RunningService.Start(folder, Handler("own-client"), null, certificates.Settings);

    private HttpClient Client(string? certificate) => new(Handler(certificate));

    private SocketsHttpHandler Handler(string? certificate)
    {
        var options = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, shown, _, _) => certificates.Peers.ReasonAgainst(shown, CertificateRole.Silo) is null,
        };
        if (certificate is not null)
        {
            options.ClientCertificates = [certificates.Read(certificate)];
            options.LocalCertificateSelectionCallback = (_, _, own, _, _) => own[0];
        }

        return new() { SslOptions = options };
    }

    private static async Task<bool> Reaches(HttpClient client, RunningService service)
    {
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", service.Token);
        try
        {
            using var response = await client.GetAsync(new Uri(service.Address, "/v1/sites"), Cancel);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    // TLS 1.3 tells a client that its certificate was refused when it reads.
    private async Task<bool> IsServed(int port, string certificate)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", port, Cancel);
        await using var stream = new SslStream(socket.GetStream());
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "silo",
                ClientCertificates = [certificates.Read(certificate)],
                LocalCertificateSelectionCallback = (_, _, own, _, _) => own[0],
                EnabledSslProtocols = SslProtocols.Tls13,
                RemoteCertificateValidationCallback = (_, shown, _, _) => certificates.Peers.ReasonAgainst(shown, CertificateRole.Silo) is null,
            },
            Cancel);
        return await HearsSomething(stream, 1);
    }

    private static async Task Plaintext(int port)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", port, Cancel);
        var stream = socket.GetStream();
        await stream.WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), Cancel);
        // TLS' own alert is seven bytes.
        (await HearsSomething(stream, 8)).ShouldBeFalse();
    }

    private static async Task<bool> HearsSomething(Stream stream, int least)
    {
        try
        {
            return await stream.ReadAtLeastAsync(new byte[least], least, throwOnEndOfStream: false, Cancel) >= least;
        }
        catch (IOException)
        {
            // The connection was cut, which says nothing either.
            return false;
        }
    }
}
