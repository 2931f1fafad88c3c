using CsCheck;
using Federation.Domain.Groups.Leiden;

namespace Federation.Domain.Tests.Groups;

/// <summary>A random graph with a resolution at which it is neither all one community nor all single nodes, mostly.</summary>
internal sealed record RandomGraph(int Nodes, (int First, int Second, double Weight)[] Edges, double Resolution)
{
    public CommunityGraph Graph => CommunityGraph.Of(Nodes, Edges);

    public override string ToString() => $"{Nodes} nodes, resolution {Resolution:R}: {string.Join(' ', Edges)}";

    public static Gen<RandomGraph> OfUpTo(int mostNodes) =>
        from nodes in Gen.Int[2, mostNodes]
        from density in Gen.OneOf(0.1, 0.4, 1.0)
        from chances in Gen.Double[0, 1].Array[nodes * (nodes - 1) / 2]
        from weights in Gen.OneOf<double[]>(
            Gen.Int[1, 5].Select(weight => (double)weight).Array[chances.Length], Gen.Double[0.1, 10].Array[chances.Length])
        from share in Gen.Double[0.02, 1.5]
        let edges = Pairs(nodes).Where((_, i) => chances[i] < density)
            .Zip(weights, (pair, weight) => (pair.First, pair.Second, weight)).ToArray()
        select new RandomGraph(nodes, edges, share * (edges.Length == 0 ? 1 : edges.Average(edge => edge.weight)));

    /// <summary>The best quality of all partitions.</summary>
    public double Optimum()
    {
        var graph = Graph;
        var community = new int[Nodes];
        return Best(0, 0);

        double Best(int node, int used)
        {
            if (node == Nodes)
            {
                return ConstantPotts.Quality(graph, Resolution, community);
            }

            var best = double.NegativeInfinity;
            for (var label = 0; label <= used; label++)
            {
                community[node] = label;
                best = Math.Max(best, Best(node + 1, Math.Max(used, label + 1)));
            }

            return best;
        }
    }

    private static IEnumerable<(int First, int Second)> Pairs(int nodes) =>
        from first in Enumerable.Range(0, nodes)
        from second in Enumerable.Range(first + 1, nodes - first - 1)
        select (first, second);
}
