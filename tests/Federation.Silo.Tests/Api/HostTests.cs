using System.Net;
using System.Text.Json;
using Federation.Contracts;
using Federation.Domain.Access;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Json;
using Federation.Domain.Sites;
using Federation.Grains.Access;
using Federation.Silo.Tests.Making;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Api;

public sealed class HostTests
{
    private static readonly VmRef Vm = new(AppId.Parse("astro/cg.1"), new("vm1"));
    private static readonly HostPost One = new(new("cheap"), "h1");
    private static readonly HostPost Two = new(new("cheap"), "h2");
    private static readonly Guid Run = Guid.NewGuid();

    [Fact]
    public async Task An_agent_gets_the_orders_of_its_host_and_its_answer_comes_back_to_who_ordered()
    {
        await using var service = await Started();
        var token = await TokenOf(service, One);
        await Report(service, token, 1);
        var ordered = Order(service, One, "a");
        var orders = await Orders(service, token, wait: 20);
        orders.Orders.ShouldBe([new HostOrder.Stop("a", Vm, 1)]);
        (orders.Site, orders.Host).ShouldBe((One.Site, One.Host));

        await Report(service, token, 2, new HostAnswer("a", HostOutcome.Done));

        (await ordered).Answer.ShouldBe(new HostAnswer("a", HostOutcome.Done));
    }

    [Fact]
    public async Task A_sensor_is_told_by_the_agent_of_its_host_behind_which_tap_a_VM_is()
    {
        await using var service = await Started();
        await Report(service, await TokenOf(service, One), 1);
        await AsService(() => Grains(service).Vm(Vm).Own(new(new(One.Site, "std"), One.Host), "test"));
        using var made = await service.Send(service.Token, "POST", "/v1/sensors", """{ "sensor": "s1", "site": "cheap", "host": "h1" }""");
        using var sensor = JsonDocument.Parse(await made.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        using var told = await service.Send(sensor.RootElement.GetProperty("token").GetString(), "GET", "/v1/sensors/self/vms");
        using var vms = JsonDocument.Parse(await told.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        vms.RootElement.GetProperty("vms").EnumerateArray().Select(vm => (vm.GetProperty("vm").GetString(), vm.GetProperty("tap").GetString())).ShouldBe([("vm1", "fv1")]);
    }

    [Fact]
    public async Task A_stolen_token_of_an_agent_does_nothing_for_another_host()
    {
        await using var service = await Started();
        var stolen = await TokenOf(service, One);
        await TokenOf(service, Two);
        var ordered = Order(service, Two, "a");

        (await Orders(service, stolen)).Orders.ShouldBeEmpty();
        await Report(service, stolen, 1, new HostAnswer("a", HostOutcome.Done));

        // What it told is of its own host, and nobody else's order was answered by it.
        (await ordered).ShouldBe(new OrderResult(null, false));
        (await AsService(() => Grains(service).Agent(Two).Status())).Report.ShouldBeNull();
        (await AsService(() => Grains(service).Agent(One).Status())).Report.ShouldNotBeNull();
        foreach (var (method, path) in new[]
        {
            ("GET", "/v1/vms"), ("GET", "/v1/applications/cg"), ("GET", "/v1/sites"), ("GET", "/v1/sensors"), ("GET", "/v1/sensors/self/vms"), ("GET", "/v1/events"),
            ("POST", "/v1/sites/cheap/hosts/h2/token"), ("DELETE", "/v1/sites/cheap/hosts/h2"), ("GET", "/v1/applications/cg/vms/vm1/log"),
            ("PUT", "/v1/applications/cg/vms/vm1/host"),
        })
        {
            using var refused = await service.Send(stolen, method, path, method == "GET" ? null : "{}");
            refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden, path);
        }
    }

    [Fact]
    public async Task A_token_ends_with_the_next_one_and_when_its_host_is_removed()
    {
        await using var service = await Started();
        var old = await TokenOf(service, One);
        var current = await TokenOf(service, One);
        using var refused = await service.Send(old, "GET", "/v1/hosts/self/orders");
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await Orders(service, current)).Orders.ShouldBeEmpty();

        using var removed = await service.Send(service.Token, "DELETE", "/v1/sites/cheap/hosts/h1");

        removed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var ended = await service.Send(current, "GET", "/v1/hosts/self/orders");
        ended.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("{}", "facts: what the host is is missing")]
    [InlineData("""{"facts":{"agent":"1","boot":"b"},"guests":[],"answers":[]}""", "facts.hypervisor: driver and version are missing")]
    [InlineData("""{"facts":{"agent":"1","boot":"b","hypervisor":{"driver":"d","version":"1"}},"answers":[]}""", "guests or answers is missing")]
    [InlineData("""{"facts":{"agent":"1","boot":"b","hypervisor":{"driver":"d","version":"1"}},"guests":[null],"answers":[]}""", "guests: one names no VM")]
    [InlineData("""{"facts":{"agent":"1","boot":"b","hypervisor":{"driver":"d","version":"1"}},"guests":[],"answers":null}""", "guests or answers is missing")]
    [InlineData("""{"facts":{"agent":"1","boot":"b","hypervisor":{"driver":"d","version":"1"}},"guests":[],"answers":[{}]}""", "answers: one names no operation")]
    public async Task A_report_that_is_none_is_refused_with_what_is_wrong(string body, string said)
    {
        await using var service = await Started();
        using var response = await service.Send(await TokenOf(service, One), "POST", "/v1/hosts/self/report", body);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(said);
    }

