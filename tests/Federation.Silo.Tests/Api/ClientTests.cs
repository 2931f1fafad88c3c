using System.Net;
using System.Text.Json;
using Federation.Api;
using Federation.Contracts;
using Federation.Domain;
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

/// <summary>Machines of users on networks, as their owners and their agents ask.</summary>
public sealed class ClientTests
{
    private const string Laptop = "/v1/applications/cg/network/clients/laptop";
    private static readonly VmRef Vm = new(AppId.Parse("astro/cg.1"), new("vm1"));

    [Fact]
    public async Task An_owner_lets_a_machine_in_whose_token_is_good_for_that_machine_and_nothing_else_until_it_is_taken_off()
    {
        await using var service = await Started();
        var tenant = service.TokenOf("tenant");
        (await Say(service, tenant, "POST", Laptop, HttpStatusCode.Conflict)).ShouldContain("astro/cg has no network that a client could join");
        await Begin(service);
        (await Say(service, tenant, "POST", $"{Laptop}?addresses=10.9.0.9-x", HttpStatusCode.BadRequest)).ShouldContain("10.9.0.9-x");
        (await Say(service, tenant, "POST", $"{Laptop}?addresses=10.0.0.0-10.0.255.255", HttpStatusCode.BadRequest)).ShouldContain("more than 64");
        (await Say(service, tenant, "POST", "/v1/applications/cg/network/clients/My%20Laptop", HttpStatusCode.BadRequest)).ShouldContain("is no name for a client");
        (await Say(service, service.TokenOf("other tenant"), "POST", Laptop, HttpStatusCode.NotFound)).ShouldContain("no application");

        var made = JsonSerializer.Deserialize<ClientTokenDocument>(await Say(service, tenant, "POST", Laptop, HttpStatusCode.Created), DomainJson.Options)!;
        made.Addresses.ShouldHaveSingleItem();
        (await Say(service, tenant, "POST", Laptop, HttpStatusCode.Conflict)).ShouldContain("fedctl network leave cg laptop");
        var shown = (await Shown(service)).Clients.ShouldHaveSingleItem();
        (shown.Client, shown.IsThere, shown.HeardAt, shown.Mac).ShouldBe(("laptop", false, null, made.Mac));

        const string Report = """{"mtu":1500,"tunnels":[{"generation":1,"publicKey":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","port":51820}]}""";
        var post = JsonSerializer.Deserialize<ClientPost>(await Say(service, made.Token, "POST", "/v1/clients/self", HttpStatusCode.OK, Report), DomainJson.Options)!;
        (post.Application, post.Name, $"{post.Below}").ShouldBe((Vm.Application, "laptop", shown.Below));
        shown = (await Shown(service)).Clients.ShouldHaveSingleItem();
        (shown.IsThere, shown.From is "127.0.0.1" or "::1" or "::ffff:127.0.0.1", shown.Addresses.Single()).ShouldBe((true, true, made.Addresses[0]));
        (await Shown(service)).Interfaces.ShouldHaveSingleItem().Vm.ShouldBe("vm1");
        var news = JsonSerializer.Deserialize<SegmentsNews>(await Say(service, made.Token, "POST", "/v1/hosts/self/segments", HttpStatusCode.OK, """{"known":{},"waitSeconds":5}"""), DomainJson.Options)!;
        news.Updates.ShouldHaveSingleItem().Entries.Select(entry => entry.Port).ShouldContain(SegmentClients.PortOf(Vm.Application, "laptop"));

        // A host's agent may more.
        foreach (var (method, path) in ((string, string)[])[("GET", "/v1/hosts/self/orders"), ("POST", "/v1/hosts/self/renewal"), ("GET", "/v1/applications/cg/network"), ("DELETE", Laptop)])
        {
            using var refused = await service.Send(made.Token, method, path, method == "POST" ? "" : null);
            refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden, path);
        }

        (await Say(service, made.Token, "POST", "/v1/hosts/self/report", HttpStatusCode.Forbidden, JsonSerializer.Serialize(HostReport("192.0.2.9"), DomainJson.Options))).ShouldContain("agents");
        (await Say(service, tenant, "POST", "/v1/clients/self", HttpStatusCode.Forbidden, Report)).ShouldContain("host");

        await Say(service, tenant, "DELETE", Laptop, HttpStatusCode.NoContent);
        (await Say(service, tenant, "DELETE", Laptop, HttpStatusCode.NotFound)).ShouldContain("laptop");
        await Say(service, made.Token, "POST", "/v1/clients/self", HttpStatusCode.Unauthorized, Report);
        (await Shown(service)).Clients.ShouldBeEmpty();
    }

    [Fact]
    public async Task No_host_can_have_an_address_of_clients()
    {
        await using var service = await Started();
        using var response = await service.Send(service.Token, "POST", "/v1/sites/cheap/hosts/h1/token", "");
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var token = document.RootElement.GetProperty("token").GetString()!;
        var below = SegmentClients.BelowOf(1, 0, AddressKind.IPv4);
        (await Say(service, token, "POST", "/v1/hosts/self/report", HttpStatusCode.BadRequest, JsonSerializer.Serialize(HostReport($"{below}"), DomainJson.Options))).ShouldContain("240.0.0.0/4");
    }

    private static HostReport HostReport(string address) => new(
        new HostFacts(4, 1L << 33, 1L << 40, new HypervisorFacts { Driver = "test", Version = "1" }, "1", "boot") { Network = new(Address.Parse(address), 1500) }, [], [], 1, Guid.NewGuid());

    private static async Task<RunningService> Started()
    {
        var service = await RunningService.Start();
        await service.Apply([.. SampleFiles.TwoClouds, SampleFiles.Application(vms: 1)]);
        return service;
    }

    private static async Task Begin(RunningService service)
    {
        var grains = service.Services.GetRequiredService<IGrainFactory>();
        (await CallOrigin.AsService(async () =>
        {
            await grains.Site(new("cheap")).HostReported("h1", HostReport("192.0.2.1"));
            return await grains.Segment(Vm.Application).Placed(new(Vm, new(new("cheap"), "h1"), 1, [new("52:54:00:00:00:01", [])]), TimeSpan.Zero);
        })).ShouldBe(Verdict.Feasible);
    }

    private static async Task<string> Say(RunningService service, string token, string method, string path, HttpStatusCode expected, string? body = null)
    {
        using var response = await service.Send(token, method, path, body ?? (method == "POST" ? "" : null));
        var said = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(expected, said);
        return said;
    }

    private static async Task<NetworkDocument> Shown(RunningService service) =>
        JsonSerializer.Deserialize<NetworkDocument>(await Say(service, service.TokenOf("tenant"), "GET", "/v1/applications/cg/network", HttpStatusCode.OK), DomainJson.Options)!;
}
