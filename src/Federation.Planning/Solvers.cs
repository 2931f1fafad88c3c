using System.Collections.Immutable;
using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Planning.Exact;
using Federation.Planning.Search;

namespace Federation.Planning;

/// <summary>The solvers by the names that the command line and the API use.</summary>
public static class Solvers
{
    /// <summary>Chooses by the problem's size: <see cref="AutoSolver"/>.</summary>
    public const string Auto = "auto";

    /// <summary>Proves what it says: <see cref="ExactSolver"/>.</summary>
    public const string Exact = "exact";

    /// <summary>For large problems: <see cref="LocalSearchSolver"/>.</summary>
    public const string Search = "search";

    /// <summary>Every name, the default first.</summary>
    public static ImmutableArray<string> Names { get; } = [Auto, Exact, Search];

    /// <summary>The solver of a name; null if there is none of it.</summary>
    /// <param name="name">One of <see cref="Names"/>, in lower case.</param>
    /// <param name="time">Against what time limits are measured; null: the system's clock.</param>
    public static IPlacementSolver? Named(string name, TimeProvider? time = null) => name switch
    {
        Auto => new AutoSolver(time),
        Exact => new ExactSolver(time),
        Search => new LocalSearchSolver(time),
        _ => null,
    };
}

/// <summary>Exact where that is quick, local search otherwise.</summary>
/// <remarks>What is quick, <see cref="ExactSolver.IsSmall"/> says.</remarks>
/// <param name="time">Against what the time limit is measured; null: the system's clock.</param>
public sealed class AutoSolver(TimeProvider? time = null) : IPlacementSolver
{
    private readonly ExactSolver exact = new(time);
    private readonly LocalSearchSolver search = new(time);

    /// <summary>Solves with the solver that suits the problem.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was asked to.</exception>
    public SolverAnswer Solve(PlacementProblem problem, SolverOptions options, CancellationToken cancel) =>
        ExactSolver.IsSmall(problem) ? exact.Solve(problem, options, cancel) : search.Solve(problem, options, cancel);
}
