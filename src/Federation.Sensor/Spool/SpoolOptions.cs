using System.ComponentModel.DataAnnotations;
using Federation.Domain.Traffic;

namespace Federation.Sensor.Spool;

/// <summary>How much a spool may hold.</summary>
public sealed class SpoolOptions
{
    /// <summary>The most that its files take together, bytes. Default 256 MiB: some three weeks of 20 VMs with 20 peers each.</summary>
    [Range(1L << 16, 1L << 40)]
    public long MaxBytes { get; init; } = 256L << 20;

    /// <summary>The most windows that are added up when there is no room for more detail: a power of 2. Default 64, about half an hour.</summary>
    [Range(1, 1024)]
    public int MaxMerged { get; init; } = 64;

    /// <summary>When the next file is begun, bytes: small enough that many of them fill the spool.</summary>
    internal long SegmentBytes => Math.Clamp(MaxBytes / 16, 1L << 12, 4L << 20);
}

/// <summary>What waits in a spool.</summary>
/// <param name="Entries">Entries: one application's VMs in one window or more.</param>
/// <param name="Reports">The reports that they make.</param>
/// <param name="Bytes">What the files take.</param>
/// <param name="Oldest">The oldest window that waits; null if none does.</param>
/// <param name="MergedReports">How many of the reports are shares of several windows' sums.</param>
public readonly record struct SpoolFigures(int Entries, long Reports, long Bytes, Window? Oldest, long MergedReports);

/// <summary>What a spool gave up for lack of room.</summary>
/// <param name="Merged">Reports that were exact and are shares of a sum now, or whose sum became longer.</param>
/// <param name="Lost">Reports that are gone: their windows are gaps.</param>
public readonly record struct SpoolLoss(long Merged, long Lost)
{
    /// <summary>Whether it gave up nothing.</summary>
    public bool IsNone => this == default;

    /// <summary>Both together.</summary>
    public static SpoolLoss operator +(SpoolLoss a, SpoolLoss b) => new(a.Merged + b.Merged, a.Lost + b.Lost);
}

/// <summary>What was found when a spool was opened.</summary>
/// <param name="Reports">The reports that wait.</param>
/// <param name="TornBytes">Bytes at the end of files that could not be read: what a crash left of a record, or a damaged disk.</param>
public readonly record struct SpoolRecovery(long Reports, long TornBytes);
