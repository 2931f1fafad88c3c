using System.Text.Json.Serialization;

namespace Federation.Domain;

/// <summary>A yes, or a no with its reason, fit to show to a user.</summary>
public readonly record struct Verdict
{
    [JsonConstructor]
    private Verdict(string? reason) => Reason = reason;

    /// <summary>Yes; also the default value.</summary>
    public static Verdict Feasible => default;

    /// <summary>Why not; null if it is a yes.</summary>
    public string? Reason { get; }

    /// <summary>Whether it is a yes.</summary>
    [JsonIgnore]
    public bool IsFeasible => Reason is null;

    /// <summary>No, because.</summary>
    public static Verdict Reject(string reason) => new(reason);
}
