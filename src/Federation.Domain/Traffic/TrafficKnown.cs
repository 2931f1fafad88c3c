using System.Collections.Immutable;
using Federation.Domain.Identity;

namespace Federation.Domain.Traffic;

/// <summary>How much is known of the traffic that a plan is made from. Compared by reference.</summary>
/// <param name="Until">The end of the newest window that the figures are of; null: there are no figures at all.</param>
/// <param name="Unknown">VMs of which no window came in the time that the figures are of: what they receive is not in them. In order; usually empty.</param>
public sealed record TrafficKnown(DateTimeOffset? Until, ImmutableArray<VmId> Unknown)
{
    /// <summary>Nothing is known.</summary>
    public static TrafficKnown Nothing { get; } = new(null, []);

    /// <summary>From what age on figures are called old: ten windows, as many as are averaged unless it is said.</summary>
    public static TimeSpan Old { get; } = 10 * Window.Length;

    /// <summary>How old the figures are at an instant, if that is old; null: they are not, or there are none.</summary>
    public TimeSpan? OldAt(DateTimeOffset instant) => Until is { } end && instant - end is var age && age > Old ? age : null;
}
