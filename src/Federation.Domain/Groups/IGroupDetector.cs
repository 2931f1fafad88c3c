using Federation.Domain.Identity;

namespace Federation.Domain.Groups;

/// <summary>A way to find communication groups.</summary>
public interface IGroupDetector
{
    /// <summary>Splits <paramref name="vms"/> into disjoint communication groups; a silent VM is in none.</summary>
    /// <remarks>Pure: the same traffic gives the same groups, whatever the order of VMs and pairs.</remarks>
    /// <param name="vms">The application's VMs.</param>
    /// <param name="weights">What pairs of them exchange, by the metric of <paramref name="options"/>.</param>
    /// <param name="options">What counts as much.</param>
    /// <exception cref="ArgumentException">A pair names an unknown VM, or the weights are of another metric.</exception>
    GroupPartition Detect(IReadOnlyCollection<VmId> vms, PairWeights weights, GroupingOptions options);
}
