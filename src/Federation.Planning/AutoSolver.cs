using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Planning.Exact;
using Federation.Planning.Search;

namespace Federation.Planning;

/// <summary>Exact where that is quick, local search otherwise.</summary>
/// <remarks>
/// Quick is a problem of at most 12 VMs whose number of assignments (the product of the VMs' candidates, whatever they do to each other) is at
/// most 2 to the power of 56. The rule reads the problem only, never a clock, so that the same problem always goes the same way.
/// </remarks>
/// <param name="time">Against what the time limit is measured; null: the system's clock.</param>
public sealed class AutoSolver(TimeProvider? time = null) : IPlacementSolver
{
    private readonly BranchAndBoundSolver exact = new(time);
    private readonly LocalSearchSolver search = new(time);

    /// <summary>Solves with the solver that suits the problem.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was asked to.</exception>
    public SolverAnswer Solve(PlacementProblem problem, SolverOptions options, CancellationToken cancel) =>
        ProblemSize.IsSmall(problem) ? exact.Solve(problem, options, cancel) : search.Solve(problem, options, cancel);
}
