using Federation.Domain.Groups;
using Federation.Domain.Identity;

namespace Federation.Testing;

/// <summary>Traffic in which the groups are known: every pair talks, those inside a group more, all with noise.</summary>
/// <param name="Vms">How many VMs.</param>
/// <param name="Groups">How many groups, of sizes that differ by one at most.</param>
/// <param name="Ratio">The mean weight between groups over that inside.</param>
/// <param name="Noise">The standard deviation of the logarithm of the weights.</param>
/// <param name="Density">The share of the pairs that talk, between 0 and 1.</param>
public sealed record PlantedGroups(int Vms, int Groups, double Ratio, double Noise, double Density = 1)
{
    /// <summary>The mean weight of a pair inside a group.</summary>
    public const double MeanInside = 1e6;

    /// <summary>The group of a VM, both numbered from 0.</summary>
    public int GroupOf(int vm) => (int)((long)vm * Groups / Vms);

    /// <summary>The pairs that talk, by the VMs' numbers.</summary>
    public List<(int First, int Second, double Weight)> Edges(int seed)
    {
        var random = new Random(seed);
        var edges = new List<(int, int, double)>();
        for (var first = 0; first < Vms; first++)
        {
            for (var second = first + 1; second < Vms; second++)
            {
                if (Density >= 1 || random.NextDouble() < Density)
                {
                    var mean = GroupOf(first) == GroupOf(second) ? MeanInside : Ratio * MeanInside;
                    edges.Add((first, second, mean * Math.Exp((Noise * random.NextNormal()) - (Noise * Noise / 2))));
                }
            }
        }

        return edges;
    }

    /// <summary>The VMs' names.</summary>
    public VmId[] Names() => [.. Enumerable.Range(1, Vms).Select(vm => new VmId($"vm{vm}"))];

    /// <summary>Pairs as packets in one window.</summary>
    public static PairWeights Weights(VmId[] names, List<(int First, int Second, double Weight)> edges) =>
        new(Metric.Packets, TimeSpan.FromSeconds(30), edges.Select(edge => new PairWeight(names[edge.First], names[edge.Second], edge.Weight)));

    /// <summary>How well a partition of these VMs finds the groups: its adjusted Rand index; a VM in no group stands alone.</summary>
    public double Score(GroupPartition partition)
    {
        var number = Names().Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        var labels = Enumerable.Range(-Vms, Vms).ToArray();
        foreach (var (index, group) in partition.Groups.Index())
        {
            foreach (var member in group.Members)
            {
                labels[number[member]] = index;
            }
        }

        return AdjustedRand.Index([.. Enumerable.Range(0, Vms).Select(GroupOf)], labels);
    }
}
