using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Collector.Bench;

/// <summary>What a window of 10,000 reports took.</summary>
/// <param name="Seconds">From the first request to the last answer.</param>
/// <param name="ServiceCpu">CPU seconds of the service.</param>
/// <param name="DatabaseCpu">CPU seconds of PostgreSQL.</param>
/// <param name="Median">Of the requests, ms.</param>
/// <param name="Slow">Their 99th percentile, ms.</param>
internal sealed record PostCost(double Seconds, double ServiceCpu, double DatabaseCpu, double Median, double Slow)
{
    public double PerSecond => Load.Applications * Load.VmsEach / Seconds;

    /// <summary>Medians of several, their quartiles in brackets.</summary>
    public static string Summary(IReadOnlyCollection<PostCost> windows) =>
        $"{Figures.Spread(windows.Select(window => window.PerSecond), "0")} reports/s, service CPU {Figures.Spread(windows.Select(window => window.ServiceCpu), "0.00")} s, "
        + $"database CPU {Figures.Spread(windows.Select(window => window.DatabaseCpu), "0.00")} s, POST p50 {Figures.Spread(windows.Select(window => window.Median), "0.0")} ms, p99 {Figures.Spread(windows.Select(window => window.Slow), "0")} ms";

    public override string ToString() => Figures.Line(
        $"10,000 reports in {Seconds:0.00} s ({PerSecond:0} reports/s), service CPU {ServiceCpu:0.00} s, database CPU {DatabaseCpu:0.00} s, POST p50 {Median:0.0} ms p99 {Slow:0.0} ms");
}

/// <summary>Through the whole service: HTTP in, store, grains, HTTP out. The load generator runs on the same two cores.</summary>
internal static class ServiceRun
{
    private static readonly Window Newest = Window.LastClosed(TimeProvider.System.GetUtcNow());

    /// <summary>Posts windows, and prints what each took; the first two warm up.</summary>
    /// <param name="kind">postgres or sqlite.</param>
    /// <param name="windows">How many are measured.</param>
    public static async Task Ingest(string kind, int windows)
    {
        await using var service = await Service.Start(kind);
        var names = await service.Apply();
        for (var number = 0; number < 2; number++)
        {
            await Post(service, names, number, windows + 1 - number);
        }

        await Quiet(service);
        var (cpu, cost) = (Figures.CpuSeconds(service.ProcessId), new List<PostCost>());
        for (var number = 2; number < windows + 2; number++)
        {
            cost.Add(await Post(service, names, number, windows + 1 - number));
            Figures.Print($"{cost[^1]}");
        }

        // Groups are found after the answers, and by one version sooner than by another: only what all of it takes can be compared.
        await Quiet(service);
        Figures.Print(Figures.Line($"all: {(Figures.CpuSeconds(service.ProcessId) - cpu) / windows:0.000} s of the service's CPU a window, groups found in all of them"));
        Figures.Print(Figures.Line($"service: {Figures.ResidentBytes(service.ProcessId) / 1048576.0:0} MiB resident"));
        Figures.Print($"summary: {PostCost.Summary(cost)}");
    }

    public static async Task Query(string kind)
    {
        await using var service = await Service.Start(kind);
        var names = await service.Apply();
        for (var age = 29; age >= 0; age--)
        {
            await Post(service, names, 29 - age, age);
        }

        var until = Text(Newest.End);
        var old = Text(Newest.Shift(-20).End);
        var path = "/v1/applications/app3/traffic?windows=10&as=";
        await Ask(service, "mean, newest 10 windows, from memory", $"{path}mean&until={until}", 300);
        await Ask(service, "weighted=2, newest 10 windows, from memory", $"{path}weighted=2&until={until}", 300);
        await Ask(service, "detailed (10 matrices), from memory", $"{path}detailed&until={until}", 20);
        await Ask(service, "mean, 10 windows before memory, from the store", $"{path}mean&until={old}", 300);
    }

    // One window of all hosts, as when all of them close it at the same instant.
    private static async Task<PostCost> Post(Service service, AppId[] names, int windowNumber, int age)
    {
        var bodies = Enumerable.Range(0, Load.Hosts).Select(host => Load.Body(host, Newest.Shift(-age), windowNumber, names)).ToArray();
        var latencies = new List<double>(bodies.Length);
        var (clock, cpu, database) = (Stopwatch.GetTimestamp(), Figures.CpuSeconds(service.ProcessId), service.DatabaseCpuSeconds);
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
        latencies.Sort();
        return new(
            seconds, Figures.CpuSeconds(service.ProcessId) - cpu, service.DatabaseCpuSeconds - database, latencies.At(0.5), latencies.At(0.99));
    }

    // Until the service has had next to nothing to do for two seconds.
    private static async Task Quiet(Service service)
    {
        for (var still = 0; still < 4;)
        {
            var before = Figures.CpuSeconds(service.ProcessId);
            await Task.Delay(TimeSpan.FromSeconds(0.5), TimeProvider.System);
            still = Figures.CpuSeconds(service.ProcessId) - before <= 0.06 ? still + 1 : 0;
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
