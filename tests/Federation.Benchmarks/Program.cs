using System.Diagnostics;
using System.Globalization;
using Federation.Benchmarks.Problems;
using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Planning.Search;

// How the search grows: seeded problems over real regions, links and egress, a row for each. Against a run of the same search with more effort, as
// the best that is known.
if (args is not [var text] || !double.TryParse(text, CultureInfo.InvariantCulture, out var effort) || effort is < 1 or > 100)
{
    Console.Error.WriteLine("usage: Federation.Benchmarks LONG_EFFORT    how many times as much the long run may do, 1 to 100");
    return 1;
}

(int Vms, int Sites, double PairsPerVm)[] sizes = [(100, 12, 10), (300, 12, 10), (1_000, 20, 10), (3_000, 40, 10), (10_000, 60, 10)];
Console.WriteLine("| VMs | sites | pairs | problem, s | search, s | long run, s | gap to the long run | peak memory, MB |");
Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
foreach (var (vms, sites, pairs) in sizes)
{
    // Odd: offers without scarcity; nothing runs yet.
    var view = new ProblemSpec(vms, sites, Seed: 1, GroupSize: 10, pairs) { Objective = Federation.Domain.Applications.Objective.Cost }.Make();
    var watch = Stopwatch.StartNew();
    var problem = new PlacementProblem(view);
    var built = watch.Elapsed;
    var (found, took) = Solve(problem, 1);
    var (best, longer) = Solve(problem, effort);
    var gap = found is null || best is null ? double.NaN : (found.Value / best.Value) - 1;
    using var self = Process.GetCurrentProcess();
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {vms} | {sites} | {view.Traffic.Pairs.Count} | {built.TotalSeconds:0.00} | {took.TotalSeconds:0.00} | {longer.TotalSeconds:0.00} | {gap * 100:0.00} % | {self.PeakWorkingSet64 / 1_000_000} |"));
}

return 0;

static (double? Value, TimeSpan Took) Solve(PlacementProblem problem, double effort)
{
    var watch = Stopwatch.StartNew();
    var answer = new LocalSearchSolver(null, effort).Solve(problem, new() { TimeLimit = TimeSpan.FromMinutes(10) }, CancellationToken.None);
    return (answer.Assignment.IsEmpty ? null : Evaluated.Of(problem, [.. answer.Assignment]).Value.Primary, watch.Elapsed);
}
