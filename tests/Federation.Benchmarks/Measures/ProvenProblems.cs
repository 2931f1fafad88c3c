using System.Diagnostics;
using System.Globalization;
using Federation.Benchmarks.Problems;
using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Planning.Exact;
using Federation.Planning.Search;

namespace Federation.Benchmarks.Measures;

/// <summary>Problems of 8 to 32 VMs whose optimum the exact solver proves: how often the search finds it within a second.</summary>
public static class ProvenProblems
{
    /// <summary>Takes problems until so many are proven, or the time for all is over, and writes what came out.</summary>
    /// <param name="wanted">How many.</param>
    /// <param name="first">The first seed.</param>
    /// <param name="perProof">How long the exact solver may look at one.</param>
    /// <param name="inAll">How long all may take.</param>
    public static void Run(int wanted, int first, TimeSpan perProof, TimeSpan inAll)
    {
        var (watch, found, slowest, seed) = (Stopwatch.StartNew(), 0, 0.0, first);
        var (tried, proven) = (new SortedDictionary<int, int>(), new SortedDictionary<int, int>());
        for (; proven.Values.Sum() < wanted && watch.Elapsed < inAll; seed++)
        {
            var vms = 8 + (seed % 25);
            var spec = new ProblemSpec(vms, 4 + (seed % 3), seed, Math.Min(vms, 8), 2.5) { OffersPerSite = 2 };
            var problem = new PlacementProblem(spec.Make());
            tried[vms] = tried.GetValueOrDefault(vms) + 1;
            var exact = new ExactSolver().Solve(problem, new() { TimeLimit = perProof }, default);
            if (exact.Status != PlanStatus.Optimal)
            {
                continue;
            }

            proven[vms] = proven.GetValueOrDefault(vms) + 1;
            var started = watch.Elapsed;
            var search = new LocalSearchSolver().Solve(problem, new() { TimeLimit = TimeSpan.FromSeconds(1) }, default);
            slowest = Math.Max(slowest, (watch.Elapsed - started).TotalSeconds);
            var (best, value) = (ValueOf(problem, exact), ValueOf(problem, search));
            found += value <= best * (1 + 1e-9) ? 1 : 0;
            if (!(value <= best * (1 + 1e-9)))
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"seed {seed}, {vms} VMs: {value} instead of {best}, {((value / best) - 1) * 100:0.0000} % more; {exact.Solver}"));
            }
        }

        Console.WriteLine($"seeds {first} to {seed - 1}: {tried.Values.Sum()} tried, {proven.Values.Sum()} proven, of these found by the search {found}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the search's slowest answer: {slowest:0.00} s"));
        Console.WriteLine($"proven of tried, by VMs: {string.Join(", ", tried.Select(entry => $"{entry.Key}: {proven.GetValueOrDefault(entry.Key)}/{entry.Value}"))}");
    }

    private static double ValueOf(PlacementProblem problem, SolverAnswer answer) =>
        answer.Assignment.IsEmpty ? double.NaN : Evaluated.Of(problem, [.. answer.Assignment]).Value.Primary;
}
