namespace Federation.Domain.Groups.Leiden;

/// <summary>What pairs exchange on average inside communities and between them, silent pairs counted as 0.</summary>
/// <param name="Inside">The mean weight inside; 0 if there is no such pair.</param>
/// <param name="Between">The mean weight between; 0 if there is no such pair.</param>
/// <param name="InsidePairs">How many pairs are inside.</param>
/// <param name="BetweenPairs">How many pairs are between.</param>
internal readonly record struct PairMeans(double Inside, double Between, double InsidePairs, double BetweenPairs)
{
    /// <summary>
    /// The resolution at which the constant Potts model looks for the very partition that makes a description with these two means
    /// shortest; null if the pairs inside exchange no more than those between.
    /// </summary>
    /// <remarks>
    /// A pair belongs inside if its weight is likelier there: at ln(in / between) / (1 / between - 1 / in), for exponential weights.
    /// </remarks>
    public double? FittingResolution => Inside > Between && Between > 0
        ? Math.Log(Inside / Between) / ((1 / Between) - (1 / Inside))
        : null;

    /// <summary>Adds up a graph of single VMs. O(nodes + edges).</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="community">Each node's community, numbered below the number of nodes.</param>
    /// <param name="unseen">What may have gone between communities unseen: the least that they are taken to exchange in all.</param>
    public static PairMeans Of(CommunityGraph graph, int[] community, double unseen)
    {
        var inside = Groups.Leiden.Inside.Of(graph, community);
        var between = graph.Pairs - inside.Pairs;
        return new(
            inside.Pairs == 0 ? 0 : inside.Weight / inside.Pairs,
            between == 0 ? 0 : Math.Max(graph.TotalWeight - inside.Weight, unseen) / between,
            inside.Pairs,
            between);
    }
}
