using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Planning.Bounds;
using Federation.Planning.Live;
using Federation.Planning.Model;

namespace Federation.Planning.Search;

/// <summary>The solver for problems too large for proofs: several independent starts of annealing and rebuilding, from a seed.</summary>
/// <remarks>
/// Never worse than staying where that is feasible. The same problem and seed give the same answer on any machine, unless the time limit cuts
/// the search short: work is counted, and each start depends on its number alone. It proves something only where a bound that is quick to have says so.
/// </remarks>
/// <param name="time">Against what the time limit is measured; null: the system's clock.</param>
/// <param name="effort">How much work, as a multiple of the usual.</param>
public sealed class LocalSearchSolver(TimeProvider? time = null, double effort = 1) : IPlacementSolver
{
    /// <summary>
    /// Looks for a good placement: feasible, optimal if it meets the bound, infeasible only where not even the bound is, otherwise unknown.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was asked to.</exception>
    public SolverAnswer Solve(PlacementProblem problem, SolverOptions options, CancellationToken cancel)
    {
        var clock = new SearchClock(time ?? TimeProvider.System, options.TimeLimit, cancel);
        if (problem.Candidates.Any(seats => seats.IsEmpty))
        {
            return new(PlanStatus.Infeasible, [], null, "search: a VM has no place");
        }

        var incumbent = new Incumbent(problem);
        var model = new CostModel(problem);
        if (RootBound.Of(model) is not { } bound)
        {
            return new(PlanStatus.Infeasible, [], null, "search: not even the bound holds all constraints");
        }

        var work = Search(model, incumbent, options, clock, effort, bound);
        return Answer(incumbent.Best, bound, $"search: {work / 1e6:0.#} million steps");
    }

    /// <summary>Runs all starts, and offers what they found to an incumbent; how much work that was.</summary>
    /// <remarks>On one thread it ends as soon as the bound is met: no start after that could find anything better, so the answer is the same.</remarks>
    internal static long Search(
        CostModel model, Incumbent incumbent, SolverOptions options, SearchClock clock, double effort, ObjectiveValue? bound = null)
    {
        bool IsMet() => bound is { } least && incumbent.Best is { } best && !least.IsBetterThan(best.Value);

        incumbent.OfferStaying();
        if (IsMet())
        {
            return 0;
        }

        var plan = SearchEffort.For(model, effort);
        var links = new LinkFactors(model.Problem);
        SearchStart Start(int number)
        {
            var start = new SearchStart(model, links, options.Seed, number, new(plan.WorkPerStart, clock), peak: plan.IsPeak(number));
            start.Run();
            return start;
        }

        var work = 0L;
        foreach (var start in Starts(plan.Starts, options.Threads, number => number > 0 && clock.IsOver() ? null : Start(number)))
        {
            work += start.Work;
            if (start.Best.Assignment is { } assignment && !incumbent.Offer(assignment))
            {
                incumbent.OfferInReach(assignment);
            }

            if (IsMet())
            {
                break;
            }
        }

        return work;
    }

    // In the order of their numbers, each when it is asked for, or all at once before the first.
    private static IEnumerable<SearchStart> Starts(int count, int threads, Func<int, SearchStart?> run)
    {
        if (threads == 1)
        {
            return Enumerable.Range(0, count).Select(run).OfType<SearchStart>();
        }

        var starts = new SearchStart?[count];
        Parallel.For(0, count, new() { MaxDegreeOfParallelism = threads }, number => starts[number] = run(number));
        return starts.OfType<SearchStart>();
    }

    private static SolverAnswer Answer(Evaluated? best, ObjectiveValue bound, string how)
    {
        if (best is null)
        {
            return new(PlanStatus.Unknown, [], bound.Primary, how);
        }

        var proven = !bound.IsBetterThan(best.Value);
        return new(
            proven ? PlanStatus.Optimal : PlanStatus.Feasible,
            [.. best.Assignment],
            proven ? best.Value.Primary : Math.Min(bound.Primary, best.Value.Primary),
            how);
    }
}
