using System.Collections.Immutable;
using Federation.Domain.Guests;
using Federation.Domain.Identity;

namespace Federation.Domain.Hosts;

/// <summary>The hypervisor of one host. It does what it is told; who may tell, and whether it comes too late, its host's agent knows.</summary>
/// <remarks>
/// A migration is a transfer that is begun at both ends, watched, held at its switch, continued or cancelled. Calls begin things and return; what became of
/// them, <see cref="Find"/> and <see cref="Watch"/> tell. Every call can be repeated: what is so already stays so. After a restart of the caller
/// the driver finds its VMs and their transfers again.
/// Source: Running, AtSwitch, Sending, Sent, and Running again where it is cancelled or fails. Destination: Receiving, Received, Running.
/// A cold move takes the same way: the VM is stopped before its switch, all is copied after it, and the destination starts anew.
/// Of a VM that is not here, <see cref="Stop"/> and <see cref="Cancel"/> do nothing; <see cref="Send"/>, <see cref="Switch"/> and <see cref="Run"/> refuse.
/// </remarks>
/// <exception cref="DriverException">Of every call: the hypervisor cannot, and why.</exception>
public interface IHypervisorDriver
{
    /// <summary>What it is and can.</summary>
    Task<HypervisorFacts> Describe(CancellationToken cancel);

    /// <summary>Starts a VM; running here, it stays as it is.</summary>
    /// <exception cref="DriverException">Also where a copy of it is here that takes part in a move.</exception>
    Task Start(GuestSpec guest, CancellationToken cancel);

    /// <summary>Stops a VM whatever it does, and clears what is left of it here, its disks with it; not here, nothing happens.</summary>
    Task Stop(VmRef vm, CancellationToken cancel);

    /// <summary>Destination: gets ready to be filled. It never runs by itself.</summary>
    /// <returns>Where the source sends to.</returns>
    Task<TransferTarget> Receive(MigrationId migration, GuestSpec guest, TransferTerms terms, CancellationToken cancel);

    /// <summary>Source: begins to copy; it ends at its switch, and holds there if the driver can.</summary>
    Task Send(MigrationId migration, VmRef vm, TransferTarget to, TransferTerms terms, CancellationToken cancel);

    /// <summary>Source at its switch: sends the rest. It ends as <see cref="GuestState.Sent"/>, or runs on with the fault if it could not.</summary>
    /// <exception cref="DriverException">Also where it is not at the switch of this migration.</exception>
    Task Switch(MigrationId migration, VmRef vm, CancellationToken cancel);

    /// <summary>
    /// Lets a copy that stands still run: a destination that is <see cref="GuestState.Received"/>, a source that is <see cref="GuestState.Sent"/>
    /// and whose destination is gone. Returns when the VM lives: its network answers, its clock ticks. What runs stays as it is.
    /// </summary>
    /// <exception cref="DriverException">Also where its copy is not whole, or is held at its switch.</exception>
    Task Run(VmRef vm, CancellationToken cancel);

    /// <summary>
    /// Source: the transfer ends, the VM runs on here. One that is <see cref="GuestState.Sent"/> stays so: <see cref="Run"/> lets it run.
    /// One that is <see cref="GuestState.Sending"/> becomes one of the two.
    /// Destination: its copy is gone, unless it runs already.
    /// </summary>
    /// <exception cref="DriverException">The destination runs already: too late.</exception>
    Task Cancel(MigrationId migration, VmRef vm, CancellationToken cancel);

    /// <summary>Every VM of which a copy is here, by name.</summary>
    Task<ImmutableArray<GuestSighting>> Find(CancellationToken cancel);

    /// <summary>VMs that are gone and of which something is left here, as disks and logs; <see cref="Stop"/> clears it. None: the driver leaves nothing.</summary>
    Task<ImmutableArray<VmRef>> Remains(CancellationToken cancel) => Task.FromResult<ImmutableArray<VmRef>>([]);

    /// <summary>Tells of every VM that is here, then of VMs as they change; what is gone is told by null. It ends only by its cancellation.</summary>
    IAsyncEnumerable<(VmRef Vm, GuestSighting? Now)> Watch(CancellationToken cancel);
}

/// <summary>A driver could not do what it was told; its message is fit to show to a user.</summary>
public sealed class DriverException : Exception
{
    /// <summary>With the reason.</summary>
    public DriverException(string message)
        : base(message)
    {
    }

    /// <summary>With the reason and what caused it.</summary>
    public DriverException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Without a reason; for serializers.</summary>
    public DriverException()
    {
    }
}
