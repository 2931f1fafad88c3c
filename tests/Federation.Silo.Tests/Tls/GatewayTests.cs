using Federation.Contracts;
using Federation.Contracts.Access;
using Federation.Silo.Tests.Making;
using Federation.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Tls;

/// <summary>Programs that use Orleans themselves, at the gateway of a silo with certificates.</summary>
public sealed class GatewayTests : IDisposable
{
    private readonly TestCertificates certificates = new();
    private readonly int gateway = FreePort.Take();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("own-client")]
    [InlineData("own-portal")]
    [InlineData("own-silo")]
    public async Task A_client_of_the_federations_authority_gets_in_and_is_asked_who_it_is_as_everybody(string certificate)
    {
        await using var service = await Start();
        await service.Apply(SampleFiles.TwoClouds);
        using var client = await Connect(certificate, Cancel);
        var grains = client.Services.GetRequiredService<IGrainFactory>();

        CallerToken.Current = service.TokenOf("site-admin");
        (await grains.Site(new("cheap")).Get())!.Site.Id.Value.ShouldBe("cheap");
        CallerToken.Current = null;
        await Should.ThrowAsync<AccessDeniedException>(() => grains.Site(new("cheap")).Get());
    }

    [Fact]
    public async Task Nobody_else_gets_in_not_in_plain_text_either_and_the_audit_log_has_it()
    {
        await using var service = await Start();
        foreach (var (number, wrong) in ((string?[])["foreign-client", "foreign-silo", "own-expired", null]).Index())
        {
            using var patience = new CancellationTokenSource();
            var attempt = Connect(wrong, patience.Token);
            // It would try for ever.
            await Connecting.Refusals(service, number + 1);
            await patience.CancelAsync();
            await Should.ThrowAsync<Exception>(attempt, wrong ?? "plain text");
        }

        (await Connecting.Refusals(service, 4)).ShouldBe(
        [
            "gateway: the certificate of OU=client, CN=foreign-client is not good: PartialChain",
            "gateway: the certificate of OU=silo, CN=foreign-silo is not good: PartialChain",
            "gateway: the certificate of OU=client, CN=own-expired is not good: NotTimeValid",
            "gateway: it did not speak TLS",
        ]);
    }

    public void Dispose() => certificates.Dispose();

    private Task<RunningService> Start() => certificates.Start($"--Federation:GatewayPort={gateway}");

    private Task<IHost> Connect(string? certificate, CancellationToken patience) => certificates.Connect(gateway, certificate, patience);
}
