using Federation.Domain.Guests;
using Federation.Domain.Identity;

namespace Federation.Actuation.Qemu;

/// <summary>What is written down about a VM before anything is done to it, so that a driver that was started anew goes on.</summary>
internal sealed record GuestRecord
{
    /// <summary>The VM as it was told, without what cloud-init is given: that may be secret.</summary>
    public required GuestSpec Guest { get; init; }

    /// <summary>Whether it has a disk for cloud-init.</summary>
    public bool HasSeed { get; init; }

    /// <summary>The migration that it came here by; null: it was started here.</summary>
    public MigrationId? ReceivedBy { get; init; }

    /// <summary>Destination: whether it comes while it runs.</summary>
    public bool IsLive { get; init; } = true;

    /// <summary>Destination: where the source was told to send to; null: it was not told yet.</summary>
    public TransferTarget? Target { get; init; }

    /// <summary>Destination: whether it was told to run. One that was not cannot run.</summary>
    public bool WasToldToRun { get; init; }

    /// <summary>Whether it ever ran here.</summary>
    public bool HasRun { get; init; }

    /// <summary>Source: the newest transfer from here; null: none.</summary>
    public Departure? Departure { get; init; }
}

/// <summary>A transfer of a VM from this host.</summary>
/// <param name="Migration">Which.</param>
/// <param name="To">Where to.</param>
/// <param name="Terms">How.</param>
/// <param name="BegunAt">When it began.</param>
/// <param name="Phase">How far it came.</param>
internal sealed record Departure(MigrationId Migration, TransferTarget To, TransferTerms Terms, DateTimeOffset BegunAt, DeparturePhase Phase)
{
    /// <summary>Whether it was told to send the rest.</summary>
    public bool WasToldToSwitch { get; init; }

    /// <summary>Cold moves: whether all disks are at the destination.</summary>
    public bool AreDisksSent { get; init; }

    /// <summary>The disks that were sent, bytes; known once they are at the destination.</summary>
    public long DiskBytes { get; init; }

    /// <summary>How long the VM stood still, seconds; null: not known.</summary>
    public double? DowntimeSeconds { get; init; }

    /// <summary>How long it took in all, seconds; null: it is not over.</summary>
    public double? Seconds { get; init; }

    /// <summary>Why it ended without success; null: it did not.</summary>
    public string? Fault { get; init; }

    /// <summary>What a person should know of it; null: nothing.</summary>
    public string? Remark { get; init; }
}

/// <summary>How far a transfer from here came.</summary>
internal enum DeparturePhase
{
    /// <summary>Disks are copied while the VM runs; the memory comes after them. Of a cold move: the VM is stopped.</summary>
    Preparing,

    /// <summary>The memory is copied, or waits at the switch. Of a cold move: the VM stands still at its switch, or its disks are copied.</summary>
    Copying,

    /// <summary>All is at the destination.</summary>
    Sent,

    /// <summary>It came to nothing, or was taken back: the VM is here.</summary>
    Over,
}
