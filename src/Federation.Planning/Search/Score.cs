using Federation.Domain.Estimation;

namespace Federation.Planning.Search;

/// <summary>How good a placement is that may violate constraints: the smaller violation first, then the better objective.</summary>
/// <param name="Violation">How far from feasible; 0: feasible, as far as it was looked at.</param>
/// <param name="Value">The objective; what a missing link would add is left out of it.</param>
internal readonly record struct Score(double Violation, ObjectiveValue Value)
{
    /// <summary>Whether this is better by more than rounding.</summary>
    public bool IsBetterThan(Score other) =>
        Math.Abs(Violation - other.Violation) > ObjectiveValue.Tolerance
            ? Violation < other.Violation
            : Value.IsBetterThan(other.Value);
}
