namespace Federation.Domain.Groups;

/// <summary>How an application's groups are to be found, as its owner wants it.</summary>
public sealed record DetectionPolicy
{
    /// <summary>Which algorithm finds them. Default: the one that suits the traffic.</summary>
    public DetectorKind Detector { get; init; } = DetectorKind.Auto;

    /// <summary>What a pair's weight counts; null, the default: what is dear under the application's objective.</summary>
    public Metric? Metric { get; init; }
}
