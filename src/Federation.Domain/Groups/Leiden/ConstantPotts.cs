namespace Federation.Domain.Groups.Leiden;

/// <summary>The constant Potts model: what a partition is worth at a resolution.</summary>
/// <remarks>
/// Two communities are better apart exactly if their pairs exchange less on average than the resolution, silent pairs included: it is
/// a threshold of weight, and knows no resolution limit. Source: Traag, Van Dooren and Nesterov, Phys. Rev. E 84, 2011.
/// </remarks>
public static class ConstantPotts
{
    /// <summary>Differences of quality below this share of the resolution are rounding, not gain.</summary>
    internal const double Rounding = 1e-9;

    /// <summary>The weight inside communities less the resolution times the number of pairs inside them. O(nodes + edges).</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="resolution">A weight.</param>
    /// <param name="community">Each node's community, numbered below the number of nodes.</param>
    public static double Quality(CommunityGraph graph, double resolution, ReadOnlySpan<int> community)
    {
        var inside = Inside.Of(graph, community);
        return inside.Weight - (resolution * inside.Pairs);
    }
}

/// <summary>What is inside communities.</summary>
/// <param name="Weight">The sum of the weights.</param>
/// <param name="Pairs">The number of pairs, silent ones included.</param>
internal readonly record struct Inside(double Weight, double Pairs)
{
    /// <summary>Adds up a graph of single VMs.</summary>
    public static Inside Of(CommunityGraph graph, ReadOnlySpan<int> community)
    {
        double pairs = 0;
        var members = new int[graph.NodeCount];
        foreach (var label in community)
        {
            pairs += members[label]++;
        }

        return new(graph.WeightsInside(community).Sum(), pairs);
    }
}