    [Fact]
    public async Task Of_an_agent_that_is_newer_than_the_service_everything_is_taken_that_can_be_read()
    {
        await using var service = await Started();
        var token = await TokenOf(service, One);
        await Report(service, token, 1);
        var (known, unknown) = (Order(service, One, "a"), Order(service, One, "b"));
        (await Orders(service, token, wait: 20)).Orders.Length.ShouldBeInRange(1, 2);

        using var taken = await service.Send(token, "POST", "/v1/hosts/self/report", $$"""
            {
              "facts": { "vcpus": 4, "memoryBytes": 1, "diskBytes": 1, "hypervisor": { "driver": "test", "version": "2", "new": 1 }, "agent": "2", "boot": "boot", "new": [] },
              "guests": [
                { "sighting": { "vm": "astro/cg.1/vm1", "state": "thinking", "transfer": { "new": {} } }, "epoch": 7 },
                { "sighting": { "vm": "astro/cg.1/vm2", "state": "running", "new": true }, "epoch": 8, "new": "" }
              ],
              "answers": [{ "operation": "b", "outcome": "postponed" }, { "operation": "a", "outcome": "done", "new": 1 }],
              "number": 2, "run": "{{Run}}", "new": null
            }
            """);

        taken.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await known).Answer.ShouldBe(new HostAnswer("a", HostOutcome.Done));
        (await unknown).Answer.ShouldBeNull();
        var guests = (await AsService(() => Grains(service).Agent(One).Status())).Report!.Guests;
        guests.Select(guest => (guest.Sighting.Vm.Vm.Value, guest.Sighting.State, guest.Epoch)).ShouldBe([("vm1", GuestState.Silent, 7), ("vm2", GuestState.Running, 8)]);
        guests[0].Sighting.Remark.ShouldBe("this service is older than the host's agent and cannot read what it tells of the VM ($.sighting.state): upgrade the service");
    }

    [Fact]
    public async Task A_silo_that_stops_ends_the_questions_that_wait_and_the_agent_goes_on_to_another_one()
    {
        await using var service = await Started();
        var token = await TokenOf(service, One);
        var waits = service.Send(token, "GET", "/v1/hosts/self/orders?wait=20");
        while (!(await AsService(() => Grains(service).Agent(One).Status())).IsHeard)
        {
            await Task.Yield();
        }

        await service.Stop();

        using var answer = await waits;
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Nobody_says_on_which_host_a_VM_is_whose_site_has_hosts_with_agents()
    {
        await using var service = await Started();
        await Report(service, await TokenOf(service, One), 1);
        while ((await AsService(() => Grains(service).Site(One.Site).Hosts())).Length == 0)
        {
            await Task.Yield();
        }

        var place = ReservationId.OfStep(new(new(Vm.Application, 1), 1));
        (await AsService(() => Grains(service).Site(One.Site).Admit([new(place, Vm, "std", new(1, 1 << 20, []), 1)]))).Refusal.ShouldBeNull();
        await AsService(() => Grains(service).Site(One.Site).Confirm(Vm, place));
        await AsService(() => Grains(service).Vm(Vm).Own(new(new(One.Site, "std"), One.Host), "test"));

        using var answer = await service.Send(service.Token, "PUT", "/v1/applications/cg/vms/vm1/host", """{"host":"h9"}""");

        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("is on host h1 of site cheap, whose agent tells where it is: nobody else can");
    }

    [Fact]
    public async Task A_VMs_tenant_reads_its_console_through_the_agent_of_its_host_and_nobody_else_does()
    {
        await using var service = await Started();
        (await service.Carry((await service.Plan("cg")).GetProperty("id").GetString()!)).ShouldBe("plan.applied");
        var tenant = service.TokenOf("tenant");
        using var nowhere = await service.Send(tenant, "GET", "/v1/applications/cg/vms/vm1/log");
        nowhere.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await service.Send(service.Token, "PUT", "/v1/applications/cg/vms/vm1/host", """{"host":"h1"}""")).Dispose();
        var agent = await TokenOf(service, One);
        var asked = service.Send(tenant, "GET", "/v1/applications/cg/vms/vm1/log?bytes=5");
        var order = (await Orders(service, agent, wait: 20)).Orders.ShouldHaveSingleItem().ShouldBeOfType<HostOrder.Log>();
        order.Bytes.ShouldBe(5);
        await Report(service, agent, 1, new HostAnswer(order.Operation, HostOutcome.Done, Console: new([.. "login"u8], 0)));

        using var answer = await asked;

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(Convert.ToBase64String("login"u8));
        using var other = await service.Send(service.TokenOf("other tenant"), "GET", "/v1/applications/cg/vms/vm1/log");
        other.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var admin = await service.Send(service.TokenOf("site-admin"), "GET", "/v1/applications/cg/vms/vm1/log");
        admin.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_host_has_a_name_that_addresses_do_not_mean_something_else_by()
    {
        await using var service = await Started();
        using var response = await service.Send(service.Token, "POST", "/v1/sites/cheap/hosts/self/token", "");
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var missing = await service.Send(service.Token, "POST", "/v1/sites/nowhere/hosts/h1/token", "");
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task<RunningService> Started()
    {
        var service = await RunningService.Start();
        await service.Apply([.. SampleFiles.TwoClouds, SampleFiles.Application(vms: 1)]);
        return service;
    }

    private static async Task<string> TokenOf(RunningService service, HostPost host)
    {
        using var response = await service.Send(service.Token, "POST", $"/v1/sites/{host.Site}/hosts/{host.Host}/token", "");
        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return document.RootElement.GetProperty("token").GetString()!;
    }

    private static async Task<HostOrders> Orders(RunningService service, string token, int wait = 0)
    {
        using var response = await service.Send(token, "GET", $"/v1/hosts/self/orders?wait={wait}");
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return JsonSerializer.Deserialize<HostOrders>(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), DomainJson.Options)!;
    }

    private static async Task Report(RunningService service, string token, long number, params HostAnswer[] answers)
    {
        var facts = new HostFacts(4, 8L << 30, 8L << 30, new HypervisorFacts { Driver = "test", Version = "1" }, "1", "boot");
        var report = new HostReport(facts, [new(new GuestSighting(Vm, GuestState.Running) { Taps = ["fv1"] }, 1)], [.. answers], number, Run);
        using var response = await service.Send(token, "POST", "/v1/hosts/self/report", JsonSerializer.Serialize(report, DomainJson.Options));
        response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    private static Task<OrderResult> Order(RunningService service, HostPost host, string operation) =>
        AsService(() => Grains(service).Agent(host).Do(new HostOrder.Stop(operation, Vm, 1), TimeSpan.FromSeconds(5)));

    private static Task<T> AsService<T>(Func<Task<T>> call) => CallOrigin.AsService(call);

    private static IGrainFactory Grains(RunningService service) => service.Services.GetRequiredService<IGrainFactory>();
}
