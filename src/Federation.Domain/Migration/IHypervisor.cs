using System.Collections.Immutable;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Domain.Reconciling;

namespace Federation.Domain.Migration;

/// <summary>What runs VMs at the sites: each call can be repeated, and one with an epoch older than the VM's newest is refused.</summary>
/// <remarks>
/// A migration is begun at both ends, looked at, held at its switch, and continued or cancelled. No copy at a destination runs before <see cref="Run"/>.
/// A call whose answer is lost may have been done, or may be done yet (<see cref="HypervisorException.IsOutcomeUnknown"/>): then
/// <see cref="Look"/> and <see cref="Find"/> tell, and a call with a newer epoch keeps the older one from being done any more.
/// </remarks>
public interface IHypervisor
{
    /// <summary>Starts a VM that is nowhere; running there already, it stays as it is.</summary>
    /// <exception cref="HypervisorException">It cannot: the VM runs elsewhere, the epoch is old, the hypervisor failed.</exception>
    Task Start(VmStart vm, long epoch, CancellationToken cancel);

    /// <summary>Stops a VM's copy at one place, or wherever there is one, and clears what is left of it; not there, nothing happens.</summary>
    /// <param name="vm">The VM.</param>
    /// <param name="at">Where; null: wherever.</param>
    /// <param name="epoch">The fencing token.</param>
    /// <param name="cancel">Gives up.</param>
    Task Stop(VmRef vm, VmPlace? at, long epoch, CancellationToken cancel);

    /// <summary>Begins a migration at both ends: the destination waits, the source copies while the VM runs, up to its switch.</summary>
    Task Begin(MigrationOrder order, CancellationToken cancel);

    /// <summary>Both ends as they are now.</summary>
    /// <param name="order">The migration.</param>
    /// <param name="seen">What was seen before: the answer comes once it is something else, or after some seconds; null: at once.</param>
    /// <param name="cancel">Gives up.</param>
    Task<MigrationLook> Look(MigrationOrder order, MigrationLook? seen, CancellationToken cancel);

    /// <summary>The source, at its switch, sends the rest.</summary>
    Task Switch(MigrationOrder order, CancellationToken cancel);

    /// <summary>Lets the copy at one end, which stands still, run. The service has noted before that the VM is there, at that epoch. Returns once it lives.</summary>
    /// <param name="order">The migration.</param>
    /// <param name="at">Which end.</param>
    /// <param name="epoch">The epoch at which the VM is there.</param>
    /// <param name="cancel">Gives up.</param>
    Task Run(MigrationOrder order, VmPlace at, long epoch, CancellationToken cancel);

    /// <summary>Takes a migration back at one end. Source: the VM runs on, unless all of it was sent. Destination: the copy is gone, unless it runs.</summary>
    /// <param name="order">The migration.</param>
    /// <param name="at">Which end.</param>
    /// <param name="epoch">The epoch at which the VM is at its source.</param>
    /// <param name="cancel">Gives up.</param>
    Task Cancel(MigrationOrder order, VmPlace at, long epoch, CancellationToken cancel);

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

/// <summary>Where a copy of a VM is.</summary>
/// <param name="At">The site and the offer.</param>
/// <param name="Host">The host of the site; null: the site has none.</param>
public readonly record struct VmPlace(Location At, string? Host = null)
{
    /// <summary>As <c>rennes/std</c>, or <c>rennes/std on host1</c>.</summary>
    public override string ToString() => Host is null ? At.ToString() : $"{At} on {Host}";
}

/// <summary>A VM that is to run somewhere.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="Place">Where.</param>
/// <param name="Guest">What it is; null: its description names no image, only a simulator can run it.</param>
public sealed record VmStart(VmRef Vm, VmPlace Place, GuestSpec? Guest = null);

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
