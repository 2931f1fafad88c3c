using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Planning.Exact;
using Federation.Planning.Model;

namespace Federation.Planning.Search;

/// <summary>The solver for problems too large for proofs: local search from several starts, from a seed.</summary>
/// <remarks>
/// Never worse than staying where that is feasible. The same seed gives the same answer unless the time limit cuts it short. It proves something
/// only where a bound that is quick to have says so.
/// </remarks>
/// <param name="time">Against what the time limit is measured; null: the system's clock.</param>
public sealed class LocalSearchSolver(TimeProvider? time = null) : IPlacementSolver
{
    /// <summary>
    /// Looks for a good placement: feasible, optimal if it meets the bound, infeasible only where not even the bound is, otherwise unknown.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was asked to.</exception>
    public SolverAnswer Solve(PlacementProblem problem, SolverOptions options, CancellationToken cancel)
    {
        if (problem.Candidates.Any(seats => seats.IsEmpty))
        {
            return new(PlanStatus.Infeasible, [], null, "search: a VM has no place");
        }

        var clock = new SearchClock(time ?? TimeProvider.System, options.TimeLimit, cancel);
        var model = new CostModel(problem);
        if (RootBound(model) is not { } bound)
        {
            return new(PlanStatus.Infeasible, [], null, "search: not even the bound holds all constraints");
        }

        var incumbent = new Incumbent(problem);
        var search = new LocalSearch(model, incumbent, new Random(options.Seed), clock);
        search.Run(share: 1);
        return Answer(incumbent.Best, bound, $"search: {search.Scored} placements scored");
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

    private static ObjectiveValue? RootBound(CostModel model)
    {
        var relaxation = new Relaxation(model);
        return relaxation.Look(new PartialPlacement(model, VmOrder.Of(model)), toBeat: null) ? relaxation.Value : null;
    }
}
