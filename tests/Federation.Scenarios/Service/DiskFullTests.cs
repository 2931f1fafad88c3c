using System.Net;
using System.Text;
using System.Text.Json;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Scenarios.Sensors;
using Shouldly;
using Xunit;

namespace Federation.Scenarios.Service;

/// <summary>The data folder on a disk that is really full.</summary>
public sealed class DiskFullTests
{
    private static readonly Window Newest = Window.LastClosed(TimeProvider.System.GetUtcNow());
    private readonly Guid boot = Guid.NewGuid();
    private int posted;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [LabFact]
    public async Task A_full_disk_is_called_a_full_disk_by_writes_and_by_health_reads_go_on_and_nothing_answered_is_lost()
    {
        await using var disk = await SmallDisk.Mount(megabytes: 24);
        await using var service = await ServiceProcess.Start($"--Federation:Data={disk.Path}");
        (await Put(service, "cg")).Status.ShouldBe(HttpStatusCode.Created);
        (await Post(service)).Status.ShouldBe(HttpStatusCode.OK);
        disk.Fill();

        // What is left of the room in the database's own files goes to windows that are taken.
        var refused = await Post(service);
        for (; refused.Status == HttpStatusCode.OK; refused = await Post(service))
        {
        }

        var stored = posted - 1;
        Says(refused);
        refused.Body.ShouldContain("send the same windows again");
        var change = await Put(service, "other");
        Says(change);
        change.Body.ShouldContain("whether it was carried out is not known: look with GET /v1/applications/other");
        var health = await Get(service, "/health/ready");
        health.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        health.Body.ShouldContain("database: the database's disk is full or cannot be written");
        (await Get(service, "/v1/applications/cg")).Status.ShouldBe(HttpStatusCode.OK);

        disk.Empty();
        posted = stored;
        while ((await Post(service)).Status != HttpStatusCode.OK)
        {
            posted = stored;
        }

        while ((await Get(service, "/health/ready")).Status != HttpStatusCode.OK)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancel);
        }

        service.Kill();
        await service.Restart();
        var traffic = JsonDocument.Parse((await Get(service, $"/v1/applications/cg/traffic?windows={posted}&as=detailed&until={Newest.End.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}")).Body);
        traffic.RootElement.GetProperty("matrices").EnumerateArray().Sum(matrix => matrix.GetProperty("pairs").EnumerateArray()
            .Sum(pair => pair.GetProperty("packets").GetDouble())).ShouldBe(posted * (posted + 1) / 2.0);
    }

    private static void Says((HttpStatusCode Status, TimeSpan? Delay, string Body) answer)
    {
        answer.Status.ShouldBe(HttpStatusCode.InsufficientStorage, answer.Body);
        answer.Delay.ShouldNotBeNull();
        answer.Body.ShouldContain("urn:federation:problem:disk-full");
        answer.Body.ShouldContain("the database's disk is full or cannot be written");
        answer.Body.ShouldNotContain("away");
    }

    private static Task<(HttpStatusCode Status, TimeSpan? Delay, string Body)> Put(ServiceProcess service, string application) => Send(
        service, HttpMethod.Put, $"/v1/applications/{application}", $$"""
            application: {{application}}
            tenant: astro
            objective: cost
            remaining: 2h
            vms: { count: 2, prefix: vm, firstAddress: 10.42.0.1, vcpus: 2, memory: 4GiB }
            """);

    private static Task<(HttpStatusCode Status, TimeSpan? Delay, string Body)> Get(ServiceProcess service, string path) =>
        Send(service, HttpMethod.Get, path, null);

    // Window by window into the past, each of as many packets as windows were posted; its other records make it large.
    private Task<(HttpStatusCode Status, TimeSpan? Delay, string Body)> Post(ServiceProcess service)
    {
        posted++;
        var report = new WindowReport(
            new VmId("vm1"),
            Newest.Shift(1 - posted),
            [new(Address.Parse("10.42.0.2"), FlowDirection.Received, posted, 100), .. Enumerable.Range(1, 200).Select(
                peer => new TrafficRecord(Address.Parse($"10.43.0.{peer}"), FlowDirection.Received, 1, 100))],
            Window.Length);
        var batch = WindowBatch.Of(AppId.Parse("cg"), [new(new ReportOrigin("host-1", boot, posted), report)]);
        return Send(service, HttpMethod.Post, "/v1/windows", JsonSerializer.Serialize(batch, WindowBatchJson.Default.WindowBatch));
    }

    private static async Task<(HttpStatusCode Status, TimeSpan? Delay, string Body)> Send(ServiceProcess service, HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await service.Http.SendAsync(request, Cancel);
        return (response.StatusCode, response.Headers.RetryAfter?.Delta, await response.Content.ReadAsStringAsync(Cancel));
    }
}
