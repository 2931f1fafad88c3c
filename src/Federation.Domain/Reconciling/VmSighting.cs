using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Federation.Domain.Identity;

namespace Federation.Domain.Reconciling;

/// <summary>What hypervisors know of a VM. Compared by reference.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="Epoch">The newest epoch that they were called with; 0: none.</param>
/// <param name="Instances">Its copies; empty: it is nowhere.</param>
public sealed record VmSighting(VmRef Vm, long Epoch, ImmutableArray<VmInstance> Instances)
{
    /// <summary>Where it runs; null: it does not.</summary>
    public Location? RunsAt => Instances.FirstOrDefault(copy => copy.State == VmInstanceState.Running)?.At;
}

/// <summary>One copy of a VM at a hypervisor.</summary>
/// <param name="At">Where.</param>
/// <param name="State">What it does.</param>
public sealed record VmInstance(Location At, VmInstanceState State)
{
    /// <summary>The host of the site; null: the site has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Host { get; init; }
}

/// <summary>What a copy of a VM does.</summary>
public enum VmInstanceState
{
    /// <summary>It runs. Of all copies of a VM at most one does.</summary>
    Running,

    /// <summary>It stands still while the rest of its memory is sent.</summary>
    Paused,

    /// <summary>It is being filled, and does not run yet.</summary>
    Incoming,
}
