using System.Collections.Immutable;
using Federation.Domain.Identity;

namespace Federation.Domain.Traffic;

/// <summary>Puts figures that were added up by the VMs' numbers into the order of their names; zeros are left out.</summary>
/// <remarks>Names are compared once for each VM, not for each pair.</remarks>
internal sealed class MatrixOrder
{
    private readonly VmId[] byRank;
    private readonly int[] rankOf;
    private readonly double[]? divisors;

    /// <param name="vms">The VMs by number.</param>
    /// <param name="divisor">What each figure is divided by; null: nothing.</param>
    public MatrixOrder(List<VmId> vms, Func<VmId, double>? divisor)
    {
        byRank = [.. vms];
        var numbers = Enumerable.Range(0, vms.Count).ToArray();
        Array.Sort(byRank, numbers);
        rankOf = new int[numbers.Length];
        for (var rank = 0; rank < numbers.Length; rank++)
        {
            rankOf[numbers[rank]] = rank;
        }

        divisors = divisor is null ? null : [.. vms.Select(divisor)];
    }

    public ImmutableSortedDictionary<VmPair, Flow> Pairs(Dictionary<(int Source, int Destination), Flow> flows) => Sorted(
        flows,
        pair => ((long)rankOf[pair.Source] << 32) | (uint)rankOf[pair.Destination],
        pair => pair.Destination,
        key => new VmPair(byRank[key >> 32], byRank[(int)key]));

    public ImmutableSortedDictionary<VmId, Flow> Vms(Dictionary<int, Flow> flows) =>
        Sorted(flows, vm => rankOf[vm], vm => vm, key => byRank[key]);

    private ImmutableSortedDictionary<TName, Flow> Sorted<TKey, TName>(
        Dictionary<TKey, Flow> flows, Func<TKey, long> rank, Func<TKey, int> counter, Func<long, TName> name)
        where TKey : notnull
        where TName : notnull
    {
        var (keys, values) = (new List<long>(flows.Count), new List<Flow>(flows.Count));
        foreach (var (key, flow) in flows)
        {
            if (!flow.IsNone)
            {
                keys.Add(rank(key));
                values.Add(divisors is null ? flow : flow / divisors[counter(key)]);
            }
        }

        var (ranks, ordered) = (keys.ToArray(), values.ToArray());
        Array.Sort(ranks, ordered);
        return ranks.Select((key, i) => KeyValuePair.Create(name(key), ordered[i])).ToImmutableSortedDictionary();
    }
}
