using System.ComponentModel.DataAnnotations;

namespace Federation.Actuation.Simulated;

/// <summary>How a simulated host behaves.</summary>
public sealed record SimulatedDriverOptions
{
    /// <summary>The folder of the simulated world: hosts that share it can move VMs to each other.</summary>
    [Required]
    public required string Directory { get; init; }

    /// <summary>This host's name in that world.</summary>
    [Required]
    public required string Host { get; init; }

    /// <summary>What the network carries, bytes a second. Default 125,000,000: 1 Gbit/s.</summary>
    [Range(1L, long.MaxValue)]
    public long BytesPerSecond { get; init; } = 125_000_000;

    /// <summary>How fast a VM that runs rewrites its memory, bytes a second. Default 10,000,000.</summary>
    [Range(0L, long.MaxValue)]
    public long DirtyBytesPerSecond { get; init; } = 10_000_000;

    /// <summary>The time between two looks of one who watches. Default 0.1 s.</summary>
    [Range(0.001, 60)]
    public double WatchSeconds { get; init; } = 0.1;
}
