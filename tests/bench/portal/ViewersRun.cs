using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Federation.Collector.Bench;

namespace Federation.Portal.Bench;

/// <summary>Many who look at the overview at once while prices change and VMs talk: what they cost the portal and the silo, and how soon each sees a price.</summary>
internal static class ViewersRun
{
    private const int Applications = 10;
    private const int Vms = 8;
    private static readonly TimeSpan Change = TimeSpan.FromSeconds(5);

    public static async Task Run(int viewers, TimeSpan time)
    {
        await using var running = await Running.Begin();
        await running.Describe();
        for (var number = 0; number < Applications; number++)
        {
            await running.Application($"app{number}", Vms, 60 + number);
        }

        var alone = await Measured(running, time, [], new());
        var seen = new Seen();
        var circuits = new List<Circuit>();
        try
        {
            var before = Figures.ResidentBytes(running.PortalProcess);
            foreach (var _ in Enumerable.Range(0, viewers))
            {
                var circuit = await Circuit.Open(running.Portal, running.TokenOf(), "/portal");
                var last = 0;
                circuit.Drawn += drawn => seen.Look(drawn, ref last);
                circuits.Add(circuit);
            }

            var with = await Measured(running, time, circuits, seen);
            var ended = circuits.Select(circuit => circuit.End).OfType<string>().ToList();
            if (ended.Count > 0 || circuits.Exists(circuit => circuit.Batches == 0))
            {
                throw new InvalidOperationException($"{ended.Count} circuits have ended ({ended.FirstOrDefault()}), {circuits.Count(circuit => circuit.Batches == 0)} were drawn nothing");
            }

            Row($"{viewers} viewers: the portal's processor", $"{with.Portal:0.000} cores");
            Row($"{viewers} viewers: the portal's memory", $"{with.Memory / 1e6:0} MB, of which {before / 1e6:0} MB before they came");
            Row($"{viewers} viewers: the silo's processor", $"{with.Silo - alone.Silo:0.000} cores more than the {alone.Silo:0.000} without them");
            Row($"{viewers} viewers: until each sees a price that has changed", $"50 %, 95 %, longest: {seen.At(0.5):0.00}, {seen.At(0.95):0.00}, {seen.At(1):0.00} s; {seen.Count} of {seen.Changes * viewers} were seen");
            Row($"{viewers} viewers: to each of them", $"{circuits.Average(circuit => circuit.Bytes) / 1e3 / time.TotalSeconds:0.0} kB/s");
        }
        finally
        {
            foreach (var circuit in circuits)
            {
                await circuit.DisposeAsync();
            }
        }
    }

    // Processors used by each, and the most memory of the portal, while things happen.
    private static async Task<(double Portal, double Silo, double Memory)> Measured(Running running, TimeSpan time, List<Circuit> circuits, Seen seen)
    {
        // What has just begun is let settle.
        await Task.Delay(TimeSpan.FromSeconds(circuits.Count == 0 ? 2 : 5), TimeProvider.System);
        var (portal, silo, memory) = (Figures.CpuSeconds(running.PortalProcess), Figures.CpuSeconds(running.SiloProcess), 0.0);
        var clock = Stopwatch.StartNew();
        for (var round = 0; clock.Elapsed < time; round++)
        {
            if (round % 6 == 0)
            {
                for (var number = 0; number < Applications; number++)
                {
                    await running.Talk($"app{number}", Vms, Vms * 3, 60 + number, windows: 1);
                }
            }

            // It rises: none of what was drawn before looks like it.
            var price = 0.1001m + (seen.Changes / 10_000m);
            seen.Changed(price);
            await running.Put("/v1/sites/cheap", Load.SiteFile("cheap", price));
            await Task.Delay(Change, TimeProvider.System);
            memory = Math.Max(memory, Figures.ResidentBytes(running.PortalProcess));
        }

        var seconds = clock.Elapsed.TotalSeconds;
        return ((Figures.CpuSeconds(running.PortalProcess) - portal) / seconds, (Figures.CpuSeconds(running.SiloProcess) - silo) / seconds, memory);
    }

    private static void Row(string what, FormattableString figure) => Figures.Print($"| {what} | {Figures.Line(figure)} |");

    // How long it took until a price was among what is drawn, for each viewer.
    private sealed class Seen
    {
        private readonly ConcurrentBag<double> waits = [];
        private volatile byte[] price = [0xff];
        private long since;

        public int Changes { get; private set; }

        public int Count => waits.Count;

        public void Changed(decimal next)
        {
            Changes++;
            since = Stopwatch.GetTimestamp();
            price = Encoding.UTF8.GetBytes(next.ToString("0.00##", CultureInfo.InvariantCulture));
        }

        public void Look(byte[] drawn, ref int last)
        {
            if (last < Changes && drawn.AsSpan().IndexOf(price) >= 0)
            {
                last = Changes;
                waits.Add(Stopwatch.GetElapsedTime(since).TotalSeconds);
            }
        }

        public double At(double share) => waits.Order().ToList() is { Count: > 0 } sorted ? sorted.At(share) : double.NaN;
    }
}
