using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Domain.Groups;

/// <summary>How much two VMs exchange over a period, both directions together.</summary>
/// <param name="First">The one whose name comes first.</param>
/// <param name="Second">The other one.</param>
/// <param name="Weight">Packets or bytes; more than 0 and finite.</param>
public readonly record struct PairWeight(VmId First, VmId Second, double Weight);

/// <summary>An application's traffic as an undirected graph: what every pair of its VMs exchanges over a period.</summary>
/// <remarks>A value without an order of its own: however it was put together, the same weights are listed in the same order.</remarks>
public sealed class PairWeights
{
    /// <summary>Adds up weights by pair, whichever of the two is named first.</summary>
    /// <remarks>A weight of 0 and a VM paired with itself are left out.</remarks>
    /// <param name="metric">What the weights count.</param>
    /// <param name="period">What they were counted over; more than zero.</param>
    /// <param name="weights">In any order.</param>
    /// <exception cref="ArgumentException">A weight is negative or not finite, or the period is not positive.</exception>
    public PairWeights(Metric metric, TimeSpan period, IEnumerable<PairWeight> weights)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero);
        Metric = metric;
        Period = period;

        Pairs = Sums([.. weights.Where(pair => Checked(pair) > 0 && pair.First != pair.Second)]);
    }

    /// <summary>What the weights count.</summary>
    public Metric Metric { get; }

    /// <summary>What they were counted over.</summary>
    public TimeSpan Period { get; }

    /// <summary>Every pair that exchanges anything, once, ordered by its VMs.</summary>
    public ImmutableArray<PairWeight> Pairs { get; }

    /// <summary>The weights of a matrix, over the matrix's period; traffic with addresses outside is left out.</summary>
    public static PairWeights From(TrafficMatrix matrix, Metric metric) =>
        new(metric, matrix.Period, matrix.Pairs.Select(entry =>
            new PairWeight(entry.Key.Source, entry.Key.Destination, metric.Of(entry.Value))));

    private static double Checked(PairWeight pair) => pair.Weight >= 0 && double.IsFinite(pair.Weight)
        ? pair.Weight
        : throw new ArgumentException($"{pair.First} and {pair.Second} exchange {pair.Weight}, which is no amount of traffic");

    // Names are compared once for each VM, not for each pair: their ranks are what is sorted.
    private static ImmutableArray<PairWeight> Sums(PairWeight[] given)
    {
        VmId[] vms = [.. given.SelectMany(pair => new[] { pair.First, pair.Second }).Distinct().Order()];
        var rankOf = vms.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        var keys = Array.ConvertAll(given, pair => KeyOf(rankOf[pair.First], rankOf[pair.Second]));
        var weights = Array.ConvertAll(given, pair => pair.Weight);
        Array.Sort(keys, weights);
        var sums = ImmutableArray.CreateBuilder<PairWeight>(keys.Length);
        for (int i = 0, end; i < keys.Length; i = end)
        {
            for (end = i + 1; end < keys.Length && keys[end] == keys[i];)
            {
                end++;
            }

            sums.Add(new(vms[keys[i] >> 32], vms[(int)keys[i]], Sum(weights.AsSpan(i, end - i))));
        }

        return sums.DrainToImmutable();
    }

    private static long KeyOf(int one, int other) => ((long)Math.Min(one, other) << 32) | (uint)Math.Max(one, other);

    // In order: the last bit of a sum of fractions hangs on it.
    private static double Sum(Span<double> weights)
    {
        weights.Sort();
        var sum = 0.0;
        foreach (var weight in weights)
        {
            sum += weight;
        }

        return sum;
    }
}
