using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Planning.Model;
using Federation.Planning.Search;

namespace Federation.Planning.Exact;

/// <summary>The exact solver: branch and bound with bounds that never exceed the truth, so that what it proves is proven.</summary>
/// <remarks>
/// Takes a moment for 8 VMs at 7 sites; the worst case grows as candidates to the power of VMs. All three parts of the objective are
/// optimal unless proving the ties goes beyond a fixed number of nodes; then the first part is, and ties are as found.
/// </remarks>
/// <param name="time">Against what the time limit is measured; null: the system's clock.</param>
public sealed class BranchAndBoundSolver(TimeProvider? time = null) : IPlacementSolver
{
    // A good start prunes more than it costs.
    private const double EffortOfStart = 0.25;

    /// <summary>
    /// Finds the best placement or proves that there is none. When the time is over: the best so far, as feasible and with what is known of
    /// the bound, or unknown.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was asked to.</exception>
    public SolverAnswer Solve(PlacementProblem problem, SolverOptions options, CancellationToken cancel)
    {
        if (problem.Candidates.Any(seats => seats.IsEmpty))
        {
            return new(PlanStatus.Infeasible, [], null, "exact: a VM has no place");
        }

        var clock = new SearchClock(time ?? TimeProvider.System, options.TimeLimit, cancel);
        var incumbent = new Incumbent(problem);
        incumbent.OfferStaying();
        var model = new CostModel(problem);
        LocalSearchSolver.Search(model, incumbent, options.Seed, clock, EffortOfStart);
        var tree = new TreeSearch(model, incumbent, clock);
        tree.Run();
        return Answer(tree, incumbent.Best);
    }

    private static SolverAnswer Answer(TreeSearch tree, Evaluated? best)
    {
        var how = $"exact: {tree.Nodes} nodes, {(tree.IsComplete ? "all searched" : "stopped by the time limit")}";
        return (tree.IsComplete, best) switch
        {
            (true, null) => new(PlanStatus.Infeasible, [], null, how),
            (true, _) => new(PlanStatus.Optimal, [.. best.Assignment], best.Value.Primary, how),
            (false, null) => new(PlanStatus.Unknown, [], tree.Open, how),
            (false, _) => new(PlanStatus.Feasible, [.. best.Assignment], Math.Min(tree.Open, best.Value.Primary), how),
        };
    }
}
