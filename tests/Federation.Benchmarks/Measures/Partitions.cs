using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Federation.Benchmarks.Problems;
using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Domain.Traffic;
using Federation.Planning.Search;

namespace Federation.Benchmarks.Measures;

/// <summary>The search as nothing but a partitioner of graphs, against METIS: the bytes cut, parts of the same size but for 3 %.</summary>
public static class Partitions
{
    private const double Balance = 1.03;

    /// <summary>Measures one graph of groups of ten, and writes a row.</summary>
    /// <param name="vms">Vertices.</param>
    /// <param name="parts">Parts.</param>
    /// <param name="pairsPerVm">Edges per vertex.</param>
    /// <param name="seed">Where chance comes from.</param>
    /// <param name="effort">The search's effort.</param>
    public static void Run(int vms, int parts, int pairsPerVm, int seed, double effort) =>
        Measure("groups of ten", vms, Graphs.Groups(vms, pairsPerVm, seed), parts, seed, effort);

    /// <summary>Measures graphs of ten kinds, and those in a folder, and writes a row for each.</summary>
    /// <param name="parts">Parts.</param>
    /// <param name="effort">The search's effort.</param>
    /// <param name="folder">A folder of files (.graph, .mtx); null: none.</param>
    public static void RunAll(int parts, double effort, string? folder)
    {
        // The first problem pays for the start of the runtime.
        Solve(200, parts, Graphs.Groups(200, 4, 1), 0.1);
        string[] files = folder is null ? [] : [.. Directory.EnumerateFiles(folder).Where(file => file.EndsWith(".graph", StringComparison.Ordinal) || file.EndsWith(".mtx", StringComparison.Ordinal)).Order()];
        foreach (var (name, vertices, edges) in Graphs.Made().Concat(files.Select(Graphs.Read)))
        {
            Measure(name, vertices, edges, parts, 1, effort);
        }
    }

    private static void Measure(string name, int vms, Dictionary<(int One, int Other), int> edges, int parts, int seed, double effort)
    {
        var (ours, took, processor) = Solve(vms, parts, edges, effort);
        var (metis, metisTook, largest) = Metis(vms, parts, edges, seed);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {vms} | {edges.Count} | {parts} | {effort} | {ours:0} | {took:0.00} | {processor:0.00} | {metis:0} | {metisTook:0.000} | {largest / (vms / (double)parts):0.000} | {ours / metis:0.000} | {processor / metisTook:0} |"));
    }

    private static (double Cut, double Seconds, double Processor) Solve(int vms, int parts, Dictionary<(int One, int Other), int> edges, double effort)
    {
        var problem = new PlacementProblem(ViewOf(vms, parts, edges));
        using var self = Process.GetCurrentProcess();
        var (watch, before) = (Stopwatch.StartNew(), self.TotalProcessorTime);
        var answer = new LocalSearchSolver(effort: effort).Solve(problem, new() { TimeLimit = TimeSpan.FromMinutes(5) }, default);
        var took = watch.Elapsed.TotalSeconds;
        self.Refresh();
        return (answer.Assignment.IsEmpty ? double.NaN : Cut(edges, [.. answer.Assignment]), took, (self.TotalProcessorTime - before).TotalSeconds);
    }

    // Everything is free and at once but for egress, which is the same between any two sites: the bill is the bytes cut.
    private static PlacementView ViewOf(int vms, int parts, Dictionary<(int One, int Other), int> edges)
    {
        var sites = Enumerable.Range(0, parts).Select(i => new SiteId($"part{i}")).ToArray();
        VmId[] ids = [.. Enumerable.Range(0, vms).Select(i => new VmId($"vm{i}"))];
        var pairs = edges.Select(edge => KeyValuePair.Create(new VmPair(ids[edge.Key.One], ids[edge.Key.Other]), new Flow(0, edge.Value * 1e6)));
        return new()
        {
            Now = new(2026, 11, 23, 18, 0, 0, TimeSpan.Zero),
            Traffic = new() { Period = TimeSpan.FromSeconds(1), Pairs = pairs.ToImmutableSortedDictionary() },
            Sites = [.. sites.Select(site => new Site
            {
                Id = site,
                Kind = SiteKind.Cloud,
                Offers = [new("vm", 1, 1, 1, (int)(Balance * vms / parts), PriceSchedule.Always(0))],
                Network = new(0, 1e18, 0),
                Links = sites.Where(other => other != site).ToImmutableSortedDictionary(other => other, _ => new Link(0, 1e18, 1)),
            })],
            Application = new()
            {
                Id = new(new("astro"), "graph"),
                Objective = Objective.Cost,
                Remaining = TimeSpan.FromSeconds(1000),
                Vms = [.. ids.Select(id => new VmSpec { Id = id, Vcpus = 1, MemoryBytes = 1 })],
            },
        };
    }

    private static double Cut(Dictionary<(int One, int Other), int> edges, int[] partOf) =>
        edges.Sum(edge => partOf[edge.Key.One] != partOf[edge.Key.Other] ? (double)edge.Value : 0);

    private static (double Cut, double Seconds, int Largest) Metis(int vms, int parts, Dictionary<(int One, int Other), int> edges, int seed)
    {
        var folder = Directory.CreateTempSubdirectory("partition");
        var file = Path.Combine(folder.FullName, "graph");
        var lines = Enumerable.Range(0, vms).Select(_ => new List<string>()).ToArray();
        foreach (var ((one, other), weight) in edges)
        {
            lines[one].Add(string.Create(CultureInfo.InvariantCulture, $"{other + 1} {weight}"));
            lines[other].Add(string.Create(CultureInfo.InvariantCulture, $"{one + 1} {weight}"));
        }

        var head = string.Create(CultureInfo.InvariantCulture, $"{vms} {edges.Count} 001");
        File.WriteAllLines(file, lines.Select(line => string.Join(' ', line)).Prepend(head));
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(
            new ProcessStartInfo("gpmetis", ["-ufactor=30", $"-seed={seed}", file, $"{parts}"]) { RedirectStandardOutput = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var seconds = watch.Elapsed.TotalSeconds;
        int[] partOf = [.. File.ReadAllLines($"{file}.part.{parts}").Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
        folder.Delete(recursive: true);
        return (Cut(edges, partOf), seconds, partOf.GroupBy(part => part).Max(part => part.Count()));
    }
}
