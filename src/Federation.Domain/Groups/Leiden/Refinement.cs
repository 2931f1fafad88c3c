namespace Federation.Domain.Groups.Leiden;

/// <summary>
/// The second phase: splits every community into parts that are well connected within it, so that what is drawn together next is
/// connected, and a community that came to hold two halves can fall apart again.
/// </summary>
/// <remarks>Every part starts as one node; a node that is still alone joins a part with a chance that grows with what it gains.</remarks>
internal sealed class Refinement
{
    // In mean edge weights: how much a lesser gain may be taken for a larger one. As in the paper.
    private const double Randomness = 0.01;

    private readonly CommunityGraph graph;
    private readonly double resolution;
    private readonly double scale;
    private readonly int[] community;
    private readonly int[] communitySize;
    private readonly int[] part;
    private readonly int[] size;
    private readonly double[] outward;
    private readonly bool[] isAlone;
    private readonly NeighbourWeights around;
    private readonly double[] chances;

    private Refinement(CommunityGraph graph, double resolution, double meanWeight, int[] community)
    {
        (this.graph, this.resolution, this.community) = (graph, resolution, community);
        scale = 1 / (Randomness * meanWeight);
        var nodes = graph.NodeCount;
        part = new int[nodes];
        size = [.. graph.Sizes];
        (outward, chances, isAlone) = (new double[nodes], new double[nodes + 1], new bool[nodes]);
        Array.Fill(isAlone, true);
        communitySize = new int[nodes];
        around = new(nodes);
        for (var node = 0; node < nodes; node++)
        {
            part[node] = node;
            communitySize[community[node]] += graph.Sizes[node];
            outward[node] = WeightWithin(node);
        }
    }

    /// <summary>Splits communities; gives each node's part, numbered below the number of nodes.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="resolution">More than 0.</param>
    /// <param name="meanWeight">Of the edges between single VMs.</param>
    /// <param name="community">Each node's community, numbered below the number of nodes.</param>
    /// <param name="random">Order and chance.</param>
    public static int[] Run(CommunityGraph graph, double resolution, double meanWeight, int[] community, SeededSequence random)
    {
        var refinement = new Refinement(graph, resolution, meanWeight, community);
        foreach (var node in random.Permutation(graph.NodeCount))
        {
            if (refinement.isAlone[node] && refinement.IsWellConnected(node))
            {
                refinement.Join(node, random);
            }
        }

        return refinement.part;
    }

    private double WeightWithin(int node)
    {
        double sum = 0;
        for (var i = graph.Starts[node]; i < graph.Starts[node + 1]; i++)
        {
            sum += community[graph.Neighbours[i]] == community[node] ? graph.Weights[i] : 0;
        }

        return sum;
    }

    // Enough for it to stay with the rest of its community at this resolution.
    private bool IsWellConnected(int label) =>
        outward[label] >= resolution * size[label] * (communitySize[community[label]] - size[label]);

    private void Join(int node, SeededSequence random)
    {
        for (var i = graph.Starts[node]; i < graph.Starts[node + 1]; i++)
        {
            if (community[graph.Neighbours[i]] == community[node])
            {
                around.Add(part[graph.Neighbours[i]], graph.Weights[i]);
            }
        }

        var chosen = Choose(node, random.NextShare());
        if (chosen != node)
        {
            part[node] = chosen;
            isAlone[chosen] = false;
            isAlone[node] = false;
            outward[chosen] += outward[node] - (2 * around[chosen]);
            size[chosen] += size[node];
            size[node] = 0;
        }

        around.Clear();
    }

    private int Choose(int node, double share)
    {
        var touched = around.Touched;
        double most = 0;
        foreach (var label in touched)
        {
            most = Math.Max(most, Gain(node, label));
        }

        // Staying alone gains nothing, and is one of the choices.
        double total = chances[touched.Length] = Math.Exp(-most * scale);
        for (var i = 0; i < touched.Length; i++)
        {
            var gain = Gain(node, touched[i]);
            chances[i] = gain >= 0 && IsWellConnected(touched[i]) ? Math.Exp((gain - most) * scale) : 0;
            total += chances[i];
        }

        var left = share * total;
        for (var i = 0; i < touched.Length; i++)
        {
            left -= chances[i];
            if (left < 0)
            {
                return touched[i];
            }
        }

        return node;
    }

    private double Gain(int node, int label) => around[label] - (resolution * size[node] * size[label]);
}
