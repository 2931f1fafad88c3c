using System.Diagnostics;
using Federation.Domain.Groups;
using Federation.Testing;

namespace Federation.Groups.Bench;

/// <summary>How well each detector finds planted groups: adjusted Rand index, mean and worst over seeds.</summary>
internal static class Recovery
{
    private const int Vms = 256;

    public static int Run(string[] args)
    {
        var seeds = args.Length > 0 ? int.Parse(args[0]) : 5;
        Console.WriteLine("| VMs/group | inter/intra | noise | greedy mean | worst | Leiden mean | worst | Leiden ms | likeliest mean | worst |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var size in new[] { 8, 16, 32, 64 })
        {
            foreach (var ratio in new[] { 0.1, 0.2, 0.3 })
            {
                foreach (var noise in new[] { 0.3, 0.6, 1.0 })
                {
                    Row(new PlantedGroups(Vms, Vms / size, ratio, noise), size, seeds);
                }
            }
        }

        return 0;
    }

    private static void Row(PlantedGroups planted, int size, int seeds)
    {
        var names = planted.Names();
        var (greedy, leiden, elapsed, likeliest) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var seed = 0; seed < seeds; seed++)
        {
            var edges = planted.Edges(seed);
            var weights = PlantedGroups.Weights(names, edges);
            likeliest.Add(Oracle.Best(planted, edges).Score);
            greedy.Add(planted.Score(new GreedyDetector().Detect(names, weights, new())));
            var watch = Stopwatch.StartNew();
            var partition = new LeidenDetector().Detect(names, weights, new());
            elapsed.Add(watch.Elapsed.TotalMilliseconds);
            leiden.Add(planted.Score(partition));
        }

        Console.WriteLine($"| {size} | {planted.Ratio} | {planted.Noise:0.0} | {greedy.Average():0.000} | {greedy.Min():0.000} | "
            + $"{leiden.Average():0.000} | {leiden.Min():0.000} | {elapsed.Average():0} | {likeliest.Average():0.000} | {likeliest.Min():0.000} |");
    }
}
