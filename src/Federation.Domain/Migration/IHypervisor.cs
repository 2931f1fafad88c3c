using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Reconciling;

namespace Federation.Domain.Migration;

/// <summary>What runs VMs at the sites: each call can be repeated, and one with an epoch older than the VM's newest is refused.</summary>
/// <remarks>
/// Up to <see cref="Activate"/> a migration can be taken back by <see cref="Abort"/>; after it the VM is at its new site. A call whose
/// answer is lost may have been done, or may be done yet (<see cref="HypervisorException.IsOutcomeUnknown"/>): then <see cref="Find"/> tells,
/// and a call with a newer epoch keeps the older one from being done any more.
/// </remarks>
public interface IHypervisor
{
    /// <summary>Starts a VM that is nowhere; running there already, it stays as it is.</summary>
    /// <exception cref="HypervisorException">It cannot: the VM runs elsewhere, the epoch is old, the hypervisor failed.</exception>
    Task Start(VmRef vm, Location at, long epoch, CancellationToken cancel);

    /// <summary>Stops a VM wherever it is; nowhere already, nothing happens.</summary>
    Task Stop(VmRef vm, long epoch, CancellationToken cancel);

    /// <summary>Copies the memory while the VM runs, until what is left fits the downtime budget.</summary>
    Task PreCopy(MigrationOrder order, CancellationToken cancel);

    /// <summary>Stops the VM at its old site and sends the rest.</summary>
    Task StopAndCopy(MigrationOrder order, CancellationToken cancel);

    /// <summary>Turns what is sent to the VM toward its new site.</summary>
    Task Redirect(MigrationOrder order, CancellationToken cancel);

    /// <summary>Lets the VM run on at its new site, and only there.</summary>
    Task Activate(MigrationOrder order, CancellationToken cancel);

    /// <summary>Tells the network where the VM is now, and clears what is left at its old site.</summary>
    Task UpdateNetwork(MigrationOrder order, CancellationToken cancel);

    /// <summary>Takes a migration back: the VM runs on at its old site, the copy at the new one is gone.</summary>
    Task Abort(MigrationOrder order, CancellationToken cancel);

    /// <summary>Where a VM, or a part of it, is.</summary>
    Task<VmSighting> Find(VmRef vm, CancellationToken cancel);

    /// <summary>The newest life of an application's name that it was ever called for, its VMs running or not; 0: none.</summary>
    /// <param name="named">Tenant and name.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="HypervisorException">It does not say.</exception>
    Task<int> NewestLife(AppId named, CancellationToken cancel);

    /// <summary>Every VM of which a copy is at a site, with the copies that are there; in order.</summary>
    Task<ImmutableArray<VmSighting>> List(SiteId site, CancellationToken cancel);
}

/// <summary>One live migration, as a hypervisor is told of it.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Vm">The VM.</param>
/// <param name="From">Where it runs.</param>
/// <param name="To">Where it goes.</param>
/// <param name="Epoch">Fencing token. Grows with every operation on the VM; a host refuses an operation whose epoch is older than the newest it has seen.</param>
/// <param name="DurationSeconds">How long it is expected to take, the downtime included.</param>
/// <param name="DowntimeSeconds">How long the VM is expected to stand still.</param>
public sealed record MigrationOrder(
    MigrationId Id, VmRef Vm, Location From, Location To, long Epoch, double DurationSeconds, double DowntimeSeconds);

/// <summary>A hypervisor could not do what it was told; its message is fit to show to a user.</summary>
public sealed class HypervisorException : Exception
{
    /// <summary>With the reason.</summary>
    public HypervisorException(string message)
        : base(message)
    {
    }

    /// <summary>With the reason and what caused it.</summary>
    public HypervisorException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Without a reason; for serializers.</summary>
    public HypervisorException()
    {
    }

    /// <summary>Whether the call may have been done, or may be done yet: no answer came. Otherwise it was not done.</summary>
    public bool IsOutcomeUnknown { get; init; }
}
