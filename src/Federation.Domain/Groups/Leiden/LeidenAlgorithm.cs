namespace Federation.Domain.Groups.Leiden;

/// <summary>Finds a partition of high quality in the constant Potts model.</summary>
/// <remarks>
/// The same graph, resolution and seed give the same partition. Every community is connected. Nearly O(edges) an iteration.
/// Source: Traag, Waltman and van Eck, From Louvain to Leiden, Sci. Rep. 9, 2019.
/// </remarks>
public static class LeidenAlgorithm
{
    // Small graphs can afford more starts than one, and have fewer nodes for chance to even out.
    private const int SmallGraph = 64;
    private const int StartsOfSmallGraph = 64;

    /// <summary>How many times the whole is repeated, each time from the last result. More are made only while they still help.</summary>
    public const int DefaultIterations = 10;

    /// <summary>Each node's community, numbered from 0 in the order of their first nodes.</summary>
    /// <param name="graph">A graph of single VMs.</param>
    /// <param name="resolution">The mean weight from which on communities belong together, silent pairs counted; more than 0.</param>
    /// <param name="seed">Where order and chance come from.</param>
    /// <param name="iterations">The most iterations, at least 1.</param>
    public static int[] Partition(CommunityGraph graph, double resolution, int seed, int iterations = DefaultIterations)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(resolution);
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        var random = new SeededSequence(seed);
        var best = From(Enumerable.Range(0, graph.NodeCount).ToArray(), graph, resolution, random, iterations);
        if (graph.NodeCount is > 2 and <= SmallGraph)
        {
            var bestQuality = ConstantPotts.Quality(graph, resolution, best);
            for (var start = 1; start < StartsOfSmallGraph; start++)
            {
                // From single nodes on the heaviest pairs always come together first; the best partition may do without one of them.
                var other = From(random.Labels(graph.NodeCount), graph, resolution, random, iterations);
                var quality = ConstantPotts.Quality(graph, resolution, other);
                if (quality > bestQuality + (ConstantPotts.Rounding * resolution))
                {
                    (best, bestQuality) = (other, quality);
                }
            }
        }

        return best;
    }

    private static int[] From(int[] community, CommunityGraph graph, double resolution, SeededSequence random, int iterations)
    {
        var quality = double.NegativeInfinity;
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            Iterate(graph, resolution, community, random);
            var reached = ConstantPotts.Quality(graph, resolution, community);
            if (reached <= quality + (ConstantPotts.Rounding * resolution))
            {
                break;
            }

            quality = reached;
        }

        return community;
    }

    /// <summary>Moves, refines and draws together until nothing is left to draw together. Quality never decreases.</summary>
    /// <param name="graph">A graph of single VMs.</param>
    /// <param name="resolution">More than 0.</param>
    /// <param name="community">Each node's community; changed in place, renumbered.</param>
    /// <param name="random">Order and chance.</param>
    internal static void Iterate(CommunityGraph graph, double resolution, int[] community, SeededSequence random)
    {
        var (level, ofLevel) = (graph, community);
        var nodeOf = Enumerable.Range(0, graph.NodeCount).ToArray();
        while (true)
        {
            LocalMoving.Run(level, resolution, ofLevel, random);
            if (Aggregation.Renumber(ofLevel) is var communities && communities == level.NodeCount)
            {
                break;
            }

            var part = Refinement.Run(level, resolution, graph.MeanWeight, ofLevel, random);
            var parts = Aggregation.Renumber(part);
            if (parts == level.NodeCount)
            {
                // Nothing is well connected inside the communities: they are drawn together as they are.
                (part, parts) = ([.. ofLevel], communities);
            }

            var next = new int[parts];
            for (var node = 0; node < part.Length; node++)
            {
                next[part[node]] = ofLevel[node];
            }

            for (var node = 0; node < nodeOf.Length; node++)
            {
                nodeOf[node] = part[nodeOf[node]];
            }

            (level, ofLevel) = (Aggregation.Of(level, part, parts), next);
        }

        for (var node = 0; node < nodeOf.Length; node++)
        {
            community[node] = ofLevel[nodeOf[node]];
        }

        Aggregation.Renumber(community);
    }
}
