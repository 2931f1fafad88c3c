using System.ComponentModel.DataAnnotations;

namespace Federation.Actuation;

/// <summary>How the simulated hypervisor behaves.</summary>
public sealed class SimulatedHypervisorOptions
{
    /// <summary>The folder in which it keeps its VMs, a file each.</summary>
    [Required]
    public string Directory { get; set; } = "data/hypervisor";

    /// <summary>How long a migration takes, as a share of what was estimated. Default 0.02: fifty times as fast.</summary>
    [Range(0.0, 100.0)]
    public double TimeScale { get; set; } = 0.02;
}
