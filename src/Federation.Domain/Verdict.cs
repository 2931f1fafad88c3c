using System.Text.Json.Serialization;
using Federation.Domain.Refusals;

namespace Federation.Domain;

/// <summary>A yes, or a no with its refusal.</summary>
public readonly record struct Verdict
{
    [JsonConstructor]
    private Verdict(Refusal? refusal) => Refusal = refusal;

    /// <summary>Yes; also the default value.</summary>
    public static Verdict Feasible => default;

    /// <summary>Why not; null if it is a yes.</summary>
    public Refusal? Refusal { get; }

    /// <summary>Whether it is a yes.</summary>
    [JsonIgnore]
    public bool IsFeasible => Refusal is null;

    /// <summary>No, because.</summary>
    public static Verdict Reject(Refusal refusal) => new(refusal);
}
