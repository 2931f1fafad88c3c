using Federation.Domain.Groups.Leiden;
using Federation.Planning.Model;

namespace Federation.Planning.Search;

/// <summary>Disjoint sets of all VMs, each of which had better stay at one site: those that cost much to separate.</summary>
/// <remarks>Leiden with the constant Potts model over what it costs to separate two VMs. Immutable.</remarks>
internal static class Communities
{
    private const int Iterations = 2;
    private const int MostTries = 6;
    private const double HeaviestInMeans = 4;

    /// <summary>The sets, by their first VM; a VM that belongs to nobody is a set of its own. Nearly O(pairs).</summary>
    /// <param name="model">The problem.</param>
    /// <param name="mostVms">The most VMs of one set.</param>
    /// <param name="seed">Where order and chance come from.</param>
    public static int[][] Of(CostModel model, int mostVms, int seed)
    {
        var edges = Edges(model);
        if (edges.Count > 0)
        {
            var graph = CommunityGraph.Of(model.VmCount, edges);
            // Between the mean of all pairs, at which everything is one set, and of those that talk, at which hardly any two VMs are.
            var resolution = Math.Sqrt(graph.MeanWeight * graph.TotalWeight / graph.Pairs);
            for (var tries = 0; tries < MostTries; tries++, resolution *= 2)
            {
                var sets = Sets(LeidenAlgorithm.Partition(graph, resolution, seed, Iterations));
                if (sets.Max(set => set.Length) <= mostVms)
                {
                    return sets;
                }
            }
        }

        return Single(model.VmCount);
    }

    /// <summary>Each VM for itself.</summary>
    public static int[][] Single(int vms) => [.. Enumerable.Range(0, vms).Select(vm => new[] { vm })];

    private static List<(int First, int Second, double Weight)> Edges(CostModel model)
    {
        var weights = new SeparationWeight(model);
        var edges = new List<(int First, int Second, double Weight)>();
        for (var vm = 0; vm < model.VmCount; vm++)
        {
            foreach (ref readonly var edge in model.Graph.Of(vm))
            {
                if (edge.Vm > vm && weights.Of(edge) is var weight and > 0)
                {
                    edges.Add((vm, edge.Vm, weight));
                }
            }
        }

        // One pair that talks without end does not make a set of all that either of them knows.
        var most = edges.Count == 0 ? 0 : edges.Average(edge => edge.Weight) * HeaviestInMeans;
        return edges.ConvertAll(edge => (edge.First, edge.Second, Math.Min(edge.Weight, most)));
    }

    private static int[][] Sets(int[] community) =>
        [.. community.Index().GroupBy(vm => vm.Item, vm => vm.Index).Select(set => set.ToArray())];
}
