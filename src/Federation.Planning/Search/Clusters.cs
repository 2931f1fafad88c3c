using Federation.Planning.Model;

namespace Federation.Planning.Search;

/// <summary>VMs gathered by how much they talk: pairs, pairs of pairs and so on, each level half as many clusters as the one below.</summary>
/// <remarks>Heavy-edge matching, as multilevel graph partitioners do it. Source: Karypis and Kumar, 1998. Immutable.</remarks>
internal sealed class Clusters
{
    // A level that leaves nearly as many clusters as it found says nothing new.
    private const double LeastReduction = 0.95;

    private readonly List<int[][]> levels = [];
    private readonly List<int[]> clusterOf = [];

    /// <summary>Gathers the VMs of a problem. O(pairs x log VMs).</summary>
    /// <param name="model">The problem.</param>
    /// <param name="mostVms">The most VMs of one cluster.</param>
    /// <param name="dice">Decides in which order clusters choose.</param>
    public Clusters(CostModel model, int mostVms, Dice dice)
    {
        var weights = new SeparationWeight(model);
        var graph = CoarseGraph.Of(model, weights);
        int[][] members = [.. Enumerable.Range(0, model.VmCount).Select(vm => new[] { vm })];
        while (true)
        {
            var match = graph.Match(members, mostVms, dice, out var count);
            if (count > members.Length * LeastReduction)
            {
                return;
            }

            (members, graph) = (Merged(members, match, count), graph.Contract(match, count));
            Add(model, members);
        }
    }

    /// <summary>How many levels there are, the single VMs not among them.</summary>
    public int Levels => levels.Count;

    /// <summary>The clusters of a level, 0 the finest; each its VMs.</summary>
    public int[][] At(int level) => levels[level];

    /// <summary>The cluster of a VM at a level.</summary>
    public int[] Of(int vm, int level) => levels[level][clusterOf[level][vm]];

    private void Add(CostModel model, int[][] members)
    {
        var of = new int[model.VmCount];
        for (var cluster = 0; cluster < members.Length; cluster++)
        {
            foreach (var vm in members[cluster])
            {
                of[vm] = cluster;
            }
        }

        levels.Add(members);
        clusterOf.Add(of);
    }

    private static int[][] Merged(int[][] members, int[] into, int count)
    {
        var merged = new int[count][];
        for (var cluster = 0; cluster < members.Length; cluster++)
        {
            ref var all = ref merged[into[cluster]];
            all = all is null ? members[cluster] : [.. all, .. members[cluster]];
        }

        return merged;
    }
}
