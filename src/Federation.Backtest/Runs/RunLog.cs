using System.Collections.Immutable;
using Federation.Domain.Identity;

namespace Federation.Backtest.Runs;

/// <summary>Everything that happened under one policy: what bills are made from, and can be checked against. Compared by reference.</summary>
/// <remarks>Applications are numbered as in the world, VMs as in their application.</remarks>
public sealed record RunLog
{
    /// <summary>The policy's name.</summary>
    public required string Policy { get; init; }

    /// <summary>Where every VM was, in the order in which they left.</summary>
    public required ImmutableArray<Stay> Stays { get; init; }

    /// <summary>What work was done where, in the order in which it ended.</summary>
    public required ImmutableArray<Stretch> Work { get; init; }

    /// <summary>The plans that were carried out on running applications.</summary>
    public required ImmutableArray<TakenPlan> Plans { get; init; }

    /// <summary>Every VM's moves.</summary>
    public required ImmutableArray<VmMove> Moves { get; init; }

    /// <summary>How it went for each application, by number.</summary>
    public required ImmutableArray<Outcome> Outcomes { get; init; }

    /// <summary>How often a plan was asked for.</summary>
    public required int Evaluations { get; init; }
}

/// <summary>A VM at a site, from when it came to when it left or ended.</summary>
/// <param name="Application">Whose VM.</param>
/// <param name="Vm">Which.</param>
/// <param name="At">The site and the offer.</param>
/// <param name="From">When it came.</param>
/// <param name="Until">When it ran here no more.</param>
/// <param name="MovingOutSeconds">How much longer the offer was paid for, while the VM moved away; 0 if it did not.</param>
public readonly record struct Stay(int Application, int Vm, Location At, DateTimeOffset From, DateTimeOffset Until, double MovingOutSeconds);

/// <summary>Work that was done in one placement and one phase.</summary>
/// <param name="Application">Whose.</param>
/// <param name="Phase">The number of the phase.</param>
/// <param name="Placement">Each VM's location.</param>
/// <param name="From">When it began.</param>
/// <param name="Until">When it ended.</param>
/// <param name="Seconds">The work, in seconds of the reference core.</param>
public sealed record Stretch(
    int Application, int Phase, ImmutableArray<Location> Placement, DateTimeOffset From, DateTimeOffset Until, double Seconds);

/// <summary>A plan that was carried out.</summary>
/// <param name="Application">Whose.</param>
/// <param name="At">When.</param>
/// <param name="IsForced">Whether staying was not possible.</param>
/// <param name="PredictedGain">What it was said to gain, in currency, everything that moving costs counted; null if staying has no figure.</param>
/// <param name="Moves">How many VMs moved.</param>
public sealed record TakenPlan(int Application, DateTimeOffset At, bool IsForced, double? PredictedGain, int Moves);

/// <summary>One VM's live migration.</summary>
/// <param name="Application">Whose VM.</param>
/// <param name="Vm">Which.</param>
/// <param name="From">Where it was.</param>
/// <param name="To">Where it went.</param>
/// <param name="At">When.</param>
/// <param name="IsForced">Whether staying was not possible.</param>
/// <param name="Bytes">What was sent.</param>
/// <param name="DowntimeSeconds">How long it stood still.</param>
public sealed record VmMove(
    int Application, int Vm, Location From, Location To, DateTimeOffset At, bool IsForced, double Bytes, double DowntimeSeconds);

/// <summary>How it went for one application.</summary>
/// <param name="Arrival">When it came.</param>
/// <param name="Started">When it first ran; null: never.</param>
/// <param name="Finished">When it was done; null: it is not.</param>
/// <param name="PausedSeconds">How long it stood because a site was gone.</param>
public sealed record Outcome(DateTimeOffset Arrival, DateTimeOffset? Started, DateTimeOffset? Finished, double PausedSeconds);
