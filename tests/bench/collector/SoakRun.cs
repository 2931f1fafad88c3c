using System.Diagnostics;

namespace Federation.Collector.Bench;

/// <summary>Three silos under a steady load for a long time: none may be taken for dead, none may grow, nothing may be refused.</summary>
internal static class SoakRun
{
    private const int Readers = 6;
    private const int Sensors = 6;
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(50);

    // With six of them, 20 VMs a request: the windows of some 7,000 VMs.
    private static readonly TimeSpan SensorsRest = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan PlansEvery = TimeSpan.FromSeconds(5);

    private static int asked;

    public static async Task Run(TimeSpan time)
    {
        await using var silos = await Silos.Start(3);
        using var over = new CancellationTokenSource(time, TimeProvider.System);
        var work = Enumerable.Range(0, Readers).Select(caller => Repeat(silos, caller, Silos.Read, Rest, over.Token))
            .Concat(Enumerable.Range(0, Sensors).Select(caller => Repeat(silos, caller, silos.Post, SensorsRest, over.Token)))
            .Append(Repeat(silos, 0, Silos.Plan, PlansEvery, over.Token))
            .Append(Watch(silos, over.Token));
        await Task.WhenAll(work);
        Figures.Print(Figures.Line($"{asked} requests in {time.TotalMinutes:0} min, all answered with yes; all silos run"));
    }

    private static async Task Repeat(
        Silos silos, int caller, Func<HttpClient, int, Task<HttpResponseMessage>> ask, TimeSpan rest, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await silos.Ask(caller, ask);
            Interlocked.Increment(ref asked);
            await Task.Delay(rest, TimeProvider.System, CancellationToken.None);
        }
    }

    // A silo that the others took for dead ends by itself.
    private static async Task Watch(Silos silos, CancellationToken over)
    {
        var began = Stopwatch.GetTimestamp();
        while (!over.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMinutes(1), TimeProvider.System, CancellationToken.None);
            if (silos.All.Any(silo => !silo.Runs))
            {
                throw new InvalidOperationException("a silo has ended");
            }

            var memory = string.Join(' ', silos.All.Select(silo => Figures.Line($"{Figures.ResidentBytes(silo.ProcessId) / 1048576.0:0}")));
            Figures.Print(Figures.Line($"{Stopwatch.GetElapsedTime(began).TotalMinutes:0} min: {asked} requests, MiB resident {memory}"));
        }
    }
}
