using System.Collections.Immutable;

namespace Federation.Domain.Hosts;

/// <summary>What a driver's hypervisor is and can. Holds lists: compared by reference.</summary>
public sealed record HypervisorFacts
{
    /// <summary>The driver: <c>qemu</c>, <c>libvirt</c>, <c>simulator</c> or the name that a plug-in gives itself.</summary>
    public required string Driver { get; init; }

    /// <summary>The hypervisor's version, as it says it.</summary>
    public required string Version { get; init; }

    /// <summary>Whether processors are emulated in software.</summary>
    public bool IsEmulated { get; init; }

    /// <summary>The processor's architectures that its VMs may have.</summary>
    public ImmutableArray<string> Architectures { get; init; } = [];

    /// <summary>The CPU models that its VMs may have, the most capable first.</summary>
    public ImmutableArray<string> CpuModels { get; init; } = [];

    /// <summary>The machine types that its VMs may have, the newest first.</summary>
    public ImmutableArray<string> Machines { get; init; } = [];

    /// <summary>Whether it can move VMs while they run; otherwise it stops them and starts them elsewhere.</summary>
    public bool MovesLive { get; init; }

    /// <summary>
    /// Whether it holds at the switch until it is told to go on. Otherwise it sends the rest by itself as soon as it can, and no
    /// <see cref="IHypervisorDriver.Switch"/> is needed; the destination waits to be told to run all the same.
    /// </summary>
    public bool HoldsAtSwitch { get; init; }

    /// <summary>Whether a source that has sent all can still run here, should its destination be lost. Otherwise the VM is lost with it.</summary>
    public bool KeepsSent { get; init; }

    /// <summary>Whether it sends disks along.</summary>
    public bool MovesDisks { get; init; }

    /// <summary>Whether its VMs start from disks or a kernel only: one without either would start nothing.</summary>
    public bool NeedsImage { get; init; }

    /// <summary>What it promises less than others, and what it does by itself to be safe; a sentence each.</summary>
    public ImmutableArray<string> Remarks { get; init; } = [];
}
