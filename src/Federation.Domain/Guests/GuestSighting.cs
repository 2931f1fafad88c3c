using System.Collections.Immutable;
using Federation.Domain.Identity;

namespace Federation.Domain.Guests;

/// <summary>A copy of a VM as its hypervisor sees it. A VM that is not seen is not there.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="State">What the copy does.</param>
/// <param name="Transfer">The newest transfer that the copy takes or took part in; null: none since it is here.</param>
/// <param name="Remark">What a person should know, as why it is paused; null: nothing.</param>
public sealed record GuestSighting(VmRef Vm, GuestState State, TransferProgress? Transfer = null, string? Remark = null)
{
    /// <summary>What it really believes to run on: a destination has to give it the same. Null: the driver does not say.</summary>
    public GuestHardware? Hardware { get; init; }

    /// <summary>The host's ends of its network interfaces, in their order; empty: it has none, or the driver does not say.</summary>
    public ImmutableArray<string> Taps { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>Its memory as it really is, bytes; null: the driver does not say.</summary>
    public long? MemoryBytes { get; init; }

    private object Rest => (Vm, State, Transfer, Remark, Hardware, MemoryBytes);

    /// <summary>By what was seen, the taps one by one: two reports of a copy that has not changed tell of the same one.</summary>
    public bool Equals(GuestSighting? other) => other is not null && Rest.Equals(other.Rest) && Taps.SequenceEqual(other.Taps);

    /// <inheritdoc/>
    public override int GetHashCode() => Rest.GetHashCode();
}

/// <summary>What a copy of a VM does. Only <see cref="Running"/> runs its program.</summary>
public enum GuestState
{
    /// <summary>It runs; one that is being copied from here runs, too.</summary>
    Running,

    /// <summary>Source: it stands still before the rest is sent, and waits to be told to go on or to stay.</summary>
    AtSwitch,

    /// <summary>Source: it stands still while the rest is sent.</summary>
    Sending,

    /// <summary>Source: it stands still, all of it is at the destination, which has said so.</summary>
    Sent,

    /// <summary>Destination: it is being filled.</summary>
    Receiving,

    /// <summary>Destination: it is complete and stands still until it is told to run.</summary>
    Received,

    /// <summary>It stands still for another reason, as a disk that is full.</summary>
    Paused,

    /// <summary>Its hypervisor is there and does not answer: it may do any of these.</summary>
    Silent,
}

/// <summary>How far the transfer of a VM from one host to another is, as one of the two sees it.</summary>
/// <param name="Migration">Which.</param>
/// <param name="MemoryBytes">The memory to be sent, bytes.</param>
/// <param name="MemorySentBytes">Sent of memory so far, all rounds, bytes.</param>
/// <param name="MemoryLeftBytes">Left of memory in this round, bytes.</param>
/// <param name="DiskBytes">The disks to be sent, bytes; 0: none.</param>
/// <param name="DiskSentBytes">Sent of disks so far, bytes.</param>
/// <param name="DirtyBytesPerSecond">How fast the memory is rewritten, bytes a second; null: not known.</param>
/// <param name="Rounds">Rounds over the memory that were begun.</param>
/// <param name="ElapsedSeconds">Since it began, seconds.</param>
/// <param name="ExpectedDowntimeSeconds">How long it would stand still, were it switched now; null: not known.</param>
/// <param name="DowntimeSeconds">How long it stood still, once that is known to the one who sees it.</param>
/// <param name="Fault">Why it failed; null: it did not.</param>
public sealed record TransferProgress(
    MigrationId Migration,
    long MemoryBytes = 0,
    long MemorySentBytes = 0,
    long MemoryLeftBytes = 0,
    long DiskBytes = 0,
    long DiskSentBytes = 0,
    double? DirtyBytesPerSecond = null,
    int Rounds = 0,
    double ElapsedSeconds = 0,
    double? ExpectedDowntimeSeconds = null,
    double? DowntimeSeconds = null,
    string? Fault = null);
