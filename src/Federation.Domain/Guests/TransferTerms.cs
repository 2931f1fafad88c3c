namespace Federation.Domain.Guests;

/// <summary>How a VM may be transferred.</summary>
public sealed record TransferTerms
{
    /// <summary>Whether it runs meanwhile. False, a cold move: it is stopped, its disks are copied, it starts anew.</summary>
    public bool IsLive { get; init; } = true;

    /// <summary>Bytes a second at most; null: as much as the network gives.</summary>
    public long? BytesPerSecond { get; init; }

    /// <summary>The longest that it may stand still, seconds. Default 0.3.</summary>
    public double DowntimeSeconds { get; init; } = 0.3;

    /// <summary>The longest that the copying may take, seconds; null: any. What is not at its switch by then is cancelled.</summary>
    public double? DurationSeconds { get; init; }

    /// <summary>Whether its processor may be slowed down so that the copying comes to an end. Default false.</summary>
    public bool AutoConverge { get; init; }
}

/// <summary>Where a destination waits for a VM.</summary>
/// <param name="Memory">Where its memory is sent to, in the driver's own form, as <c>tcp:10.0.0.2:49152</c>.</param>
/// <param name="Disks">Where its disks are sent to, in the driver's own form; null: it has none.</param>
public sealed record TransferTarget(string Memory, string? Disks = null);
