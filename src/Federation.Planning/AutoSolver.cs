using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Planning.Exact;
using Federation.Planning.Search;

namespace Federation.Planning;

/// <summary>Exact where that is quick, local search otherwise.</summary>
/// <remarks>
/// Quick is a problem of at most <see cref="MostVmsForExact"/> VMs whose number of assignments (the product of the VMs' candidates, whatever
/// they do to each other) is at most 2 to the power of <see cref="MostBitsForExact"/>. The rule reads the problem only, never a clock, so that the same
/// problem always goes the same way.
/// </remarks>
/// <param name="time">Against what the time limit is measured; null: the system's clock.</param>
public sealed class AutoSolver(TimeProvider? time = null) : IPlacementSolver
{
    /// <summary>The most VMs that the exact solver is given.</summary>
    public const int MostVmsForExact = 12;

    /// <summary>The most choices that it is given, in bits.</summary>
    public const double MostBitsForExact = 56;

    private readonly ExactSolver exact = new(time);
    private readonly LocalSearchSolver search = new(time);

    /// <summary>Solves with the solver that suits the problem.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was asked to.</exception>
    public SolverAnswer Solve(PlacementProblem problem, SolverOptions options, CancellationToken cancel) =>
        IsSmall(problem) ? exact.Solve(problem, options, cancel) : search.Solve(problem, options, cancel);

    /// <summary>Whether a problem goes to the exact solver.</summary>
    public static bool IsSmall(PlacementProblem problem) =>
        problem.VmCount <= MostVmsForExact
        && problem.Candidates.Sum(seats => Math.Log2(Math.Max(1, seats.Length))) <= MostBitsForExact;
}
