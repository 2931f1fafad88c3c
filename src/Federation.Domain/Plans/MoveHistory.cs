using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;
using Federation.Domain.Traffic;

namespace Federation.Domain.Plans;

/// <summary>What <see cref="Hysteresis"/> remembers of one application from evaluation to evaluation. Compared by reference.</summary>
public sealed record MoveHistory
{
    /// <summary>When each VM last moved; a VM that has not, or whose cool-down is over, need not be in it.</summary>
    public ImmutableSortedDictionary<VmId, DateTimeOffset> LastMoves { get; init; } = ImmutableSortedDictionary<VmId, DateTimeOffset>.Empty;

    /// <summary>How many VMs have moved when, within the last day or so; earliest first.</summary>
    public ImmutableSortedDictionary<DateTimeOffset, int> Made { get; init; } = ImmutableSortedDictionary<DateTimeOffset, int>.Empty;

    /// <summary>Since when moving pays; null: it does not, as of the last evaluation.</summary>
    public PendingGain? Pending { get; init; }
}

/// <summary>A gain that has to persist before it counts.</summary>
/// <param name="Since">When it was seen first.</param>
/// <param name="Windows">In how many windows it was seen.</param>
/// <param name="Last">The newest of these; evaluating twice in one window counts once.</param>
public sealed record PendingGain(DateTimeOffset Since, int Windows, Window Last);

/// <summary>Whether it is time to do what a plan says.</summary>
/// <param name="IsDue">Whether it is. Never for a plan to stay, or an infeasible one.</param>
/// <param name="Waits">What it waits for; empty if it is due, or there is nothing to do.</param>
public sealed record MoveTiming(bool IsDue, ImmutableArray<Refusal> Waits);
