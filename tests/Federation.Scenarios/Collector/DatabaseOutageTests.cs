using System.Net;
using System.Text.Json;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Scenarios.Service;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Scenarios.Collector;

/// <summary>PostgreSQL stopped for 20 s beneath the real service.</summary>
public sealed class DatabaseOutageTests
{
    private const int Vms = 4;
    private const int Windows = 12;
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(20);
    private static readonly Window Newest = Window.LastClosed(TimeProvider.System.GetUtcNow());

    private readonly Guid boot = Guid.NewGuid();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_it_is_away_reads_go_on_windows_are_turned_away_and_nothing_is_lost()
    {
        await using var cluster = await PostgresCluster.Start();
        await using var service = await ServiceProcess.Start($"--Federation:Database={await cluster.CreateDatabase("federation")}");
        await Apply(service);
        for (var age = Windows - 1; age >= 6; age--)
        {
            (await Post(service, age)).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        var before = await Packets(service, Newest.Shift(-6), 6);
        before.ShouldBe(Expected(Enumerable.Range(6, 6)));

        await cluster.Stop();
        await Parallel.ForEachAsync([0, 1], Cancel, async (part, _) => await (part == 0
            ? Task.Delay(Outage, TimeProvider.System, Cancel)
            : ThroughTheOutage(service, before)));
        await cluster.Resume();

        var clock = TimeProvider.System.GetTimestamp();
        var left = new Queue<int>([5, 4, 3, 2, 1, 0]);
        TimeSpan? back = null;
        while (left.TryPeek(out var age))
        {
            using var response = await Post(service, age);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                back ??= TimeProvider.System.GetElapsedTime(clock);
                left.Dequeue();
                continue;
            }

            response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancel);
        }

        TestContext.Current.SendDiagnosticMessage($"the first window was taken {back!.Value.TotalSeconds:0.0} s after the database was back");
        (await Packets(service, Newest, Windows)).ShouldBe(Expected(Enumerable.Range(0, Windows)));

        // What a process that has forgotten everything finds in the database is the same.
        service.Kill();
        await service.Restart();
        (await Packets(service, Newest, Windows)).ShouldBe(Expected(Enumerable.Range(0, Windows)));
    }

    // Nothing is acknowledged, and what is in memory is still answered; until the outage's own end or a little before.
    private async Task ThroughTheOutage(ServiceProcess service, double[] before)
    {
        var clock = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(clock) < Outage - TimeSpan.FromSeconds(7))
        {
            using var refusal = await Post(service, 5);
            refusal.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, await refusal.Content.ReadAsStringAsync(Cancel));
            refusal.Headers.RetryAfter.ShouldNotBeNull();
            (await Packets(service, Newest.Shift(-6), 6)).ShouldBe(before);

            // Without a rest a quick machine spends the sensor's budget, and is refused for that.
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancel);
        }
    }

    private static async Task Apply(ServiceProcess service)
    {
        using var body = new StringContent($$"""
            application: cg
            tenant: astro
            objective: cost
            remaining: 2h
            vms: { count: {{Vms}}, prefix: vm, firstAddress: 10.42.0.1, vcpus: 2, memory: 4GiB }
            """);
        using var response = await service.Http.PutAsync(new Uri("/v1/applications/cg", UriKind.Relative), body, Cancel);
        response.StatusCode.ShouldBe(HttpStatusCode.Created, await response.Content.ReadAsStringAsync(Cancel));
    }

    // Every VM received from vm1 (vm1 from vm2) as many packets as the window is old, and its own number.
    private Task<HttpResponseMessage> Post(ServiceProcess service, int age)
    {
        var reports = Enumerable.Range(1, Vms).Select(vm => new NumberedReport(
            new ReportOrigin("host-1", boot, (age * Vms) + vm),
            new WindowReport(
                new VmId($"vm{vm}"),
                Newest.Shift(-age),
                [new TrafficRecord(Address.Parse(vm == 1 ? "10.42.0.2" : "10.42.0.1"), FlowDirection.Received, age + vm, 100)],
                Window.Length)));
        var json = JsonSerializer.Serialize(WindowBatch.Of(AppId.Parse("cg"), [.. reports]), WindowBatchJson.Default.WindowBatch);
        return service.Http.PostAsync(
            new Uri("/v1/windows", UriKind.Relative), new StringContent(json, System.Text.Encoding.UTF8, "application/json"), Cancel);
    }

    private static double[] Expected(IEnumerable<int> ages) =>
        [.. ages.OrderDescending().Select(age => (double)Enumerable.Range(1, Vms).Sum(vm => age + vm))];

    private static async Task<double[]> Packets(ServiceProcess service, Window last, int windows)
    {
        var until = last.End.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null);
        var text = await service.Http.GetStringAsync(
            new Uri($"/v1/applications/cg/traffic?windows={windows}&as=detailed&until={until}", UriKind.Relative), Cancel);
        return [.. JsonDocument.Parse(text).RootElement.GetProperty("matrices").EnumerateArray().Select(
            matrix => matrix.GetProperty("pairs").EnumerateArray().Sum(pair => pair.GetProperty("packets").GetDouble()))];
    }
}
