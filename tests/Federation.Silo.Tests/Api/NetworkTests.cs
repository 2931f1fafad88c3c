using System.Net;
using System.Text.Json;
using Federation.Api;
using Federation.Contracts;
using Federation.Domain;
using Federation.Domain.Access;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Json;
using Federation.Domain.Networks;
using Federation.Grains.Access;
using Federation.Silo.Tests.Making;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Api;

public sealed class NetworkTests
{
    private static readonly VmRef Vm = new(AppId.Parse("astro/cg.1"), new("vm1"));
    private static readonly HostPost One = new(new("cheap"), "h1");
    private static readonly HostPost Two = new(new("cheap"), "h2");
    private static readonly GuestNic Nic = new("52:54:00:00:00:01", []);

    [Fact]
    public async Task An_agent_is_told_its_own_networks_and_its_next_question_acknowledges_them()
    {
        await using var service = await Started();
        var (one, two) = (await TokenOf(service, One), await TokenOf(service, Two));
        await Report(service, one, "192.0.2.1");
        await Report(service, two, "192.0.2.2");
        var asked = Ask(service, one, "{}", wait: 20);
        await Placed(service, One);
        var told = (await asked).Updates.ShouldHaveSingleItem();
        told.Entries.ShouldHaveSingleItem().At.ShouldBe(new VtepId(One.Site, "h1"));
        (await Shown(service)).Hosts.ShouldHaveSingleItem().BehindSince.ShouldNotBeNull();

        (await Ask(service, one, $$"""{"astro/cg.1":{{told.Revision}}}""")).Updates.ShouldBeEmpty();

        (await Shown(service)).Hosts.ShouldHaveSingleItem().BehindSince.ShouldBeNull();
        // Another host that knows its name is told no more than that it has no part in it.
        var leaves = (await Ask(service, two, """{"astro/cg.1":0}""")).Updates.ShouldHaveSingleItem();
        (leaves.Leaves, leaves.Entries.Length, leaves.Peers.Length).ShouldBe((true, 0, 0));
        (await Ask(service, two, """{"astro/never.1":7}""")).Updates.ShouldHaveSingleItem().Leaves.ShouldBeTrue();
    }

