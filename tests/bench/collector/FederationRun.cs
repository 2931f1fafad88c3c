using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Testing;

namespace Federation.Collector.Bench;

/// <summary>A federation of some silos under callers that ask without a rest, each always the same silo; all on the same two cores.</summary>
internal static class FederationRun
{
    private const int Callers = 24;
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(15);
    private static readonly Window Newest = Window.LastClosed(TimeProvider.System.GetUtcNow());
    private static readonly Guid Boot = Guid.NewGuid();

    private static int windows;

    public static async Task Run(int count)
    {
        await using var cluster = await PostgresCluster.Start();
        var database = await cluster.CreateDatabase("federation");
        var silos = new List<Service>();
        try
        {
            for (var number = 0; number < count; number++)
            {
                silos.Add(await Service.Start($"site{number}", database));
            }

            await Apply(silos[0]);
            await Measure(silos, "read an application of 8 VMs (9 grains)", (http, _) => http.GetAsync(new Uri("/v1/applications/app0", UriKind.Relative)));
            await Measure(silos, "post one window of 20 peers (stored before it is answered)", Post);
            foreach (var (silo, number) in silos.Select((silo, number) => (silo, number)))
            {
                Figures.Print(Figures.Line($"silo {number + 1} of {count}: {Figures.ResidentBytes(silo.ProcessId) / 1048576.0:0} MiB resident"));
            }
        }
        finally
        {
            foreach (var silo in silos)
            {
                await silo.DisposeAsync();
            }
        }
    }

    private static async Task Apply(Service silo)
    {
        for (var number = 0; number < Load.Applications; number++)
        {
            var file = Load.ApplicationFile(number).Replace($"count: {Load.VmsEach}", "count: 8", StringComparison.Ordinal);
            using var body = new StringContent(file, Encoding.UTF8, "application/yaml");
            using var response = await silo.Http.PutAsync(new Uri($"/v1/applications/app{number}", UriKind.Relative), body);
            response.EnsureSuccessStatusCode();
        }
    }

    private static async Task Measure(List<Service> silos, string what, Func<HttpClient, int, Task<HttpResponseMessage>> ask)
    {
        await Ask(silos, Warm, ask);
        var before = silos.Sum(silo => Figures.CpuSeconds(silo.ProcessId));
        var took = await Ask(silos, Measured, ask);
        var cpu = silos.Sum(silo => Figures.CpuSeconds(silo.ProcessId)) - before;
        took.Sort();
        Figures.Print(Figures.Line(
            $"{silos.Count} silos, {what}: {took.Count / Measured.TotalSeconds:0} requests/s, p50 {took.At(0.5):0.0} ms, p99 {took.At(0.99):0.0} ms, {cpu * 1e6 / took.Count:0} us of the silos' processors each"));
    }

    private static async Task<List<double>> Ask(List<Service> silos, TimeSpan time, Func<HttpClient, int, Task<HttpResponseMessage>> ask)
    {
        var end = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        var each = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var took = new List<double>();
            for (var began = Stopwatch.GetTimestamp(); began < end; began = Stopwatch.GetTimestamp())
            {
                using var response = await ask(silos[caller % silos.Count].Http, caller);
                if (response.StatusCode != HttpStatusCode.OK)
                {
                    throw new InvalidOperationException(await response.Content.ReadAsStringAsync());
                }

                took.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }

            return took;
        })));
        return [.. each.SelectMany(took => took)];
    }

    // Each request has a window of its own: of one of 80 VMs, further and further back.
    private static async Task<HttpResponseMessage> Post(HttpClient http, int caller)
    {
        var number = Interlocked.Increment(ref windows);
        var report = Load.Report(number / 8 % Load.Applications, number % 8, Newest.Shift(-(number / 80)));
        var batch = WindowBatch.Of(new AppId($"app{number / 8 % Load.Applications}"), [new(new ReportOrigin($"host-{caller}", Boot, number), report)]);
        using var content = new StringContent(JsonSerializer.Serialize(batch, WindowBatchJson.Default.WindowBatch), Encoding.UTF8, "application/json");
        return await http.PostAsync(new Uri("/v1/windows", UriKind.Relative), content);
    }
}
