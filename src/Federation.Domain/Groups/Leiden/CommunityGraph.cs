namespace Federation.Domain.Groups.Leiden;

/// <summary>An undirected weighted graph in compressed rows, for algorithms that run over all of it many times. Immutable.</summary>
/// <remarks>A node stands for one VM, or, once communities were drawn together, for several.</remarks>
public sealed class CommunityGraph
{
    internal CommunityGraph(int[] starts, int[] neighbours, double[] weights, int[] sizes)
    {
        (Starts, Neighbours, Weights, Sizes) = (starts, neighbours, weights, sizes);
        TotalWeight = weights.Sum() / 2;
    }

    /// <summary>How many nodes there are, numbered from 0.</summary>
    public int NodeCount => Sizes.Length;

    /// <summary>How many edges there are.</summary>
    public int EdgeCount => Neighbours.Length / 2;

    /// <summary>How many pairs of nodes there are, with and without an edge.</summary>
    public double Pairs => NodeCount * (NodeCount - 1.0) / 2;

    /// <summary>The sum of the edges' weights.</summary>
    public double TotalWeight { get; }

    /// <summary>The mean of the edges' weights; 0 without edges.</summary>
    public double MeanWeight => EdgeCount == 0 ? 0 : TotalWeight / EdgeCount;

    /// <summary>The weight of the lightest edge; 0 without edges.</summary>
    public double LeastWeight => EdgeCount == 0 ? 0 : Weights.Min();

    /// <summary>Where each node's neighbours begin, and, one further, where the last one's end.</summary>
    internal int[] Starts { get; }

    /// <summary>Every edge from both of its ends.</summary>
    internal int[] Neighbours { get; }

    /// <summary>The weights of the same edges.</summary>
    internal double[] Weights { get; }

    /// <summary>For how many VMs each node stands.</summary>
    internal int[] Sizes { get; }

    /// <summary>The other ends of a node's edges.</summary>
    internal ReadOnlySpan<int> NeighboursOf(int node) => Neighbours.AsSpan(Starts[node]..Starts[node + 1]);

    /// <summary>The weights of the same edges.</summary>
    internal ReadOnlySpan<double> WeightsOf(int node) => Weights.AsSpan(Starts[node]..Starts[node + 1]);

    /// <summary>The same graph with every heavier edge cut down to <paramref name="most"/>.</summary>
    internal CommunityGraph WithWeightsUpTo(double most) =>
        new(Starts, Neighbours, Array.ConvertAll(Weights, weight => Math.Min(weight, most)), Sizes);

    /// <summary>The weight inside each community.</summary>
    internal double[] WeightsInside(ReadOnlySpan<int> community)
    {
        var inside = new double[NodeCount];
        for (var node = 0; node < NodeCount; node++)
        {
            for (var i = Starts[node]; i < Starts[node + 1]; i++)
            {
                inside[community[node]] += community[Neighbours[i]] == community[node] ? Weights[i] / 2 : 0;
            }
        }

        return inside;
    }

    /// <summary>Makes a graph of single VMs. O(nodes + edges).</summary>
    /// <param name="nodes">How many.</param>
    /// <param name="edges">Each pair of different nodes at most once.</param>
    /// <exception cref="ArgumentException">An edge names no node, or leads from a node to itself.</exception>
    public static CommunityGraph Of(int nodes, IReadOnlyList<(int First, int Second, double Weight)> edges)
    {
        var starts = new int[nodes + 1];
        foreach (var (first, second, _) in edges)
        {
            if ((uint)first >= (uint)nodes || (uint)second >= (uint)nodes || first == second)
            {
                throw new ArgumentException($"an edge from {first} to {second} in a graph of {nodes} nodes", nameof(edges));
            }

            starts[first + 1]++;
            starts[second + 1]++;
        }

        for (var node = 0; node < nodes; node++)
        {
            starts[node + 1] += starts[node];
        }

        var (neighbours, weights) = (new int[2 * edges.Count], new double[2 * edges.Count]);
        var next = starts.AsSpan(0, nodes).ToArray();
        foreach (var (first, second, weight) in edges)
        {
            (neighbours[next[first]], weights[next[first]++]) = (second, weight);
            (neighbours[next[second]], weights[next[second]++]) = (first, weight);
        }

        var sizes = new int[nodes];
        Array.Fill(sizes, 1);
        return new(starts, neighbours, weights, sizes);
    }
}
