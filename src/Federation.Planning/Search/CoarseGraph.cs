using Federation.Planning.Model;

namespace Federation.Planning.Search;

/// <summary>A weighted graph of clusters, to be matched and contracted. Immutable.</summary>
internal sealed class CoarseGraph(int[] first, int[] other, double[] weight)
{
    private int Count => first.Length - 1;

    /// <summary>The graph of single VMs.</summary>
    public static CoarseGraph Of(CostModel model, SeparationWeight weights)
    {
        var first = new int[model.VmCount + 1];
        for (var vm = 0; vm < model.VmCount; vm++)
        {
            first[vm + 1] = first[vm] + model.Graph.Degree(vm);
        }

        var (other, weight) = (new int[first[^1]], new double[first[^1]]);
        for (var (vm, at) = (0, 0); vm < model.VmCount; vm++)
        {
            foreach (ref readonly var edge in model.Graph.Of(vm))
            {
                (other[at], weight[at]) = (edge.Vm, weights.Of(edge));
                at++;
            }
        }

        return new(first, other, weight);
    }

    /// <summary>Joins each cluster with the free neighbour that it talks most with; for each cluster the number of the new one.</summary>
    public int[] Match(int[][] members, int mostVms, Dice dice, out int count)
    {
        var into = new int[Count];
        Array.Fill(into, -1);
        var order = Enumerable.Range(0, Count).ToArray();
        dice.Shuffle<int>(order);
        count = 0;
        foreach (var cluster in order)
        {
            if (into[cluster] < 0)
            {
                var partner = Partner(cluster, into, members, mostVms);
                into[cluster] = count;
                if (partner >= 0)
                {
                    into[partner] = count;
                }

                count++;
            }
        }

        return into;
    }

    /// <summary>The graph of the new clusters.</summary>
    public CoarseGraph Contract(int[] into, int count)
    {
        var membersOf = new List<int>[count];
        for (var cluster = 0; cluster < Count; cluster++)
        {
            (membersOf[into[cluster]] ??= []).Add(cluster);
        }

        var (newFirst, newOther, newWeight) = (new int[count + 1], new List<int>(other.Length / 2), new List<double>(other.Length / 2));
        var at = new int[count];
        Array.Fill(at, -1);
        for (var merged = 0; merged < count; merged++)
        {
            var start = newOther.Count;
            foreach (var cluster in membersOf[merged])
            {
                for (var i = first[cluster]; i < first[cluster + 1]; i++)
                {
                    var to = into[other[i]];
                    if (to == merged)
                    {
                        continue;
                    }

                    if (at[to] < start)
                    {
                        at[to] = newOther.Count;
                        newOther.Add(to);
                        newWeight.Add(0);
                    }

                    newWeight[at[to]] += weight[i];
                }
            }

            newFirst[merged + 1] = newOther.Count;
        }

        return new(newFirst, [.. newOther], [.. newWeight]);
    }

    private int Partner(int cluster, int[] into, int[][] members, int mostVms)
    {
        var (partner, heaviest) = (-1, 0.0);
        for (var i = first[cluster]; i < first[cluster + 1]; i++)
        {
            // Among large clusters much is exchanged only because they are large.
            var share = weight[i] / members[other[i]].Length;
            if (into[other[i]] < 0 && share > heaviest && members[cluster].Length + members[other[i]].Length <= mostVms)
            {
                (partner, heaviest) = (other[i], share);
            }
        }

        return partner;
    }
}
