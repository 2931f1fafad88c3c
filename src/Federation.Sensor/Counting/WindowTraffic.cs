using System.Collections.Immutable;
using Federation.Domain.Traffic;

namespace Federation.Sensor.Counting;

/// <summary>What was counted in one window. Compared by reference.</summary>
/// <param name="Window">The window.</param>
/// <param name="Pairs">IP packets, by source and destination address.</param>
/// <param name="Others">All other frames, by Ethernet addresses as far as they were known.</param>
public sealed record WindowTraffic(
    Window Window,
    ImmutableSortedDictionary<AddressPair, Tally> Pairs,
    ImmutableSortedDictionary<AddressPair, Tally> Others)
{
    /// <summary>All IP packets of the window.</summary>
    public Tally Total { get; } = Pairs.Values.Aggregate(default(Tally), (sum, tally) => sum + tally);
}
