using System.Net;
using System.Text;
using System.Text.Json;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Sensor.Counting;
using Federation.Sensor.Reporting;
using Shouldly;
using Xunit;

namespace Federation.Scenarios.Service;

/// <summary>The steps of the quickstart, each repeated until the service has answered it: what a user, a sensor and a script do after an outage.</summary>
/// <param name="service">The service, which may be away at any moment.</param>
/// <param name="up">Waits until the service is there again.</param>
internal sealed class Quickstart(ServiceProcess service, Func<Task> up)
{
    private static readonly string[] SiteNames = ["cheap", "dear"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>What the sensor reports: numbered once, so that a repeated post is known.</summary>
    public static IReadOnlyList<NumberedReport> Reports { get; } = [.. new ReportNumbering("host-1", Guid.NewGuid()).Number(Replay.Reports(
        CaptureTraffic.Read(Path.Combine(AppContext.BaseDirectory, "captures", "cg-a-8.pcap.gz")),
        new WindowReporter([.. Enumerable.Range(1, 8).Select(i => new WatchedVm(new VmId($"vm{i}"), [Address.Parse($"10.42.0.{i}")]))]),
        Window.LastClosed(TimeProvider.System.GetUtcNow())))];

    /// <summary>
    /// All of them: sites, application, traffic, first placement, a price that rises, migration; and the way back: one VM is moved where it is wanted,
    /// leaves its application there, and then the site leaves the federation.
    /// </summary>
    public async Task Run()
    {
        await Put("/v1/sites/cheap", Site("cheap", "0.10"));
        await Put("/v1/sites/dear", Site("dear", "0.20"));
        await Put("/v1/applications/cg", """
            application: cg
            tenant: astro
            objective: cost
            remaining: 2h
            vms: { count: 8, prefix: vm, firstAddress: 10.42.0.1, vcpus: 2, memory: 4GiB, dirtyRate: 20MB/s }
            """);
        await Send(HttpMethod.Post, "/v1/windows", JsonSerializer.Serialize(
            WindowBatch.Of(AppId.Parse("cg"), [.. Reports]), WindowBatchJson.Default.WindowBatch));
        await Carry("place");
        await Put("/v1/sites/cheap", Site("cheap", "2.00"));
        await Carry("migrate");
        await Carry("migrate", """{ "move": { "vm": "vm8", "site": "cheap" } }""");
        await Delete("/v1/applications/cg/vms/vm8");
        await Delete("/v1/sites/cheap");
    }

    // Done once, and until the answer came: whoever asks again is told that it is there no more, or that the VM's stop is under way yet.
    private Task Delete(string path) => Ask(HttpMethod.Delete, path, null, HttpStatusCode.NotFound);

    // After a kill the application may hear later than its plan that this has ended: it says so, and is asked again.
    private async Task Ask(HttpMethod method, string path, string? body, params HttpStatusCode[] also)
    {
        while ((await Send(method, path, body, [HttpStatusCode.Conflict, .. also])).TryGetProperty("status", out var status)
            && status.GetInt32() == (int)HttpStatusCode.Conflict)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancel);
        }
    }

    private async Task Carry(string decision, string request = "{}")
    {
        var plan = await Send(HttpMethod.Post, "/v1/applications/cg/plans", request);
        plan.GetProperty("decision").GetString().ShouldBe(decision);
        var id = plan.GetProperty("id").GetString();
        await Ask(HttpMethod.Post, $"/v1/plans/{id}/apply", "{}");
        for (var state = "applying"; state == "applying" || state == "proposed";)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancel);
            state = (await Send(HttpMethod.Get, $"/v1/plans/{id}", null)).GetProperty("state").GetString();
            state.ShouldBeOneOf("proposed", "applying", "applied");
        }
    }

    private Task<JsonElement> Put(string path, string yaml) => Send(HttpMethod.Put, path, yaml);

    private async Task<JsonElement> Send(HttpMethod method, string path, string? body, params HttpStatusCode[] also)
    {
        while (true)
        {
            try
            {
                using var request = new HttpRequestMessage(method, path);
                request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
                using var response = await service.Http.SendAsync(request, Cancel);
                var text = await response.Content.ReadAsStringAsync(Cancel);
                if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
                {
                    // It answers already and is not ready yet.
                    await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancel);
                    continue;
                }

                response.StatusCode.ShouldBeOneOf([HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.Accepted, .. also], $"{method} {path}: {text}");
                return JsonSerializer.Deserialize<JsonElement>(text);
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException)
            {
                await up();
            }
        }
    }

    private static string Site(string name, string price) => $$"""
        site: {{name}}
        kind: cloud
        currency: USD
        offers: [{ name: std, vcpus: 2, memory: 4GiB, available: 8, price: {{price}} }]
        billing: { increment: 1s, minimum: 60s }
        network: { latency: 0.1ms, bandwidth: 10Gbps, internetEgressPerGB: 0.09 }
        links: { {{SiteNames.Single(other => other != name)}}: { latency: 10ms, bandwidth: 5Gbps, egressPerGB: 0.02 } }
        """;
}
