using Federation.Domain.Applications;

namespace Federation.Domain.Estimation;

/// <summary>How good a placement is under an objective: smaller is better, the first difference decides.</summary>
/// <param name="Primary">The objective itself: currency, seconds, or vCPUs that are paid for.</param>
/// <param name="Secondary">What breaks a tie.</param>
/// <param name="Tertiary">What breaks the next.</param>
/// <param name="Last">What breaks the last; 0 where nothing is left to break.</param>
public readonly record struct ObjectiveValue(double Primary, double Secondary, double Tertiary, double Last = 0)
{
    /// <summary>Differences below this share are rounding, not gain.</summary>
    public const double Tolerance = 1e-9;

    /// <summary>The value of an estimate.</summary>
    public static ObjectiveValue Of(Objective objective, PlacementEstimate estimate) => objective switch
    {
        Objective.Cost => new(estimate.Weighed, estimate.TimeSeconds, -estimate.Utilization),
        Objective.Time => new(estimate.TimeSeconds, estimate.Weighed, -estimate.Utilization),
        Objective.Utilization => new(estimate.PaidVcpus, estimate.SiteCount, estimate.OccupiedVcpus, estimate.Weighed),
        _ => throw new ArgumentOutOfRangeException(nameof(objective), objective, "an unknown objective"),
    };

    /// <summary>Whether this value is better than another by more than rounding.</summary>
    public bool IsBetterThan(ObjectiveValue other) =>
        Compare(Primary, other.Primary) is var first and not 0 ? first < 0
        : Compare(Secondary, other.Secondary) is var second and not 0 ? second < 0
        : Compare(Tertiary, other.Tertiary) is var third and not 0 ? third < 0
        : Compare(Last, other.Last) < 0;

    private static int Compare(double a, double b) =>
        a == b || Math.Abs(a - b) <= Tolerance * Math.Max(Math.Abs(a), Math.Abs(b)) ? 0 : a.CompareTo(b);
}
