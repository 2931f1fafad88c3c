using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;

namespace Federation.Domain.Migration;

/// <summary>One live migration, as it is stored before each of its phases.</summary>
/// <param name="Order">What the hypervisor is told.</param>
/// <param name="Plan">The plan that it is a step of.</param>
/// <param name="CoreHours">The core-hours that the VM is planned to use at its new site.</param>
/// <param name="Phase">How far it is.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it was done or rolled back; null while it runs.</param>
/// <param name="Refusal">Why it is taken back; null otherwise.</param>
/// <param name="FailedIn">The phase that it is taken back from; null otherwise.</param>
/// <param name="Needs">What the VM needs of its new place.</param>
public sealed record MigrationState(
    MigrationOrder Order,
    PlanId Plan,
    double CoreHours,
    MigrationPhase Phase,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt = null,
    Refusal? Refusal = null,
    MigrationPhase? FailedIn = null,
    VmNeeds? Needs = null)
{
    /// <summary>What the VM would have of its host at the new site, if it can be had; null: nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HostWishes? Wishes { get; init; }

    /// <summary>Since when it waits for a place; null: it does not.</summary>
    public DateTimeOffset? WaitsSince { get; init; }

    /// <summary>What it waits for; null: nothing.</summary>
    public Refusal? WaitsFor { get; init; }

    /// <summary>When each phase began that it has come to, the first one first; of one that an earlier version stored: empty.</summary>
    public ImmutableArray<PhaseTime> Phases { get; init; } = [];

    /// <summary>The newest that the source told of the copying; null: nothing.</summary>
    public TransferProgress? Progress { get; init; }

    /// <summary>How long the VM stood still, from the look that saw it at its switch to the answer that it lives; seconds. Null: it did not, or not yet.</summary>
    public double? StoodStillSeconds { get; init; }

    /// <summary>Who has asked to take it back; null: nobody.</summary>
    public string? CancelledBy { get; init; }

    /// <summary>The epoch at which the VM is noted at its new site, or at its old one again; null: neither yet.</summary>
    public long? OwnerEpoch { get; init; }

    /// <summary>From its begin to the VM running at its destination, seconds; null: it has not come to that.</summary>
    [JsonIgnore]
    public double? TookSeconds => Phases.IsDefault
        ? null
        : Phases.Where(phase => phase.Phase == MigrationPhase.UpdateNetwork).Select(phase => (double?)(phase.At - StartedAt).TotalSeconds).FirstOrDefault();

    /// <summary>Bytes of memory and disks that were sent so far; null: the source has told nothing.</summary>
    [JsonIgnore]
    public long? SentBytes => Progress is { } sent ? sent.MemorySentBytes + sent.DiskSentBytes : null;

    /// <summary>Whether nothing more will happen.</summary>
    public bool HasEnded => Phase is MigrationPhase.Done or MigrationPhase.RolledBack;

    /// <summary>The state in another phase, which waits for nothing yet.</summary>
    internal MigrationState In(MigrationPhase phase, DateTimeOffset now) => this with
    {
        Phase = phase,
        Phases = Phases.IsDefault ? [new(phase, now)] : Phases.Add(new(phase, now)),
        WaitsSince = null,
        WaitsFor = null,
    };
}

/// <summary>When a migration came to a phase.</summary>
/// <param name="Phase">The phase.</param>
/// <param name="At">When it began.</param>
public readonly record struct PhaseTime(MigrationPhase Phase, DateTimeOffset At);
