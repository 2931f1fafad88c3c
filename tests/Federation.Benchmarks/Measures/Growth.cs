using System.Diagnostics;
using System.Globalization;
using Federation.Benchmarks.Problems;
using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Planning.Search;

namespace Federation.Benchmarks.Measures;

/// <summary>How the search grows with the problem, against a long run of itself as the best that is known; a table and a plot.</summary>
public static class Growth
{
    private static readonly (int Vms, int Sites)[] Sizes = [(100, 12), (300, 12), (1_000, 20), (3_000, 40), (10_000, 60), (100_000, 60)];

    /// <summary>Measures every size, up to a largest.</summary>
    /// <param name="effort">How many times as much the long run may do.</param>
    /// <param name="scarce">Whether sites have room for some of the VMs only.</param>
    /// <param name="most">The most VMs.</param>
    /// <param name="seeds">How many problems of each size.</param>
    /// <param name="plot">Where the plot is written; null: nowhere.</param>
    public static void Run(double effort, bool scarce, int most, int seeds, string? plot)
    {
        var points = new List<(int Vms, double Seconds)>();
        Console.WriteLine("| VMs | sites | seed | pairs | rooms | problem, s | search, s | long run, s | found | by the long run | gap to the long run | peak memory, MB |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        // The first problem pays for the start of the runtime.
        Solve(new(new ProblemSpec(50, 5, 1, 10, 4).Make()), 1);
        foreach (var (vms, sites) in Sizes.Where(size => size.Vms <= most))
        {
            points.Add((vms, Enumerable.Range(1, seeds).Average(seed => Measure(vms, sites, seed, effort, scarce))));
        }

        if (plot is not null)
        {
            File.WriteAllText(plot, LogLogPlot.Of("Seconds from the view to the checked answer, by VMs", points));
        }
    }

    // Writes a row; the seconds from the view to the answer.
    private static double Measure(int vms, int sites, int seed, double effort, bool scarce)
    {
        var view = new ProblemSpec(vms, sites, seed, GroupSize: 10, PairsPerVm: 10) { Objective = Objective.Cost, Scarce = scarce, Running = false }.Make();
        var watch = Stopwatch.StartNew();
        var problem = new PlacementProblem(view);
        var built = watch.Elapsed.TotalSeconds;
        var (found, took) = Solve(problem, 1);
        using var self = Process.GetCurrentProcess();
        var memory = self.PeakWorkingSet64 / 1e6;
        var (best, longer) = Solve(problem, effort);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {vms} | {sites} | {seed} | {view.Traffic.Pairs.Count} | {(scarce ? "scarce" : "ample")} | {built:0.00} | {took:0.00} | {longer:0.00} | {found:0.00} | {best:0.00} | {((found / best) - 1) * 100:0.00} % | {memory:0} |"));
        return built + took;
    }

    private static (double? Value, double Seconds) Solve(PlacementProblem problem, double effort)
    {
        var watch = Stopwatch.StartNew();
        var answer = new LocalSearchSolver(effort: effort).Solve(problem, new() { TimeLimit = TimeSpan.FromMinutes(10) }, CancellationToken.None);
        return (answer.Assignment.IsEmpty ? null : Evaluated.Of(problem, [.. answer.Assignment]).Value.Primary, watch.Elapsed.TotalSeconds);
    }
}
