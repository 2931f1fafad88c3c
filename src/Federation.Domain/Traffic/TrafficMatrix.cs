using System.Collections.Immutable;
using Federation.Domain.Identity;

namespace Federation.Domain.Traffic;

/// <summary>An ordered pair of VMs of one application.</summary>
/// <param name="Source">Who sent.</param>
/// <param name="Destination">Who received.</param>
public readonly record struct VmPair(VmId Source, VmId Destination) : IComparable<VmPair>
{
    /// <summary>By source, then by destination.</summary>
    public int CompareTo(VmPair other)
    {
        var bySource = Source.CompareTo(other.Source);
        return bySource != 0 ? bySource : Destination.CompareTo(other.Destination);
    }
}

/// <summary>Who sent how much to whom over a period: between the VMs of one application, and with addresses outside it.</summary>
/// <remarks>Absent pairs are zero. Compared by reference; <see cref="SameAs"/> compares the figures.</remarks>
public sealed record TrafficMatrix
{
    /// <summary>Nothing at all over a period.</summary>
    public static TrafficMatrix Empty(TimeSpan period) => new() { Period = period };

    /// <summary>How long the figures were counted over; more than zero.</summary>
    public required TimeSpan Period { get; init; }

    /// <summary>Between two different VMs, directed.</summary>
    public ImmutableSortedDictionary<VmPair, Flow> Pairs { get; init; } = ImmutableSortedDictionary<VmPair, Flow>.Empty;

    /// <summary>What each VM sent to addresses outside the application.</summary>
    public ImmutableSortedDictionary<VmId, Flow> SentOutside { get; init; } = ImmutableSortedDictionary<VmId, Flow>.Empty;

    /// <summary>What each VM received from addresses outside the application.</summary>
    public ImmutableSortedDictionary<VmId, Flow> ReceivedOutside { get; init; } = ImmutableSortedDictionary<VmId, Flow>.Empty;

    /// <summary>What each VM sent to endpoints of its application; not in <see cref="SentOutside"/>.</summary>
    public ImmutableSortedDictionary<EndpointPair, Flow> SentToEndpoints { get; init; } = ImmutableSortedDictionary<EndpointPair, Flow>.Empty;

    /// <summary>What each VM received from endpoints of its application; not in <see cref="ReceivedOutside"/>.</summary>
    public ImmutableSortedDictionary<EndpointPair, Flow> ReceivedFromEndpoints { get; init; } = ImmutableSortedDictionary<EndpointPair, Flow>.Empty;

    /// <summary>What went from one VM to another.</summary>
    public Flow this[VmId source, VmId destination] => Pairs.GetValueOrDefault(new VmPair(source, destination));

    /// <summary>Whether two matrices hold the same figures over the same period.</summary>
    public bool SameAs(TrafficMatrix other) =>
        Period == other.Period
        && Pairs.SequenceEqual(other.Pairs)
        && SentOutside.SequenceEqual(other.SentOutside)
        && ReceivedOutside.SequenceEqual(other.ReceivedOutside)
        && SentToEndpoints.SequenceEqual(other.SentToEndpoints)
        && ReceivedFromEndpoints.SequenceEqual(other.ReceivedFromEndpoints);

    /// <summary>The traffic of one window, from the reports of it: at most one per VM, in any order.</summary>
    /// <param name="reports">Reports of one and the same window.</param>
    /// <param name="owner">Whose address it is; null for an address outside the application.</param>
    public static TrafficMatrix OfWindow(IEnumerable<WindowReport> reports, Func<Address, VmId?> owner)
    {
        var builder = new TrafficMatrixBuilder();
        foreach (var report in reports)
        {
            builder.Add(report, owner);
        }

        return builder.Build(Window.Length);
    }

    /// <summary>A weighted sum of matrices, each figure times its matrix's weight; the period is given.</summary>
    public static TrafficMatrix Combine(IEnumerable<(TrafficMatrix Matrix, double Weight)> parts, TimeSpan period)
    {
        var builder = new TrafficMatrixBuilder();
        foreach (var (matrix, weight) in parts)
        {
            builder.Add(matrix, weight);
        }

        return builder.Build(period);
    }
}
