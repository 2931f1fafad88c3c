using Federation.Client;
using Federation.Contracts.Access;
using Federation.Domain.Plans;
using Federation.Domain.Traffic;
using Federation.Silo.Tests.Making;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Tls;

/// <summary>The package for programs of a user's own, with a portal's certificate, at the gateway of a real silo.</summary>
public sealed class ClientTests : IAsyncLifetime
{
    private readonly TestCertificates certificates = new();
    private readonly int gateway = FreePort.Take();
    private RunningService service = null!;
    private FederationClient client = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private FederationClientOptions Options => new()
    {
        Gateways = [$"localhost:{gateway}"],
        Authority = certificates.PathOf("own.pem"),
        Certificate = certificates.PathOf("own-portal.pem"),
        Key = certificates.PathOf("own-portal.key"),
    };

    public async ValueTask InitializeAsync()
    {
        service = await certificates.Start($"--Federation:GatewayPort={gateway}");
        await service.Apply([.. SampleFiles.TwoClouds, SampleFiles.Application(vms: 2)]);
        client = await FederationClient.Connect(Options, cancel: Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await client.DisposeAsync();
        await service.DisposeAsync();
        certificates.Dispose();
    }

    [Fact]
    public async Task A_holder_sees_what_is_his_and_his_orders_are_his_own()
    {
        var alice = client.As(service.TokenOf("tenant"));
        var status = (await alice.Application(new(new("astro"), "cg"), Cancel)).ShouldNotBeNull();
        (await alice.Sites(Cancel)).Select(site => site.Site.Id.Value).ShouldBe(["cheap", "dear"]);
        (await alice.Site(new("dear"), Cancel)).ShouldNotBeNull();
        (await alice.Groups(status.Application.Id, Cancel)).Groups.ShouldBeEmpty();
        (await alice.Traffic(status.Application.Id, new(TimeProvider.System.GetUtcNow(), 1, TimeSpan.Zero, true, new AnswerForm.Mean()), Cancel)).ShouldNotBeNull();

        var asked = (await alice.AskForPlan(status.Application.Id, new(null, null, null, null), Cancel)).Id.ShouldNotBeNull();
        var job = await alice.PlanJob(asked, TimeSpan.Zero, Cancel);
        while (job?.IsOver == false)
        {
            job = await alice.PlanJob(asked, TimeSpan.FromSeconds(10), Cancel);
        }

        job!.State.ShouldBe(PlanJobState.Made);
        (await alice.Plan(asked, Cancel))!.Plan.Decision.ShouldBe(PlanDecision.Place);
        (await alice.Plans(new(status.Application.Id), Cancel)).Items.ShouldHaveSingleItem().Id.ShouldBe(asked);
        (await alice.MigrationsOf(asked, Cancel)).ShouldBeEmpty();
        (await Should.ThrowAsync<AccessDeniedException>(() => alice.Approve(asked, new("cheap"), Cancel))).Message.ShouldContain("alice");
        (await client.As(service.TokenOf("auditor")).Audit(0, 1000, Cancel)).ShouldContain(record => record.Entry.Action == "Placement.Ask" && record.Entry.Who.StartsWith("alice "));

        var eve = client.As(service.TokenOf("other tenant"));
        (await eve.Application(status.Application.Id, Cancel)).ShouldBeNull();
        await Should.ThrowAsync<AccessDeniedException>(() => eve.Plan(asked, Cancel));
        await Should.ThrowAsync<AccessDeniedException>(() => alice.Audit(0, 10, Cancel));
        // A token ends with its call.
        CallerToken.Current.ShouldBeNull();
    }

    [Fact]
    public async Task A_portals_certificate_without_a_good_token_gets_nothing()
    {
        foreach (var token in (string[])["", "portal", Tokens.Forged(Tokens.Holders["federation-admin"]), service.TokenOf(Tokens.Holders["tenant"], TimeProvider.System.GetUtcNow().AddDays(-1))])
        {
            var nobody = client.As(token);
            await Should.ThrowAsync<AccessDeniedException>(() => nobody.Sites(Cancel));
            await Should.ThrowAsync<AccessDeniedException>(() => nobody.Events(0, 1, Cancel));
        }

        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
        handler.ClientCertificates.Add(certificates.Read("own-portal"));
        using var http = new HttpClient(handler);
        await Should.ThrowAsync<HttpRequestException>(() => http.GetAsync(new Uri(service.Address, "/v1/sites"), Cancel), "a portal's certificate is for gateways alone");
    }

    [Fact]
    public async Task Events_are_followed_without_a_gap_from_any_number_on()
    {
        var trent = client.As(service.TokenOf("auditor"));
        var all = (await trent.Events(0, 1000, Cancel)).Events;
        var newest = await trent.NewestEvent(Cancel);
        newest.ShouldBe(all[^1].Sequence);
        (await trent.Events(newest, 10, Cancel)).Events.ShouldBeEmpty();

        var seen = new List<long>();
        await foreach (var happened in trent.Follow(0, cancel: Cancel))
        {
            seen.Add(happened.Sequence);
            if (happened.Sequence == newest)
            {
                await service.Apply(SampleFiles.Site("cheap", 0.30m));
            }
            else if (happened.Sequence > newest)
            {
                break;
            }
        }

        seen[..all.Length].ShouldBe(all.Select(happened => happened.Sequence));
        seen.ShouldBeUnique();
    }

    [Fact]
    public async Task What_is_wrong_with_the_settings_is_said()
    {
        (await Should.ThrowAsync<ArgumentException>(() => FederationClient.Connect(Options with { Gateways = [] }, cancel: Cancel))).Message.ShouldContain("no gateway is named");
        (await Should.ThrowAsync<ArgumentException>(() => FederationClient.Connect(Options with { Gateways = ["silo"] }, cancel: Cancel))).Message.ShouldContain("'silo' is not HOST:PORT");
        (await Should.ThrowAsync<ArgumentException>(() => FederationClient.Connect(Options with { Key = null }, cancel: Cancel))).Message.ShouldContain("all of them, or none");
        (await Should.ThrowAsync<IOException>(() => FederationClient.Connect(Options with { Gateways = ["no-such-host.invalid:1"] }, cancel: Cancel))).Message.ShouldContain("has no address");
    }
}
