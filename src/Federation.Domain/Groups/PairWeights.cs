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

        // Ordered by weight too before they are added up: the last bit of a sum of fractions hangs on the order.
        Pairs = [.. weights.Select(Checked)
            .Where(pair => pair.Weight > 0 && pair.First != pair.Second)
            .OrderBy(pair => pair.First).ThenBy(pair => pair.Second).ThenBy(pair => pair.Weight)
            .GroupBy(pair => (pair.First, pair.Second), pair => pair.Weight)
            .Select(pair => new PairWeight(pair.Key.First, pair.Key.Second, pair.Sum()))];
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

    private static PairWeight Checked(PairWeight pair)
    {
        if (!(pair.Weight >= 0 && double.IsFinite(pair.Weight)))
        {
            throw new ArgumentException($"{pair.First} and {pair.Second} exchange {pair.Weight}, which is no amount of traffic");
        }

        return pair.First.CompareTo(pair.Second) <= 0 ? pair : new(pair.Second, pair.First, pair.Weight);
    }
}
