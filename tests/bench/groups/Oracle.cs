using Federation.Testing;

namespace Federation.Groups.Bench;

/// <summary>
/// The likeliest partition that is found from the planted one by someone who knows the law of the weights: no detector that is not told it can be expected
/// to do better.
/// </summary>
/// <remarks>
/// The logarithm of a weight is normal with the same deviation inside groups and between them, and means that are ln(ratio) apart: what a pair
/// adds to the likelihood of being inside is linear in it. VMs move to the group where they add most, one after the other, while any gains.
/// </remarks>
internal static class Oracle
{
    /// <summary>The index of that partition against the planted one, and by how much likelier it is than the planted one, in nats.</summary>
    public static (double Score, double Nats) Best(PlantedGroups planted, List<(int First, int Second, double Weight)> edges)
    {
        var evidence = Evidence(planted, edges);
        int[] truth = [.. Enumerable.Range(0, planted.Vms).Select(planted.GroupOf)];
        int[] group = [.. truth];
        double gained = 0, before;
        do
        {
            before = gained;
            for (var vm = 0; vm < planted.Vms; vm++)
            {
                gained += MoveToBest(vm, group, evidence);
            }
        }
        while (gained > before);

        return (AdjustedRand.Index(truth, group), gained);
    }

    private static double MoveToBest(int vm, int[] group, double[,] evidence)
    {
        // As many labels as VMs: an unused one is a group of its own, worth 0.
        var worth = new double[group.Length];
        for (var other = 0; other < group.Length; other++)
        {
            worth[group[other]] += other == vm ? 0 : evidence[vm, other];
        }

        var best = Array.IndexOf(worth, worth.Max());
        var gain = worth[best] - worth[group[vm]];
        group[vm] = gain > 1e-9 ? best : group[vm];
        return gain > 1e-9 ? gain : 0;
    }

    private static double[,] Evidence(PlantedGroups planted, List<(int First, int Second, double Weight)> edges)
    {
        var evidence = new double[planted.Vms, planted.Vms];
        foreach (var (first, second, weight) in edges)
        {
            evidence[first, second] = evidence[second, first] = EvidenceOf(planted, weight);
        }

        return evidence;
    }

    // ln of (density inside / density between).
    private static double EvidenceOf(PlantedGroups planted, double weight)
    {
        var variance = planted.Noise * planted.Noise;
        var inside = Math.Log(PlantedGroups.MeanInside) - (variance / 2);
        var between = inside + Math.Log(planted.Ratio);
        return (inside - between) * (Math.Log(weight) - ((inside + between) / 2)) / variance;
    }
}
