using System.Collections.Immutable;
using Federation.Domain.Identity;

namespace Federation.Domain.Networks;

/// <summary>The numbers of all segments of a federation. Immutable; holds a collection: compared by reference.</summary>
public sealed record SegmentNumbers
{
    /// <summary>The highest: a VXLAN header has 24 bits for it.</summary>
    public const int Highest = (1 << 24) - 1;

    /// <summary>The numbers that are taken.</summary>
    public ImmutableSortedDictionary<AppId, int> Taken { get; init; } = ImmutableSortedDictionary<AppId, int>.Empty;

    /// <summary>The number that was taken last.</summary>
    public int Last { get; init; }

    /// <summary>The numbers where an incarnation has one. One that was given back is taken again as late as possible: a host that was off may have something of it.</summary>
    /// <exception cref="InvalidOperationException">All are taken.</exception>
    public SegmentNumbers Take(AppId application)
    {
        if (Taken.ContainsKey(application))
        {
            return this;
        }

        var used = Taken.Values.ToHashSet();
        if (used.Count == Highest)
        {
            throw new InvalidOperationException($"all {Highest} numbers of networks are taken");
        }

        var next = Last;
        do
        {
            next = (next % Highest) + 1;
        }
        while (used.Contains(next));

        return this with { Taken = Taken.Add(application, next), Last = next };
    }

    /// <summary>The numbers without that of an incarnation.</summary>
    public SegmentNumbers GiveBack(AppId application) => Taken.ContainsKey(application) ? this with { Taken = Taken.Remove(application) } : this;
}
