using System.Collections.Immutable;
using Federation.Domain.Identity;

namespace Federation.Domain.Groups;

/// <summary>VMs that exchange so much that splitting them over sites would hurt. Compared by reference.</summary>
/// <param name="Members">At least two, in order.</param>
/// <param name="MeanWeight">The mean weight of the pairs that the detector counted in the group, over the period.</param>
/// <param name="Threshold">The weight from which on a further pair would have counted, over the period.</param>
/// <param name="Isolation">
/// Weight across the group's edge over weight inside it: 0 when its members talk to nobody else, 1 when they say as much to
/// others as to each other. Every pair counts, those below the floor too.
/// </param>
public sealed record CommunicationGroup(ImmutableArray<VmId> Members, double MeanWeight, double Threshold, double Isolation);

/// <summary>Disjoint communication groups, ordered by their first members; a VM that is in none of them stands alone.</summary>
/// <param name="Groups">The groups. Compared by reference.</param>
public sealed record GroupPartition(ImmutableArray<CommunicationGroup> Groups)
{
    /// <summary>No groups.</summary>
    public static GroupPartition None { get; } = new([]);

    /// <summary>Puts detected groups in order and finds how isolated each is.</summary>
    /// <remarks>O(E + V log V).</remarks>
    /// <param name="weights">The weights that the groups were detected in.</param>
    /// <param name="groups">Disjoint, each of at least two members, in any order.</param>
    public static GroupPartition Of(PairWeights weights, IEnumerable<DetectedGroup> groups)
    {
        var ordered = groups
            .Select(group => group with { Members = group.Members.Sort() })
            .OrderBy(group => group.Members[0])
            .ToList();
        var groupOf = new Dictionary<VmId, int>();
        for (var i = 0; i < ordered.Count; i++)
        {
            foreach (var member in ordered[i].Members)
            {
                groupOf.Add(member, i);
            }
        }

        var isolation = Isolation(weights, groupOf, ordered.Count);
        return new([.. ordered.Select((group, i) =>
            new CommunicationGroup(group.Members, group.MeanWeight, group.Threshold, isolation[i]))]);
    }

    private static double[] Isolation(PairWeights weights, Dictionary<VmId, int> groupOf, int count)
    {
        var across = new double[count];
        var inside = new double[count];
        foreach (var pair in weights.Pairs)
        {
            var first = groupOf.GetValueOrDefault(pair.First, -1);
            var second = groupOf.GetValueOrDefault(pair.Second, -1);
            if (first == second && first >= 0)
            {
                inside[first] += pair.Weight;
                continue;
            }

            AddIfGrouped(across, first, pair.Weight);
            AddIfGrouped(across, second, pair.Weight);
        }

        return [.. across.Zip(inside, (edge, core) => edge / core)];
    }

    private static void AddIfGrouped(double[] sums, int group, double weight)
    {
        if (group >= 0)
        {
            sums[group] += weight;
        }
    }
}

/// <summary>What a detector found, before <see cref="GroupPartition.Of"/> sets it in context.</summary>
/// <param name="Members">At least two, in any order.</param>
/// <param name="MeanWeight">The mean weight of the pairs that it counted in the group.</param>
/// <param name="Threshold">The weight from which on a further pair would have counted.</param>
public readonly record struct DetectedGroup(ImmutableArray<VmId> Members, double MeanWeight, double Threshold);
