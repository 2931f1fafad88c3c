using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Planning.Exact.ConstraintModel;
using Federation.Planning.Model;
using Federation.Planning.Search;

namespace Federation.Planning.Exact;

/// <summary>The exact solver: the search's answer first, then branch and bound of our own for small problems, CP-SAT for larger ones.</summary>
/// <remarks>
/// Branch and bound takes a moment for 8 VMs at 7 sites; the worst case grows as candidates to the power of VMs. All three parts of the objective are
/// optimal unless proving the ties goes beyond a fixed number of nodes; then the first part is, and ties are as found. CP-SAT counts
/// in whole units, rounded down: there optimal means that nothing is better by more than a ten-thousandth, and the bound says by how much.
/// </remarks>
/// <param name="time">Against what the time limit is measured; null: the system's clock.</param>
public sealed class ExactSolver(TimeProvider? time = null) : IPlacementSolver
{
    /// <summary>The most VMs of a small problem.</summary>
    public const int MostVmsOfSmall = 12;

    /// <summary>The most choices of a small problem, in bits.</summary>
    public const double MostBitsOfSmall = 56;

    // A good start prunes more than it costs. Mostly a glance is enough, and the tree is soon done; where it is not, a longer look pays.
    private const double EffortOfStart = 0.1;
    private const double EffortOfGlance = 0.01;
    private const long NodesAfterGlance = 5_000;

    // The share of the objective by which whole units may round it down.
    private const double Exactness = 1e-4;

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
        if (IsSmall(problem))
        {
            return Branch(model, incumbent, clock, options);
        }

        LocalSearchSolver.Search(model, incumbent, options, clock, EffortOfStart);
        return Constrain(model, incumbent, clock, options, cancel);
    }

    /// <summary>Whether branch and bound suits a problem.</summary>
    /// <remarks>
    /// Small is a problem of at most <see cref="MostVmsOfSmall"/> VMs whose number of assignments (the product of the VMs' candidates, whatever
    /// they do to each other) is at most 2 to the power of <see cref="MostBitsOfSmall"/>. The rule reads the problem only, never a clock, so that the same
    /// problem always goes the same way.
    /// </remarks>
    public static bool IsSmall(PlacementProblem problem) =>
        problem.VmCount <= MostVmsOfSmall
        && problem.Candidates.Sum(seats => Math.Log2(Math.Max(1, seats.Length))) <= MostBitsOfSmall;

    private static SolverAnswer Branch(CostModel model, Incumbent incumbent, SearchClock clock, SolverOptions options)
    {
        LocalSearchSolver.Search(model, incumbent, options, clock, EffortOfGlance);
        var tree = new TreeSearch(model, incumbent, clock, NodesAfterGlance);
        tree.Run();
        if (!tree.IsComplete && !clock.IsOver())
        {
            LocalSearchSolver.Search(model, incumbent, options, clock, EffortOfStart);
            tree = new(model, incumbent, clock);
            tree.Run();
        }

        var best = incumbent.Best;
        var how = $"exact: {tree.Nodes} nodes, {(tree.IsComplete ? "all searched" : "stopped by the time limit")}";
        return (tree.IsComplete, best) switch
        {
            (true, null) => new(PlanStatus.Infeasible, [], null, how),
            (true, _) => new(PlanStatus.Optimal, [.. best.Assignment], best.Value.Primary, how),
            (false, null) => new(PlanStatus.Unknown, [], tree.Open, how),
            (false, _) => new(PlanStatus.Feasible, [.. best.Assignment], Math.Min(tree.Open, best.Value.Primary), how),
        };
    }

    private static SolverAnswer Constrain(CostModel model, Incumbent incumbent, SearchClock clock, SolverOptions options, CancellationToken cancel)
    {
        var search = new ConstraintSearch(model, incumbent, clock);
        if (!clock.IsOver())
        {
            search.Run(options, repeatable: true, cancel);
        }

        var how = $"exact: {search.How}";
        if (incumbent.Best is not { } best)
        {
            return search.NothingBetter ? new(PlanStatus.Infeasible, [], null, how) : new(PlanStatus.Unknown, [], search.Bound, how);
        }

        var bound = search.NothingBetter ? best.Value.Primary : search.Bound is { } known ? Math.Min(known, best.Value.Primary) : (double?)null;
        var proven = bound >= best.Value.Primary - (Exactness * Math.Abs(best.Value.Primary));
        return new(proven ? PlanStatus.Optimal : PlanStatus.Feasible, [.. best.Assignment], bound, how);
    }
}
