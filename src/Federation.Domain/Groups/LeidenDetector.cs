using Federation.Domain.Groups.Leiden;
using Federation.Domain.Identity;

namespace Federation.Domain.Groups;

/// <summary>Leiden with the constant Potts model: connected groups whose pairs exchange more on average than a resolution.</summary>
/// <remarks>
/// Unlike the greedy algorithm it does not chain groups together over one heavy pair, and it counts the pairs of a group that are
/// silent. A pair counts for at most four times the mean weight. Nearly O(E) for a given resolution, some ten times that if it has to
/// find one. Sources: Traag, Waltman and van Eck, Sci. Rep. 9, 2019; Traag, Van Dooren and Nesterov, Phys. Rev. E 84, 2011.
/// </remarks>
/// <param name="seed">Where order and chance come from; the same seed gives the same groups.</param>
public sealed class LeidenDetector(int seed = 0) : IGroupDetector
{
    /// <inheritdoc/>
    public GroupPartition Detect(IReadOnlyCollection<VmId> vms, PairWeights weights, GroupingOptions options)
    {
        if (weights.Metric != options.Metric)
        {
            throw new ArgumentException($"the weights are {weights.Metric}, the options are for {options.Metric}", nameof(options));
        }

        var floor = options.FloorOver(weights.Period);
        if (TalkingVms.Of(vms, weights, floor) is not { } talking)
        {
            return GroupPartition.None;
        }

        var resolution = options.Resolution is { } share
            ? share * talking.Graph.MeanWeight
            : ResolutionSearch.Run(talking, floor, seed);
        var community = LeidenAlgorithm.Partition(talking.Counted, resolution, seed);
        return GroupPartition.Of(weights, Groups(talking, community, resolution));
    }

    private static IEnumerable<DetectedGroup> Groups(TalkingVms talking, int[] community, double resolution)
    {
        var members = new List<VmId>[talking.Vms.Length];
        foreach (var (node, label) in community.Index())
        {
            (members[label] ??= []).Add(talking.Vms[node]);
        }

        var inside = talking.Counted.WeightsInside(community);
        for (var label = 0; label < members.Length && members[label] is { } group; label++)
        {
            if (group.Count > 1)
            {
                var pairs = group.Count * (group.Count - 1.0) / 2;
                yield return new([.. group], inside[label] / pairs, resolution);
            }
        }
    }
}
