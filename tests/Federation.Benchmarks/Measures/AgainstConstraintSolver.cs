using System.Diagnostics;
using System.Globalization;
using Federation.Benchmarks.Problems;
using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Planning.Exact.ConstraintModel;
using Federation.Planning.Model;
using Federation.Planning.Search;

namespace Federation.Benchmarks.Measures;

/// <summary>The search, some seconds, against a minute or more of CP-SAT on both cores, each from nothing, scored by the domain's estimator.</summary>
public static class AgainstConstraintSolver
{
    /// <summary>Measures so many problems of a size, and writes a row for each.</summary>
    public static void Run(int vms, int count, TimeSpan limit)
    {
        for (var seed = 1; seed <= count; seed++)
        {
            var problem = new PlacementProblem(new ProblemSpec(vms, 6, seed, 8, 3) { OffersPerSite = 2, Running = false }.Make());
            var watch = Stopwatch.StartNew();
            var answer = new LocalSearchSolver().Solve(problem, new() { TimeLimit = TimeSpan.FromSeconds(20) }, default);
            var took = watch.Elapsed.TotalSeconds;
            var search = answer.Assignment.IsEmpty ? (double?)null : Evaluated.Of(problem, [.. answer.Assignment]).Value.Primary;
            watch.Restart();
            var incumbent = new Incumbent(problem);
            var rival = new ConstraintSearch(new CostModel(problem), incumbent, new(TimeProvider.System, limit, default));
            rival.Run(new() { Seed = seed }, repeatable: false, default);
            var found = incumbent.Best?.Value.Primary;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {vms} | {seed} | {problem.View.Application.Objective} | {(seed % 2 == 0 ? "scarce" : "ample")} | {search:0.####} | {took:0.00} | {found:0.####} | {watch.Elapsed.TotalSeconds:0.0} | {rival.Bound:0.####} | {rival.How} | {search / found:0.0000} |"));
        }
    }
}
