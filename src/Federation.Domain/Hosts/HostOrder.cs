using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Federation.Domain.Guests;
using Federation.Domain.Identity;

namespace Federation.Domain.Hosts;

/// <summary>What a host's agent is told to do to one VM.</summary>
/// <param name="Operation">Names the order: one that is sent again is done once and answered again.</param>
/// <param name="Vm">The VM.</param>
/// <param name="Epoch">Fencing token. The agent keeps the newest epoch of every VM and refuses what is older.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "order")]
[JsonDerivedType(typeof(Start), "start")]
[JsonDerivedType(typeof(Stop), "stop")]
[JsonDerivedType(typeof(Receive), "receive")]
[JsonDerivedType(typeof(Send), "send")]
[JsonDerivedType(typeof(Switch), "switch")]
[JsonDerivedType(typeof(Run), "run")]
[JsonDerivedType(typeof(Cancel), "cancel")]
public abstract record HostOrder(string Operation, VmRef Vm, long Epoch)
{
    /// <summary>See <see cref="IHypervisorDriver.Start"/>.</summary>
    public sealed record Start(string Operation, VmRef Vm, long Epoch, GuestSpec Guest) : HostOrder(Operation, Vm, Epoch);

    /// <summary>See <see cref="IHypervisorDriver.Stop"/>.</summary>
    public sealed record Stop(string Operation, VmRef Vm, long Epoch) : HostOrder(Operation, Vm, Epoch);

    /// <summary>See <see cref="IHypervisorDriver.Receive"/>.</summary>
    public sealed record Receive(string Operation, VmRef Vm, long Epoch, MigrationId Migration, GuestSpec Guest, TransferTerms Terms) : HostOrder(Operation, Vm, Epoch);

    /// <summary>See <see cref="IHypervisorDriver.Send"/>.</summary>
    public sealed record Send(string Operation, VmRef Vm, long Epoch, MigrationId Migration, TransferTarget To, TransferTerms Terms) : HostOrder(Operation, Vm, Epoch);

    /// <summary>See <see cref="IHypervisorDriver.Switch"/>.</summary>
    public sealed record Switch(string Operation, VmRef Vm, long Epoch, MigrationId Migration) : HostOrder(Operation, Vm, Epoch);

    /// <summary>See <see cref="IHypervisorDriver.Run"/>.</summary>
    public sealed record Run(string Operation, VmRef Vm, long Epoch) : HostOrder(Operation, Vm, Epoch);

    /// <summary>See <see cref="IHypervisorDriver.Cancel"/>.</summary>
    public sealed record Cancel(string Operation, VmRef Vm, long Epoch, MigrationId Migration) : HostOrder(Operation, Vm, Epoch);
}

/// <summary>Orders for one host. Holds a list: compared by reference.</summary>
/// <param name="Site">The host's site.</param>
/// <param name="Host">The host: an agent of another one refuses them all.</param>
/// <param name="Orders">The orders, in the order in which they were given.</param>
public sealed record HostOrders(SiteId Site, string Host, ImmutableArray<HostOrder> Orders);

/// <summary>What became of an order.</summary>
/// <param name="Operation">The order.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reason">Why it was not done; null: it was.</param>
/// <param name="Target">Of an order to receive: where to send to.</param>
public sealed record HostAnswer(string Operation, HostOutcome Outcome, string? Reason = null, TransferTarget? Target = null);

/// <summary>What became of an order to a host.</summary>
public enum HostOutcome
{
    /// <summary>It is done, or was done before.</summary>
    Done,

    /// <summary>It was not done and never will be: its epoch is old, or it is for another host.</summary>
    Refused,

    /// <summary>The hypervisor could not; told again, it is tried again.</summary>
    Failed,
}
