using System.Collections.Immutable;
using Federation.Domain.Groups.Leiden;
using Federation.Domain.Identity;

namespace Federation.Domain.Groups;

/// <summary>The VMs that talk enough to count, as a graph.</summary>
/// <param name="Vms">The VMs that have such a pair, in order; their places are the nodes' numbers.</param>
/// <param name="Graph">Those pairs.</param>
/// <param name="Counted">The same pairs, none heavier than it counts.</param>
internal sealed record TalkingVms(ImmutableArray<VmId> Vms, CommunityGraph Graph, CommunityGraph Counted)
{
    // In mean weights. A pair that is far heavier than others makes its two VMs belong together no more than that, and must not
    // stand for many pairs that are silent: without a limit noise hides small groups.
    private const double HeaviestCounted = 4;

    /// <summary>Numbers VMs and pairs; null if no pair counts.</summary>
    /// <param name="vms">The application's VMs.</param>
    /// <param name="weights">What pairs of them exchange.</param>
    /// <param name="floor">The weight that is just enough.</param>
    /// <exception cref="ArgumentException">A pair names an unknown VM.</exception>
    public static TalkingVms? Of(IReadOnlyCollection<VmId> vms, PairWeights weights, double floor)
    {
        var known = vms.ToHashSet();
        var pairs = new List<PairWeight>(weights.Pairs.Length);
        var heard = new HashSet<VmId>();
        foreach (var pair in weights.Pairs)
        {
            RequireKnown(known, pair.First);
            RequireKnown(known, pair.Second);
            if (pair.Weight >= floor)
            {
                pairs.Add(pair);
                heard.Add(pair.First);
                heard.Add(pair.Second);
            }
        }

        return pairs.Count == 0 ? null : Number([.. heard.Order()], pairs);
    }

    private static TalkingVms Number(ImmutableArray<VmId> vms, List<PairWeight> pairs)
    {
        var number = new Dictionary<VmId, int>(vms.Length);
        foreach (var vm in vms)
        {
            number.Add(vm, number.Count);
        }

        var graph = CommunityGraph.Of(vms.Length, pairs.ConvertAll(pair => (number[pair.First], number[pair.Second], pair.Weight)));
        return new(vms, graph, graph.WithWeightsUpTo(HeaviestCounted * graph.MeanWeight));
    }

    private static void RequireKnown(HashSet<VmId> known, VmId vm)
    {
        if (!known.Contains(vm))
        {
            throw new ArgumentException($"a pair names {vm}, which is no VM of the application", nameof(vm));
        }
    }
}
