using Federation.Domain.Estimation;

namespace Federation.Planning;

/// <summary>How large a problem is, by what is known before anything is searched.</summary>
internal static class ProblemSize
{
    /// <summary>The most VMs that branch and bound is given.</summary>
    public const int MostVmsForBranching = 12;

    /// <summary>The most choices that it is given, in bits.</summary>
    public const double MostBitsForBranching = 56;

    /// <summary>Whether branch and bound is quick, as a rule.</summary>
    public static bool IsSmall(PlacementProblem problem) =>
        problem.VmCount <= MostVmsForBranching
        && problem.Candidates.Sum(seats => Math.Log2(Math.Max(1, seats.Length))) <= MostBitsForBranching;
}
