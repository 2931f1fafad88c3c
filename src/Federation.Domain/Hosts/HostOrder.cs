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
[JsonDerivedType(typeof(Log), "log")]
[JsonDerivedType(typeof(Console), "console")]
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

    /// <summary>Reads the end of what a VM wrote to its serial console, see <see cref="IGuestConsoles.ReadLog"/>. Its epoch is not looked at.</summary>
    /// <param name="Operation">Names the order.</param>
    /// <param name="Vm">The VM.</param>
    /// <param name="Epoch">Not looked at.</param>
    /// <param name="Bytes">How much at most, bytes.</param>
    public sealed record Log(string Operation, VmRef Vm, long Epoch, int Bytes) : HostOrder(Operation, Vm, Epoch);

    /// <summary>Types at a VM's serial console and reads what it writes, see <see cref="IGuestConsoles.OpenConsole"/>. Its epoch is not looked at.</summary>
    /// <param name="Operation">Names the order.</param>
    /// <param name="Vm">The VM.</param>
    /// <param name="Epoch">Not looked at.</param>
    /// <param name="Input">What is typed, bytes; empty: nothing.</param>
    /// <param name="From">From which byte on is read; 0: the first one since somebody is at the console.</param>
    /// <param name="WaitSeconds">How long to wait where there is nothing to read yet, seconds.</param>
    public sealed record Console(string Operation, VmRef Vm, long Epoch, ImmutableArray<byte> Input, long From, double WaitSeconds) : HostOrder(Operation, Vm, Epoch);
}

/// <summary>Orders for one host. Holds a list: compared by reference.</summary>
/// <param name="Site">The host's site.</param>
/// <param name="Host">The host: an agent of another one refuses them all.</param>
/// <param name="Orders">The orders, in the order in which they were given.</param>
public sealed record HostOrders(SiteId Site, string Host, ImmutableArray<HostOrder> Orders)
{
    /// <summary>Where they come from: another one counts anew.</summary>
    public Guid Mailbox { get; init; }

    /// <summary>The number of the last one that was handed out: who asks for those after it does not get them again.</summary>
    public long Last { get; init; }
}

/// <summary>What became of an order.</summary>
/// <param name="Operation">The order.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reason">Why it was not done; null: it was.</param>
/// <param name="Target">Of an order to receive: where to send to.</param>
/// <param name="Console">Of an order to a console or its log: what was read.</param>
public sealed record HostAnswer(string Operation, HostOutcome Outcome, string? Reason = null, TransferTarget? Target = null, ConsoleText? Console = null);

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

/// <summary>A part of what a VM wrote to its serial console. Holds a list: compared by reference.</summary>
/// <param name="Bytes">The bytes, as the VM wrote them.</param>
/// <param name="From">The number of the first one.</param>
public sealed record ConsoleText(ImmutableArray<byte> Bytes, long From)
{
    /// <summary>The number of the byte that comes next.</summary>
    public long Next => From + Bytes.Length;
}
