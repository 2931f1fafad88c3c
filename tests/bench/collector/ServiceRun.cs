using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Federation.Domain.Traffic;

namespace Federation.Collector.Bench;

/// <summary>Through the whole service: HTTP in, store, grains, HTTP out. The load generator runs on the same two cores.</summary>
internal static class ServiceRun
{
    private static readonly Window Newest = Window.LastClosed(TimeProvider.System.GetUtcNow());

    public static async Task Ingest(string kind)
    {
        await using var service = await Service.Start(kind);
        await Apply(service);
        await Post(service, windowNumber: 0, age: 9, warm: true);
        await Post(service, windowNumber: 1, age: 8, warm: true);
        for (var age = 7; age >= 0; age--)
        {
            await Post(service, 9 - age, age, warm: false);
        }

        Figures.Print(Figures.Line($"service: {Figures.ResidentBytes(service.ProcessId) / 1048576.0:0} MiB resident"));
    }

    public static async Task Query(string kind)
    {
        await using var service = await Service.Start(kind);
        await Apply(service);
        for (var age = 29; age >= 0; age--)
        {
            await Post(service, 29 - age, age, warm: true);
        }

        var until = Text(Newest.End);
        var old = Text(Newest.Shift(-20).End);
        var path = "/v1/applications/app3/traffic?windows=10&as=";
        await Ask(service, "mean, newest 10 windows, from memory", $"{path}mean&until={until}", 300);
        await Ask(service, "weighted=2, newest 10 windows, from memory", $"{path}weighted=2&until={until}", 300);
        await Ask(service, "detailed (10 matrices), from memory", $"{path}detailed&until={until}", 20);
        await Ask(service, "mean, 10 windows before memory, from the store", $"{path}mean&until={old}", 300);
    }

    private static async Task Apply(Service service)
    {
        for (var number = 0; number < Load.Applications; number++)
        {
            using var body = new StringContent(Load.ApplicationFile(number), Encoding.UTF8, "application/yaml");
            using var response = await service.Http.PutAsync(new Uri($"/v1/applications/app{number}", UriKind.Relative), body);
            response.EnsureSuccessStatusCode();
        }
    }

    // One window of all hosts, as when all of them close it at the same instant.
    private static async Task Post(Service service, int windowNumber, int age, bool warm)
    {
        var bodies = Enumerable.Range(0, Load.Hosts).Select(host => Load.Body(host, Newest.Shift(-age), windowNumber)).ToArray();
        var latencies = new List<double>(bodies.Length);
        var (clock, cpu) = (Stopwatch.GetTimestamp(), Figures.CpuSeconds(service.ProcessId));
        await Parallel.ForEachAsync(bodies, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (body, cancel) =>
        {
            var began = Stopwatch.GetTimestamp();
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await service.Http.PostAsync(new Uri("/v1/windows", UriKind.Relative), content, cancel);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw new InvalidOperationException(await response.Content.ReadAsStringAsync(cancel));
            }

            lock (latencies)
            {
                latencies.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        });
        var seconds = Stopwatch.GetElapsedTime(clock).TotalSeconds;
        if (!warm)
        {
            latencies.Sort();
            Figures.Print(Figures.Line(
                $"10,000 reports in {seconds:0.00} s ({10_000 / seconds:0} reports/s), service CPU {Figures.CpuSeconds(service.ProcessId) - cpu:0.00} s, POST p50 {latencies.At(0.5):0.0} ms p99 {latencies.At(0.99):0.0} ms"));
        }
    }

    private static async Task Ask(Service service, string what, string path, int times)
    {
        var latencies = new List<double>();
        long bytes = 0;
        for (var i = -30; i < times; i++)
        {
            var began = Stopwatch.GetTimestamp();
            var body = await service.Http.GetByteArrayAsync(new Uri(path, UriKind.Relative));
            if (i >= 0)
            {
                latencies.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                bytes = body.LongLength;
            }
        }

        latencies.Sort();
        Figures.Print(Figures.Line(
            $"{what}: p50 {latencies.At(0.5):0} ms, p99 {latencies.At(0.99):0} ms, max {latencies[^1]:0} ms ({times} times, {bytes / 1e6:0.0} MB)"));
    }

    private static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null);
}
