using System.ComponentModel.DataAnnotations;

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
