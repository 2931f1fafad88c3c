using System.Collections.Concurrent;
using System.Globalization;
using Federation.Benchmarks.Problems;
using Federation.Benchmarks.Rivals;
using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Planning.Exact;
using Federation.Planning.Search;

namespace Federation.Benchmarks.Measures;

/// <summary>Problems of at most 8 VMs and 6 sites: both solvers and the published rule against every placement there is.</summary>
public static class SmallProblems
{
    /// <summary>Measures so many problems, and writes what came out.</summary>
    public static void Run(int count)
    {
        var rows = new ConcurrentBag<Row>();
        Parallel.For(1, count + 1, new() { MaxDegreeOfParallelism = 2 }, seed => rows.Add(Measure(seed)));
        var feasible = rows.Where(row => row.Best is not null).ToArray();
        Console.WriteLine($"{count} problems, {feasible.Length} with a feasible placement");
        Console.WriteLine($"exact: {rows.Count(row => row.ExactAgrees)} of {count} as every placement says");
        Write("search", feasible, row => row.Search);
        Write("published rule of SkyPilot's optimizer, re-implemented", feasible, row => row.Rule);
    }

    private static Row Measure(int seed)
    {
        var random = new Random(unchecked((int)((uint)seed * 2246822519u)));
        var (vms, sites) = (random.Next(2, 9), random.Next(2, 7));
        // So many offers that there are at most some two million assignments.
        var spec = new ProblemSpec(vms, sites, seed, Math.Min(vms, 4), Math.Min(3, (vms - 1) / 2.0)) { OffersPerSite = vms <= 5 ? 2 : 1 };
        var problem = new PlacementProblem(spec.Make());
        var exact = new ExactSolver().Solve(problem, new() { TimeLimit = TimeSpan.FromMinutes(1) }, default);
        if (problem.Candidates.Any(seats => seats.IsEmpty))
        {
            return new(null, null, null, exact.Status == PlanStatus.Infeasible);
        }

        var best = EveryPlacement.Best(problem, EveryPlacement.TrueValue(problem))?.Value.Primary;
        var rule = EveryPlacement.Best(problem, new TaskRule(problem).Figure)?.Value.Primary;
        var search = new LocalSearchSolver().Solve(problem, new(), default);
        return new(best, ValueOf(problem, search), rule, best is { } value
            ? exact.Status == PlanStatus.Optimal && Math.Abs(ValueOf(problem, exact)!.Value - value) <= 1e-9 * value
            : exact.Status == PlanStatus.Infeasible);
    }

    private static double? ValueOf(PlacementProblem problem, SolverAnswer answer) =>
        answer.Assignment.IsEmpty ? null : Evaluated.Of(problem, [.. answer.Assignment]).Value.Primary;

    private static void Write(string who, Row[] rows, Func<Row, double?> value)
    {
        var regrets = rows.Where(row => value(row) is not null).Select(row => (value(row)!.Value / row.Best!.Value) - 1).Order().ToArray();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{who}: answers {regrets.Length}, best {regrets.Count(regret => regret <= 1e-9)}, regret mean {regrets.Average() * 100:0.000} %, "
            + $"median {regrets[regrets.Length / 2] * 100:0.000} %, worst {regrets[^1] * 100:0.0} %"));
    }

    private sealed record Row(double? Best, double? Search, double? Rule, bool ExactAgrees);
}
