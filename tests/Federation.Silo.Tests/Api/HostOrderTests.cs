using System.Net;
using System.Text.Json;
using Federation.Api;
using Federation.Contracts;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Json;
using Federation.Grains.Access;
using Federation.Silo.Tests.Making;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Api;

/// <summary>What administrators see of hosts, and order of them, over HTTP.</summary>
public sealed class HostOrderTests
{
    private static readonly SiteId Cheap = new("cheap");

    [Fact]
    public async Task Hosts_are_listed_with_what_is_ordered_of_them_and_an_order_given_again_changes_nothing()
    {
        await using var service = await WithHosts();
        (await Get<HostDocument[]>(service, "/v1/hosts")).Select(host => (host.Site, host.Host, host.State)).ShouldBe([("cheap", "h1", "ready"), ("cheap", "h2", "ready")]);
        (await Get<HostDocument[]>(service, "/v1/sites/cheap/hosts")).Length.ShouldBe(2);
        (await Order(service, "h1", "cordon", HttpStatusCode.OK)).GetProperty("state").GetString().ShouldBe("cordoned");
        (await Order(service, "h1", "cordon", HttpStatusCode.OK)).GetProperty("state").GetString().ShouldBe("cordoned");
        var host = await Get<HostDocument>(service, "/v1/sites/cheap/hosts/h1");
        (host.State, host.Size.Vcpus, host.Hypervisor.Driver).ShouldBe(("cordoned", 4, "test"));
        host.OrderedBy.ShouldNotBeNull();
        (await Order(service, "h1", "drain", HttpStatusCode.OK)).GetProperty("state").GetString().ShouldBe("draining");
        (await Order(service, "h1", "uncordon", HttpStatusCode.OK)).GetProperty("state").GetString().ShouldBe("ready");
    }

    [Fact]
    public async Task An_order_that_cannot_be_is_refused_with_what_helps()
    {
        await using var service = await WithHosts();
        (await Order(service, "h1", "fence", HttpStatusCode.Conflict)).GetProperty("detail").GetString()!.ShouldContain("was heard of at");
        (await Order(service, "h9", "drain", HttpStatusCode.NotFound)).GetProperty("detail").GetString()!.ShouldContain("h9");
        using var missing = await service.Send(service.Token, "GET", "/v1/sites/cheap/hosts/h9");
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_host_that_is_removed_is_its_site_s_no_more()
    {
        await using var service = await WithHosts();
        using var removed = await service.Send(service.Token, "DELETE", "/v1/sites/cheap/hosts/h2");
        removed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Get<HostDocument[]>(service, "/v1/hosts")).Select(host => host.Host).ShouldBe(["h1"]);
    }

    [Fact]
    public async Task A_tenant_asks_for_no_drain_by_asking_for_a_plan()
    {
        await using var service = await WithHosts();
        await service.Apply([SampleFiles.Application(vms: 1)]);
        using var refused = await service.Send(service.Token, "POST", "/v1/applications/cg/plans", """{"drain":{"site":"cheap","host":"h1","vms":["vm1"]}}""");
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private static async Task<RunningService> WithHosts()
    {
        var service = await RunningService.Start();
        await service.Apply([.. SampleFiles.TwoClouds]);
        foreach (var host in (string[])["h1", "h2"])
        {
            var facts = new HostFacts(4, 1 << 30, 1 << 30, new HypervisorFacts { Driver = "test", Version = "1" }, "1", "boot");
            await CallOrigin.AsService(async () =>
            {
                await service.Services.GetRequiredService<IGrainFactory>().Site(Cheap).HostReported(host, new(facts, [], [], 1, Guid.Empty));
                return true;
            });
        }

        return service;
    }

    private static async Task<T> Get<T>(RunningService service, string path)
    {
        using var response = await service.Send(service.Token, "GET", path);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, path);
        return JsonSerializer.Deserialize<T>(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), DomainJson.Options)!;
    }

    private static async Task<JsonElement> Order(RunningService service, string host, string verb, HttpStatusCode expected)
    {
        using var response = await service.Send(service.Token, "POST", $"/v1/sites/cheap/hosts/{host}/{verb}", "");
        response.StatusCode.ShouldBe(expected, verb);
        return JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
