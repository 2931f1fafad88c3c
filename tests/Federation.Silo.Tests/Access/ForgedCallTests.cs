using System.Reflection;
using Federation.Contracts;
using Federation.Contracts.Access;
using Federation.Domain.Access;
using Federation.Domain.Identity;
using Federation.Grains.Access;
using Federation.Silo.Tests.Making;
using Federation.Storage;
using Federation.Storage.Sqlite;
using Federation.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Access;

/// <summary>A program with a good certificate, as a sensor has one, at a real gateway: it writes into the request context whatever it likes.</summary>
public sealed class ForgedCallTests : IAsyncLifetime
{
    private const string ProofKey = "federation.proof";
    private static readonly AppId Application = AppId.Parse("astro/cg.1");

    private readonly TestCertificates certificates = new();
    private readonly int gateway = FreePort.Take();
    private RunningService service = null!;
    private IHost client = null!;

    private IGrainFactory Grains => client.Services.GetRequiredService<IGrainFactory>();

    public async ValueTask InitializeAsync()
    {
        service = await certificates.Start($"--Federation:GatewayPort={gateway}");
        await service.Apply([.. SampleFiles.TwoClouds, SampleFiles.Application(vms: 1)]);
        client = await certificates.Connect(gateway, "own-client", TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await client.StopAsync();
        client.Dispose();
        await service.DisposeAsync();
        certificates.Dispose();
    }

    [Fact]
    public async Task Nobody_behind_a_gateway_is_the_service_whatever_the_call_says_of_itself()
    {
        await Refused("neither a silo's word nor a token");

        RequestContext.Set("federation.caller", Caller.Service);
        await Refused("neither a silo's word nor a token");

        RequestContext.Set(ProofKey, "service");
        await Refused("neither a silo's word nor a token");

        using var guessed = new FileDatabase();
        RequestContext.Set(ProofKey, ProofOf(new ServiceKey(ServiceSecret.ReadOrMake(guessed.Database), TimeProvider.System)));
        await Refused("neither a silo's word nor a token");

        foreach (var token in (string[])[Tokens.Forged(Tokens.Holders["federation-admin"]), "wrong-wrong-wrong", service.Token])
        {
            CallerToken.Current = token;
            await Refused(token == service.Token || token.StartsWith("wrong", StringComparison.Ordinal) ? "nobody has this token" : "the token's signature is not its issuer's");
        }
    }

    [Fact]
    public async Task A_proof_that_a_silo_has_made_for_this_very_call_is_worth_nothing_when_it_comes_through_a_gateway()
    {
        var proof = ProofOf(new ServiceKey(SecretOf(service), TimeProvider.System));
        RequestContext.Set(ProofKey, proof);
        await Refused("neither a silo's word nor a token");
    }

    [Fact]
    public async Task Grains_of_Orleans_itself_are_closed_to_who_is_not_the_service()
    {
        foreach (var token in (string?[])[null, service.TokenOf("tenant"), service.TokenOf("federation-admin")])
        {
            CallerToken.Current = token;
            var management = Grains.GetGrain<IManagementGrain>(0);
            (await Should.ThrowAsync<AccessDeniedException>(() => management.GetHosts())).Message.ShouldContain("may not call IManagementGrain.GetHosts");
            await Should.ThrowAsync<AccessDeniedException>(() => management.ForceActivationCollection(TimeSpan.Zero));
        }
    }

    [Fact]
    public async Task A_tokens_rights_go_with_it_and_end_when_it_is_taken_back()
    {
        CallerToken.Current = service.TokenOf("tenant");
        (await Grains.Application(Application).Get())!.Application.Id.ShouldBe(Application);
        (await Grains.Federation().Applications()).ShouldBe([Application]);
        CallerToken.Current = service.TokenOf("other tenant");
        (await Grains.Federation().Applications()).ShouldBeEmpty();
        (await Should.ThrowAsync<AccessDeniedException>(() => Grains.Application(Application).Get())).Message.ShouldContain("it belongs to another tenant");

        var stolen = service.TokenOf("auditor");
        CallerToken.Current = stolen;
        (await Grains.Application(Application).Get()).ShouldNotBeNull();
        var id = new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(stolen).Id;
        using var revoked = await service.Send(service.Token, "PUT", $"/v1/revocations/{id}", "{}");
        revoked.EnsureSuccessStatusCode();
        await Should.ThrowAsync<AccessDeniedException>(async () =>
        {
            // The silo asks every two seconds.
            while (true)
            {
                await Grains.Application(Application).Get();
            }
        });
    }

    [Fact]
    public async Task A_key_that_is_another_way_to_write_an_applications_name_opens_no_second_grain_for_it()
    {
        CallerToken.Current = service.TokenOf("tenant");
        foreach (var key in (string[])["%61stro/cg", "astro/cg.1", "astro/cg.01", "cg", "astro/", "bio%2Fastro/cg"])
        {
            await Should.ThrowAsync<Exception>(() => Grains.GetGrain<IApplicationGrain>(key).Get(), key);
        }
    }

    [Fact]
    public async Task A_change_through_the_gateway_is_in_the_audit_log_with_who_made_it_and_no_token_is()
    {
        CallerToken.Current = service.TokenOf("tenant");
        await Grains.Application(Application).Delete();
        CallerToken.Current = service.TokenOf("sensor");
        await Should.ThrowAsync<AccessDeniedException>(() => Grains.Vm(new(Application, new("vm1"))).Status());

        var entries = (await service.Read("/v1/audit")).EnumerateArray().TakeLast(3)
            .Select(entry => $"{entry.GetProperty("who").GetString()!.Split(" from gateway client")[0]}: {entry.GetProperty("action")} {entry.GetProperty("outcome")}");
        entries.ShouldBe(["alice (federation): Application.Delete begun", "alice (federation): Application.Delete done", "host-1 (federation): Vm.Status refused"]);
        $"{await service.Read("/v1/audit")}".ShouldNotContain(CallerToken.Current!.Split('.')[2]);
    }

    private async Task Refused(string reason) =>
        (await Should.ThrowAsync<AccessDeniedException>(() => Grains.Application(Application).Get())).Message.ShouldContain(reason);

    private static byte[] SecretOf(RunningService service) => ServiceSecret.ReadOrMake(service.Services.GetRequiredService<FederationDatabase>());

    // As a silo makes it for IApplicationGrain.Get: by the constructor that nobody outside has.
    private object ProofOf(ServiceKey key) => Activator.CreateInstance(
        typeof(ServiceProof),
        BindingFlags.Instance | BindingFlags.NonPublic,
        null,
        [key, ((IAddressable)Grains.Application(Application)).GetGrainId(), ("Federation.Contracts.IApplicationGrain", "Get"), CallOrigin.Service],
        null)!;

    private sealed class FileDatabase : IDisposable
    {
        private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("federation-secret-");

        public FileDatabase()
        {
            Database = new SqliteDatabase(Path.Combine(folder.FullName, "federation.db"));
            DatabaseSchema.Apply(Database);
        }

        public FederationDatabase Database { get; }

        public void Dispose() => folder.Delete(recursive: true);
    }
}
