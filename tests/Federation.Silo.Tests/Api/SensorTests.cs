using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Federation.Domain.Traffic;
using Federation.Silo.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Api;

public sealed class SensorTests
{
    // Of each post's own moment: what a sensor says of a window that ended long before its host had the VM is refused.
    private static string Recent => Window.LastClosed(TimeProvider.System.GetUtcNow()).ToString();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sensor_reports_the_VMs_on_its_host_and_does_nothing_else()
    {
        await using var service = await RunningService.Start();
        await Prepare(service);
        using var sensor = await Sensor(service, "sensor1", "h1");

        var answer = await Post(sensor, "sensor1", Guid.NewGuid(), "vm1", "vm2");
        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Body.GetProperty("accepted").GetInt32().ShouldBe(1);
        answer.Body.GetProperty("refused")[0].GetProperty("vm").GetString().ShouldBe("vm2");
        answer.Body.GetProperty("refused")[0].GetProperty("reason").GetString()!.ShouldContain("vm2 was not on cheap/h1");

        (await Post(sensor, "sensor1", Guid.NewGuid(), "vm2")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await Post(sensor, "sensor2", Guid.NewGuid(), "vm1")).Status.ShouldBe(HttpStatusCode.Forbidden);
        foreach (var path in (string[])["/v1/vms", "/v1/applications/cg", "/v1/sensors", "/v1/applications/cg/traffic"])
        {
            using var response = await sensor.GetAsync(new Uri(path, UriKind.Relative), Cancel);
            response.StatusCode.ShouldBe(HttpStatusCode.Forbidden, path);
            response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        }

        using var put = await sensor.PutAsync(new Uri("/v1/applications/cg/vms/vm2/host", UriKind.Relative), Json("""{"host":"h1"}"""), Cancel);
        put.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_sensor_is_told_which_VMs_are_on_its_host_also_after_a_move()
    {
        await using var service = await RunningService.Start();
        await Prepare(service);
        using var one = await Sensor(service, "sensor1", "h1");
        using var two = await Sensor(service, "sensor2", "h2");
        var (vms, tag) = await Vms(one);
        vms.ShouldBe(["astro/cg.1/vm1"]);
        (await Vms(two)).Vms.ShouldBe(["astro/cg.1/vm2"]);

        using var again = new HttpRequestMessage(HttpMethod.Get, "/v1/sensors/self/vms");
        again.Headers.TryAddWithoutValidation("If-None-Match", tag);
        using var unchanged = await one.SendAsync(again, Cancel);
        unchanged.StatusCode.ShouldBe(HttpStatusCode.NotModified);

        await Host(service, "vm1", "h2");
        (await Vms(one)).Vms.ShouldBeEmpty();
        (await Vms(two)).Vms.ShouldBe(["astro/cg.1/vm1", "astro/cg.1/vm2"]);

        // Both have a part of the window that it moved in, and the parts add up.
        (await Post(one, "sensor1", Guid.NewGuid(), "vm1")).Body.GetProperty("accepted").GetInt32().ShouldBe(1);
        (await Post(two, "sensor2", Guid.NewGuid(), "vm1")).Body.GetProperty("refused").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_token_ends_with_the_next_one_and_with_its_sensor()
    {
        await using var service = await RunningService.Start();
        await Prepare(service);
        using var old = await Sensor(service, "sensor1", "h1");
        using var current = await Sensor(service, "sensor1", "h1");
        (await Status(old)).ShouldBe(HttpStatusCode.Unauthorized);
        (await Status(current)).ShouldBe(HttpStatusCode.OK);
        using var removed = await service.Http.DeleteAsync(new Uri("/v1/sensors/sensor1", UriKind.Relative), Cancel);
        removed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Status(current)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_list_of_sensors_tells_no_secret()
    {
        await using var service = await RunningService.Start();
        await Prepare(service);
        using var sensor = await Sensor(service, "sensor1", "h1");
        var list = await service.Read("/v1/sensors");
        list[0].GetProperty("sensor").GetString().ShouldBe("sensor1");
        list.GetRawText().ShouldNotContain(sensor.DefaultRequestHeaders.Authorization!.Parameter!);
    }

    private static async Task Prepare(RunningService service)
    {
        var (site, text) = SampleFiles.Site("cheap", 0.10m);
        await Put(service, site, text);
        await Put(service, "/v1/applications/cg", """
            application: cg
            tenant: astro
            objective: cost
            remaining: 2h
            vms: { count: 2, prefix: vm, firstAddress: 10.42.0.1, vcpus: 2, memory: 4GiB, at: { site: cheap, offer: std } }
            """);
        await Host(service, "vm1", "h1");
        await Host(service, "vm2", "h2");
    }

    private static Task Host(RunningService service, string vm, string host) =>
        Put(service, $"/v1/applications/cg/vms/{vm}/host", $$"""{"host":"{{host}}"}""");

    private static async Task Put(RunningService service, string path, string body)
    {
        using var response = await service.Http.PutAsync(new Uri(path, UriKind.Relative), Json(body), Cancel);
        response.IsSuccessStatusCode.ShouldBeTrue(await response.Content.ReadAsStringAsync(Cancel));
    }

    private static async Task<HttpClient> Sensor(RunningService service, string name, string host)
    {
        using var response = await service.Http.PostAsync(
            new Uri("/v1/sensors", UriKind.Relative), Json($$"""{"sensor":"{{name}}","site":"cheap","host":"{{host}}"}"""), Cancel);
        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        var made = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(Cancel));
        var client = new HttpClient { BaseAddress = service.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", made.GetProperty("token").GetString());
        return client;
    }

    private static async Task<(string[] Vms, string? Tag)> Vms(HttpClient sensor)
    {
        using var response = await sensor.GetAsync(new Uri("/v1/sensors/self/vms", UriKind.Relative), Cancel);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var list = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(Cancel)).GetProperty("vms");
        return ([.. list.EnumerateArray().Select(vm => $"{vm.GetProperty("application").GetString()}/{vm.GetProperty("vm").GetString()}")],
            response.Headers.ETag?.ToString());
    }

    private static async Task<HttpStatusCode> Status(HttpClient sensor)
    {
        using var response = await sensor.GetAsync(new Uri("/v1/sensors/self/vms", UriKind.Relative), Cancel);
        return response.StatusCode;
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> Post(HttpClient sensor, string name, Guid boot, params string[] vms)
    {
        var batch = new WindowBatch
        {
            Sensor = name,
            Boot = boot,
            Application = "cg",
            Windows = [.. vms.Select((vm, i) => new PostedWindow { Sequence = i + 1, Vm = vm, Start = Recent, Covered = 30, Records = [] })],
        };
        using var response = await sensor.PostAsync(
            new Uri("/v1/windows", UriKind.Relative), Json(JsonSerializer.Serialize(batch, WindowBatchJson.Default.WindowBatch)), Cancel);
        return (response.StatusCode, JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(Cancel)));
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
