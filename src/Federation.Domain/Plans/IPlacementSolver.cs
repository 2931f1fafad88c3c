using System.Collections.Immutable;
using Federation.Domain.Estimation;

namespace Federation.Domain.Plans;

/// <summary>Looks for the best assignment of a problem.</summary>
public interface IPlacementSolver
{
    /// <summary>Solves a problem; the same problem and options give the same answer unless the time limit cuts the search short.</summary>
    SolverAnswer Solve(PlacementProblem problem, SolverOptions options, CancellationToken cancel);
}

/// <summary>How long and how a solver looks.</summary>
public sealed record SolverOptions
{
    /// <summary>Where its chance comes from. Default 0.</summary>
    public int Seed { get; init; }

    /// <summary>When it has to stop looking and answer with the best so far. Default 10 s, more than zero.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How many threads look. Default 2, at least 1: then all is done on the caller's own, and no thread pool is used. CP-SAT's answer depends on it.
    /// </summary>
    public int Threads { get; init; } = 2;

    /// <summary>Whether a plan counts on what is known of the time to come, and moves at its instants. Default true; false: what leaves in time what closes is all that is planned for later.</summary>
    public bool LooksAhead { get; init; } = true;

    /// <summary>How much a plan says beside what to do. Default all of it.</summary>
    public PlanDetail Detail { get; init; } = PlanDetail.Full;
}

/// <summary>How much a plan says beside what to do: it takes time to find out.</summary>
public enum PlanDetail
{
    /// <summary>The decision and its reasons.</summary>
    Decision,

    /// <summary>What came second, as far as it is one change away, and what keeps VMs from other sites.</summary>
    Nearby,

    /// <summary>For a plan to stay also the best move of all, which the solver looks for.</summary>
    Full,
}

/// <summary>What a solver found.</summary>
/// <param name="Status">What is known of it.</param>
/// <param name="Assignment">Each VM's seat; empty if none was found. It holds every constraint.</param>
/// <param name="Bound">What the objective's primary value cannot fall below; null if nothing is known.</param>
/// <param name="Solver">The solver's name, and how it went, for people.</param>
public sealed record SolverAnswer(PlanStatus Status, ImmutableArray<int> Assignment, double? Bound, string Solver);
