namespace Federation.Domain.Groups.Leiden;

/// <summary>
/// The first phase: every node moves to the community, or the empty one, where it adds most to the quality, until none would move.
/// </summary>
/// <remarks>A node is looked at again only after a neighbour has moved away from its own community. Quality never decreases.</remarks>
internal sealed class LocalMoving
{
    private readonly CommunityGraph graph;
    private readonly double resolution;
    private readonly int[] community;
    private readonly int[] size;
    private readonly int[] members;
    private readonly Stack<int> empty = [];
    private readonly NeighbourWeights around;
    private readonly double least;

    private LocalMoving(CommunityGraph graph, double resolution, int[] community)
    {
        (this.graph, this.resolution, this.community) = (graph, resolution, community);
        (size, members) = (new int[graph.NodeCount], new int[graph.NodeCount]);
        for (var node = 0; node < graph.NodeCount; node++)
        {
            size[community[node]] += graph.Sizes[node];
            members[community[node]]++;
        }

        for (var label = graph.NodeCount - 1; label >= 0; label--)
        {
            if (members[label] == 0)
            {
                empty.Push(label);
            }
        }

        around = new(graph.NodeCount);
        least = ConstantPotts.Rounding * resolution;
    }

    /// <summary>Moves nodes.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="resolution">More than 0.</param>
    /// <param name="community">Each node's community, numbered below the number of nodes; changed in place.</param>
    /// <param name="random">The order in which nodes are looked at first.</param>
    public static void Run(CommunityGraph graph, double resolution, int[] community, SeededSequence random) =>
        new LocalMoving(graph, resolution, community).Run(random.Permutation(graph.NodeCount));

    private void Run(int[] queue)
    {
        // A ring that holds every node at most once cannot overflow.
        var isQueued = new bool[queue.Length];
        Array.Fill(isQueued, true);
        var (head, waiting) = (0, queue.Length);
        while (waiting > 0)
        {
            var node = queue[head];
            head = head + 1 == queue.Length ? 0 : head + 1;
            waiting--;
            isQueued[node] = false;
            if (!MoveToBest(node))
            {
                continue;
            }

            foreach (var neighbour in graph.NeighboursOf(node))
            {
                if (!isQueued[neighbour] && community[neighbour] != community[node])
                {
                    isQueued[neighbour] = true;
                    var tail = head + waiting++;
                    queue[tail < queue.Length ? tail : tail - queue.Length] = neighbour;
                }
            }
        }
    }

    private bool MoveToBest(int node)
    {
        around.Add(graph.NeighboursOf(node), graph.WeightsOf(node), community);

        var (old, own) = (community[node], graph.Sizes[node]);
        var best = old;
        var bestGain = around[old] - (resolution * own * (size[old] - own));
        foreach (var label in around.Touched)
        {
            var gain = around[label] - (resolution * own * size[label]);
            if (label != old && gain > bestGain + least)
            {
                (best, bestGain) = (label, gain);
            }
        }

        around.Clear();
        if (bestGain < -least)
        {
            best = empty.Peek();
        }

        if (best == old)
        {
            return false;
        }

        Move(node, old, best);
        return true;
    }

    private void Move(int node, int from, int to)
    {
        if (members[to]++ == 0)
        {
            empty.Pop();
        }

        if (--members[from] == 0)
        {
            empty.Push(from);
        }

        size[from] -= graph.Sizes[node];
        size[to] += graph.Sizes[node];
        community[node] = to;
    }
}
