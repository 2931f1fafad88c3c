using Federation.Domain.Identity;

namespace Federation.Domain.Groups;

/// <summary>Detects groups by the detector that the options name.</summary>
/// <remarks>Of <see cref="DetectorKind.Auto"/> it takes the one of <see cref="DetectorChoice"/>.</remarks>
public sealed class GroupDetectors : IGroupDetector
{
    /// <inheritdoc/>
    public GroupPartition Detect(IReadOnlyCollection<VmId> vms, PairWeights weights, GroupingOptions options) =>
        Of(DetectorChoice.Of(vms, weights, options).Kind).Detect(vms, weights, options);

    /// <summary>The detector of a kind.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is <see cref="DetectorKind.Auto"/>, which depends on the traffic.</exception>
    public static IGroupDetector Of(DetectorKind kind) => kind switch
    {
        DetectorKind.Greedy => new GreedyDetector(),
        DetectorKind.Leiden => new LeidenDetector(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no detector by itself"),
    };
}
