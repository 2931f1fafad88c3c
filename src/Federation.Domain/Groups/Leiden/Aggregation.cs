namespace Federation.Domain.Groups.Leiden;

/// <summary>The third phase: draws every part together into one node.</summary>
internal static class Aggregation
{
    /// <summary>Renumbers labels from 0 in the order of their first nodes; gives how many there are.</summary>
    public static int Renumber(int[] labels)
    {
        var numbers = new int[labels.Length];
        Array.Fill(numbers, -1);
        var count = 0;
        for (var node = 0; node < labels.Length; node++)
        {
            ref var number = ref numbers[labels[node]];
            number = number < 0 ? count++ : number;
            labels[node] = number;
        }

        return count;
    }

    /// <summary>The graph of the parts. What is inside a part is left out: no move can change it. O(nodes + edges).</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="part">Each node's part, numbered from 0 without gaps.</param>
    /// <param name="parts">How many parts.</param>
    public static CommunityGraph Of(CommunityGraph graph, int[] part, int parts)
    {
        var (ordered, first) = ByPart(part, parts);
        var starts = new int[parts + 1];
        var sizes = new int[parts];
        var neighbours = new int[graph.Neighbours.Length];
        var weights = new double[graph.Neighbours.Length];
        var around = new NeighbourWeights(parts);
        var count = 0;
        for (var label = 0; label < parts; label++)
        {
            for (var i = first[label]; i < first[label + 1]; i++)
            {
                sizes[label] += graph.Sizes[ordered[i]];
                AddNeighbours(graph, ordered[i], label, part, around);
            }

            foreach (var other in around.Touched)
            {
                (neighbours[count], weights[count++]) = (other, around[other]);
            }

            around.Clear();
            starts[label + 1] = count;
        }

        Array.Resize(ref neighbours, count);
        Array.Resize(ref weights, count);
        return new(starts, neighbours, weights, sizes);
    }

    private static void AddNeighbours(CommunityGraph graph, int node, int label, int[] part, NeighbourWeights around)
    {
        for (var i = graph.Starts[node]; i < graph.Starts[node + 1]; i++)
        {
            var other = part[graph.Neighbours[i]];
            if (other != label)
            {
                around.Add(other, graph.Weights[i]);
            }
        }
    }

    private static (int[] Ordered, int[] First) ByPart(int[] part, int parts)
    {
        var first = new int[parts + 1];
        foreach (var label in part)
        {
            first[label + 1]++;
        }

        for (var label = 0; label < parts; label++)
        {
            first[label + 1] += first[label];
        }

        var next = first.AsSpan(0, parts).ToArray();
        var ordered = new int[part.Length];
        for (var node = 0; node < part.Length; node++)
        {
            ordered[next[part[node]]++] = node;
        }

        return (ordered, first);
    }
}