    [Fact]
    public async Task A_network_is_shown_to_its_tenant_and_to_no_other_and_an_address_that_was_given_is_the_VM_s_everywhere()
    {
        await using var service = await Started();
        (await Shown(service)).Number.ShouldBeNull();
        var one = await TokenOf(service, One);
        await Report(service, one, "192.0.2.1");
        await Placed(service, One);

        var network = await Shown(service);
        var nic = network.Interfaces.ShouldHaveSingleItem();
        (nic.Vm, nic.Nic, nic.Mac, nic.Host, nic.Next).ShouldBe(("vm1", 0, "52:54:00:00:00:01", "cheap/h1", null));
        var given = nic.Addresses.ShouldHaveSingleItem();
        Subnet.Parse(network.Subnet!).Contains(Address.Parse(given)).ShouldBeTrue();
        using var vm = await service.Send(service.TokenOf("tenant"), "GET", "/v1/applications/cg/vms/vm1");
        (await vm.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain($"\"{given}\"");
        (await CallOrigin.AsService(() => Grains(service).Application(Vm.Application).Roster(Guid.Empty))).Given![Vm.Vm].ShouldBe([Address.Parse(given)]);
        using var other = await service.Send(service.TokenOf("other tenant"), "GET", "/v1/applications/cg/network");
        other.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("{}", "known: the revisions are missing")]
    [InlineData("""{"known":{"cg":1},"waitSeconds":0}""", "known: 'cg' is not TENANT/APPLICATION.INCARNATION")]
    [InlineData("""{"known":{"astro/cg.1":-1},"waitSeconds":0}""", "known: revision -1 of astro/cg.1 is less than 0")]
    [InlineData("""{"known":{},"waitSeconds":21}""", "waitSeconds is 21, not from 0 to 20")]
    public async Task A_question_that_is_none_is_refused_with_what_is_wrong(string body, string said)
    {
        await using var service = await Started();
        using var response = await service.Send(await TokenOf(service, One), "POST", "/v1/hosts/self/segments", body);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(said);
    }

    [Fact]
    public async Task How_frames_go_between_its_hosts_is_shown_and_what_all_tenants_send_there_to_those_alone_who_see_all()
    {
        await using var service = await Started();
        var (one, two) = (await TokenOf(service, One), await TokenOf(service, Two));
        await Report(service, one, "192.0.2.1");
        await Report(service, two, "192.0.2.2");
        await Placed(service, One);
        (await Shown(service)).Paths.ShouldBeEmpty();
        await CallOrigin.AsService(() => Grains(service).Segment(Vm.Application).Placed(new(Vm with { Vm = new("vm2") }, Two, 1, [new("52:54:00:00:00:02", [])]), TimeSpan.Zero));
        var relay = new VtepId(new("cheap"), "r1");
        PeerPath To(string host) => new(new(Two.Site, host), PathKind.Relay, PathReason.Star, DateTimeOffset.UnixEpoch) { Relay = relay, BytesPerSecond = 25_000, DirectAbove = 125_000 };
        var question = new RelayQuestion("", [relay], [To("h2"), To("h3")], 0);
        using var asked = await service.Send(one, "POST", "/v1/hosts/self/relays", JsonSerializer.Serialize(question, DomainJson.Options));
        asked.StatusCode.ShouldBe(HttpStatusCode.OK);

        // The host h3 is none of this network.
        var path = (await Shown(service)).Paths.ShouldHaveSingleItem();
        (path.From, path.To, path.Path, path.Relay, path.Why).ShouldBe(("cheap/h1", "cheap/h2", "relay", "cheap/r1", "star"));
        (path.BytesPerSecond, path.Reason).ShouldBe((null, "star link, direct from 1 Mbit/s on"));
        var whole = (await CallOrigin.AsService(() => Grains(service).Segment(Vm.Application).Paths())).ShouldHaveSingleItem();
        (whole.From, whole.Path.BytesPerSecond).ShouldBe((new VtepId(One.Site, "h1"), 25_000));
    }

    [Fact]
    public async Task A_question_about_relays_that_is_none_is_refused_with_what_is_wrong()
    {
        await using var service = await Started();
        using var response = await service.Send(await TokenOf(service, One), "POST", "/v1/hosts/self/relays", """{"heard":[],"paths":[],"waitSeconds":21}""");
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("waitSeconds is 21, not from 0 to 20");
        using var stranger = await service.Send(service.TokenOf("tenant"), "POST", "/v1/hosts/self/relays", """{"heard":[],"paths":[],"waitSeconds":0}""");
        stranger.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private static async Task<RunningService> Started()
    {
        var service = await RunningService.Start();
        await service.Apply([.. SampleFiles.TwoClouds, SampleFiles.Application(vms: 1)]);
        return service;
    }

    private static Task<Verdict> Placed(RunningService service, HostPost host) =>
        CallOrigin.AsService(() => Grains(service).Segment(Vm.Application).Placed(new(Vm, host, 1, [Nic]), TimeSpan.Zero));

    private static async Task<string> TokenOf(RunningService service, HostPost host)
    {
        using var response = await service.Send(service.Token, "POST", $"/v1/sites/{host.Site}/hosts/{host.Host}/token", "");
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return document.RootElement.GetProperty("token").GetString()!;
    }

    // Its site hears of it a moment later.
    private static async Task Report(RunningService service, string token, string address)
    {
        var facts = new HostFacts(4, 1L << 33, 1L << 40, new HypervisorFacts { Driver = "test", Version = "1" }, "1", "boot") { Network = new(Address.Parse(address), 1500) };
        var report = new HostReport(facts, [], [], 1, Guid.NewGuid());
        using var response = await service.Send(token, "POST", "/v1/hosts/self/report", JsonSerializer.Serialize(report, DomainJson.Options));
        response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        while (!(await CallOrigin.AsService(() => Grains(service).Site(One.Site).Hosts())).Any(host => host.Host.Facts.Network?.Address == Address.Parse(address)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<SegmentsNews> Ask(RunningService service, string token, string known, int wait = 0)
    {
        using var response = await service.Send(token, "POST", "/v1/hosts/self/segments", $$"""{"known":{{known}},"waitSeconds":{{wait}}}""");
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return JsonSerializer.Deserialize<SegmentsNews>(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), DomainJson.Options)!;
    }

    private static async Task<NetworkDocument> Shown(RunningService service)
    {
        using var response = await service.Send(service.TokenOf("tenant"), "GET", "/v1/applications/cg/network");
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return JsonSerializer.Deserialize<NetworkDocument>(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), DomainJson.Options)!;
    }

    private static IGrainFactory Grains(RunningService service) => service.Services.GetRequiredService<IGrainFactory>();
}
