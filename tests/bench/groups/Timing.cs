using Federation.Domain.Groups;
using Federation.Domain.Groups.Leiden;
using Federation.Testing;

namespace Federation.Groups.Bench;

/// <summary>How much processor time Leiden takes, which says the same on a busy machine, and what it reaches, on a graph in a file that other programs can read too.</summary>
internal static class Timing
{
    public static int Make(int vms, int groups, int edges, double shareInside, string file)
    {
        // A share of the pairs is inside groups, the others are all over.
        var random = new Random(1);
        var size = vms / groups;
        var seen = new HashSet<(int, int)>();
        using var writer = new StreamWriter(file);
        while (seen.Count < edges)
        {
            var first = random.Next(vms);
            var inside = random.NextDouble() < shareInside;
            var second = inside ? Math.Min(vms - 1, (first / size * size) + random.Next(size)) : random.Next(vms);
            if (first != second && seen.Add((Math.Min(first, second), Math.Max(first, second))))
            {
                var weight = Math.Exp(random.NextDouble() * 2) * (inside ? 1000 : 500);
                writer.WriteLine($"{first} {second} {weight:R}");
            }
        }

        return 0;
    }

    public static int Time(string file, double share, int runs)
    {
        var edges = File.ReadLines(file).Select(line => line.Split(' '))
            .Select(cells => (int.Parse(cells[0]), int.Parse(cells[1]), double.Parse(cells[2]))).ToList();
        var vms = edges.Max(edge => Math.Max(edge.Item1, edge.Item2)) + 1;
        var graph = CommunityGraph.Of(vms, edges);
        var resolution = share * edges.Average(edge => edge.Item3);
        foreach (var iterations in new[] { 2, LeidenAlgorithm.DefaultIterations })
        {
            var times = new List<double>();
            var community = Array.Empty<int>();
            for (var run = 0; run < runs; run++)
            {
                var before = Environment.CpuUsage.TotalTime;
                community = LeidenAlgorithm.Partition(graph, resolution, run, iterations);
                times.Add((Environment.CpuUsage.TotalTime - before).TotalSeconds);
            }

            Print($"ours, at most {iterations} iterations", times, ConstantPotts.Quality(graph, resolution, community), community.Max() + 1);
        }

        var names = new PlantedGroups(vms, 1, 0, 0).Names();
        var weights = PlantedGroups.Weights(names, edges);
        foreach (var options in new GroupingOptions[] { new() { Resolution = share, FloorPerSecond = 0 }, new() { FloorPerSecond = 0 } })
        {
            var times = new List<double>();
            var groups = 0;
            for (var run = 0; run < Math.Min(runs, 3); run++)
            {
                var before = Environment.CpuUsage.TotalTime;
                groups = new LeidenDetector(run).Detect(names, weights, options).Groups.Length;
                times.Add((Environment.CpuUsage.TotalTime - before).TotalSeconds);
            }

            Print(options.Resolution is null ? "detector, resolution found" : "detector, resolution given", times, double.NaN, groups);
        }

        return 0;
    }

    private static void Print(string what, List<double> times, double quality, int communities)
    {
        times.Sort();
        Console.WriteLine($"{what}: median {times[times.Count / 2]:0.000} s, best {times[0]:0.000} s, quality {quality:0.0}, {communities} communities");
    }
}
