namespace Federation.Domain.Groups;

/// <summary>Which algorithm finds the groups.</summary>
public enum DetectorKind
{
    /// <summary>The published greedy algorithm over pairs.</summary>
    Greedy,

    /// <summary>Leiden with the constant Potts model.</summary>
    Leiden,

    /// <summary>The one that suits the traffic.</summary>
    Auto,
}
