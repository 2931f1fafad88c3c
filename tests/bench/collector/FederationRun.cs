using System.Diagnostics;

namespace Federation.Collector.Bench;

/// <summary>A federation of some silos under callers that ask without a rest, each always the same silo; all on the same two cores.</summary>
internal static class FederationRun
{
    private const int Callers = 24;

    // Each silo has to compile its code for speed, on the same processors: until then it takes several times as much.
    private static readonly TimeSpan WarmPerSilo = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(15);

    public static async Task Run(int count, bool encrypted)
    {
        await using var silos = await Silos.Start(count, encrypted);
        await Measure(silos, "read an application of 8 VMs (9 grains)", Silos.Read);
        await Measure(silos, "post a window of 20 VMs with 20 peers each (stored before it is answered)", silos.Post);
        silos.PrintMemory();
    }

    private static async Task Measure(Silos silos, string what, Func<HttpClient, int, Task<HttpResponseMessage>> ask)
    {
        await Ask(silos, WarmPerSilo * silos.All.Count, ask);
        var before = silos.CpuSeconds;
        var took = await Ask(silos, Measured, ask);
        var cpu = silos.CpuSeconds - before;
        took.Sort();
        Figures.Print(Figures.Line(
            $"{silos.All.Count} silos, {what}: {took.Count / Measured.TotalSeconds:0} requests/s, p50 {took.At(0.5):0.0} ms, p99 {took.At(0.99):0.0} ms, {cpu * 1e6 / took.Count:0} us of the silos' processors each"));
    }

    private static async Task<List<double>> Ask(Silos silos, TimeSpan time, Func<HttpClient, int, Task<HttpResponseMessage>> ask)
    {
        var end = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        var each = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var took = new List<double>();
            for (var began = Stopwatch.GetTimestamp(); began < end; began = Stopwatch.GetTimestamp())
            {
                await silos.Ask(caller, ask);
                took.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }

            return took;
        })));
        return [.. each.SelectMany(took => took)];
    }
}
