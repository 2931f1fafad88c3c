using System.Collections.Immutable;
using Federation.Domain.Identity;

namespace Federation.Domain.Groups;

/// <summary>The published greedy algorithm: takes pairs heaviest first and founds, extends or merges groups by them.</summary>
/// <remarks>
/// A VM joins a group if its pair weighs at least the ratio times the mean weight of the pairs counted in the group so far;
/// two groups merge if the pair between them passes both thresholds. A pair inside a group is counted in its mean.
/// O(E log E), for the sort.
/// Source: Dib 2010, section 4.3.3; the source's definition of the threshold is lost after its first sentence and was
/// reconstructed from the groups that it reports.
/// </remarks>
public sealed class GreedyDetector : IGroupDetector
{
    /// <inheritdoc/>
    public GroupPartition Detect(IReadOnlyCollection<VmId> vms, PairWeights weights, GroupingOptions options)
    {
        if (weights.Metric != options.Metric)
        {
            throw new ArgumentException($"the weights are {weights.Metric}, the options are for {options.Metric}", nameof(options));
        }

        var known = vms.Distinct().Order().ToImmutableArray();
        var forest = new GroupForest(known.Length, options.Ratio);
        foreach (var edge in HeaviestFirst(known, weights, options.FloorOver(weights.Period)))
        {
            forest.Take(edge);
        }

        return GroupPartition.Of(weights, forest.Groups(known));
    }

    private static List<Edge> HeaviestFirst(ImmutableArray<VmId> vms, PairWeights weights, double floor)
    {
        var indexOf = vms.Select((vm, index) => (vm, index)).ToDictionary(entry => entry.vm, entry => entry.index);
        int Index(VmId vm) => indexOf.TryGetValue(vm, out var index)
            ? index
            : throw new ArgumentException($"a pair names {vm}, which is no VM of the application", nameof(weights));

        var edges = weights.Pairs.Select(pair => new Edge(Index(pair.First), Index(pair.Second), pair.Weight)).ToList();
        edges.RemoveAll(edge => edge.Weight < floor);
        edges.Sort();
        return edges;
    }
}
