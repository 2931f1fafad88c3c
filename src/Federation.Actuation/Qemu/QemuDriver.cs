using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;

namespace Federation.Actuation.Qemu;

/// <summary>
/// Runs a host's VMs by QEMU, a process each, which outlives this driver. Holds moves at their switch, moves disks along, moves cold. What it does to a
/// VM it writes down before, in the VM's folder: a driver that is started anew there goes on. Safe for use by several threads.
/// </summary>
/// <remarks>
/// One driver at a time may work in a folder, since a monitor of QEMU serves one client: dispose of it, or end its process, before the next one is made.
/// Linux only; needs the rights to make network interfaces where VMs have some.
/// </remarks>
public sealed class QemuDriver : IHypervisorDriver, IGuestConsoles, IAsyncDisposable
{
    private readonly QemuHost host;
    private readonly ConcurrentDictionary<VmRef, QemuGuest> guests = new();
    private readonly ConcurrentDictionary<VmRef, SemaphoreSlim> turns = new();
    private readonly ConcurrentDictionary<Channel<(VmRef, GuestSighting?)>, bool> watchers = new();
    private readonly Lazy<bool> adopted;

    /// <summary>A driver over a folder; VMs that run there are found again.</summary>
    /// <param name="options">The host.</param>
    /// <param name="http">Gets images from the web.</param>
    /// <param name="clock">The time.</param>
    public QemuDriver(QemuOptions options, HttpClient http, TimeProvider clock)
    {
        host = new(options, http, clock);
        adopted = new(Adopt);
    }

    /// <inheritdoc/>
    public Task<HypervisorFacts> Describe(CancellationToken cancel) => host.Facts(cancel);

    /// <inheritdoc/>
    public Task Start(GuestSpec guest, CancellationToken cancel) => InTurn(guest.Vm, async () =>
    {
        if (Living(guest.Vm) is { } there)
        {
            if (Sightings.IsArriving(there.Record) || there.Record.Departure is { Phase: not DeparturePhase.Over })
            {
                throw new DriverException($"{guest.Vm} takes part in a move here: it cannot be started");
            }

            // The driver before this one may have ended in between.
            await host.Connect(there.Record.Guest, cancel);
            return true;
        }

        await Forget(guest.Vm, cancel);
        await Launch(new() { Guest = guest, HasSeed = guest.UserData is not null, HasRun = true }, guest, cancel);
        return true;
    }, cancel);

    /// <inheritdoc/>
    public Task Stop(VmRef vm, CancellationToken cancel) => InTurn(vm, () => Forget(vm, cancel), cancel);

    /// <inheritdoc/>
    public Task<TransferTarget> Receive(MigrationId migration, GuestSpec guest, TransferTerms terms, CancellationToken cancel) => InTurn(guest.Vm, async () =>
    {
        if (Living(guest.Vm) is { } there)
        {
            if (!Sightings.IsArriving(there.Record) || there.Record.WasToldToRun)
            {
                throw new DriverException($"{guest.Vm} is here already: it cannot be received by {migration}");
            }

            if (there.Record is { Target: { } told } record && record.ReceivedBy == migration)
            {
                return told;
            }
        }

        await Forget(guest.Vm, cancel);
        try
        {
            var made = await Launch(new() { Guest = guest, HasSeed = guest.UserData is not null, ReceivedBy = migration, IsLive = terms.IsLive }, guest, cancel);
            return await made.InTurn(async () =>
            {
                var target = await Arrivals.Open(made, terms, cancel);
                made.Note(made.Record with { Target = target });
                return target;
            }, cancel);
        }
        catch (DriverException)
        {
            await Forget(guest.Vm, cancel);
            throw;
        }
    }, cancel);

    /// <inheritdoc/>
    public Task Send(MigrationId migration, VmRef vm, TransferTarget to, TransferTerms terms, CancellationToken cancel) =>
        Change(vm, guest => Departures.Begin(guest, migration, to, terms, cancel), cancel);

    /// <inheritdoc/>
    public Task Switch(MigrationId migration, VmRef vm, CancellationToken cancel) => Change(vm, guest => Departures.Switch(guest, migration, cancel), cancel);

    /// <inheritdoc/>
    public async Task Run(VmRef vm, CancellationToken cancel) => await Change(vm, async guest =>
    {
        var view = await guest.Monitor.Look(guest.Record, cancel);
        var sighting = Sightings.Of(guest.Record, view);
        switch (sighting.State)
        {
            case GuestState.Running:
                break;
            case GuestState.Received:
                await Arrivals.Run(guest, cancel);
                break;
            case GuestState.Sent:
                await RunAgain(guest, view, cancel);
                break;
            case GuestState.Paused when !Sightings.IsDeparting(guest.Record):
                await ColdDepartures.GoOn(guest, view, cancel);
                break;
            default:
                throw new DriverException($"{vm} is {sighting.State} here: it cannot run");
        }

        await LifeSign.Wait(guest, cancel);
    }, cancel);

    /// <inheritdoc/>
    public Task Cancel(MigrationId migration, VmRef vm, CancellationToken cancel) => InTurn(vm, async () =>
    {
        if (Living(vm) is not { } guest)
        {
            // It died, perhaps as it was told to run: what it left is nobody's, the VM is its source's again.
            if (Folder(vm).Read() is { Departure: null } left && left.ReceivedBy == migration)
            {
                await Forget(vm, cancel);
            }

            return true;
        }

        if (guest.Record.ReceivedBy == migration && guest.Record.Departure is null)
        {
            await CancelArrival(guest, migration, cancel);
        }
        else
        {
            await guest.InTurn(async () => { await Departures.Cancel(guest, migration, cancel); return true; }, cancel);
        }

        return true;
    }, cancel);

    /// <inheritdoc/>
    public async Task<ImmutableArray<GuestSighting>> Find(CancellationToken cancel)
    {
        _ = adopted.Value;
        var seen = await Task.WhenAll(guests.Values.Select(guest => guest.Look(cancel)));
        return [.. seen.OfType<GuestSighting>().OrderBy(sighting => sighting.Vm)];
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<VmRef>> Remains(CancellationToken cancel) => Task.FromResult<ImmutableArray<VmRef>>(
    [
        .. GuestFolder.All(host.Guests).Where(folder => HostProcess.Of(folder.PidFile) is null).Select(folder => folder.Read()?.Guest.Vm).OfType<VmRef>(),
    ]);

    /// <inheritdoc/>
    public async IAsyncEnumerable<(VmRef Vm, GuestSighting? Now)> Watch([EnumeratorCancellation] CancellationToken cancel)
    {
        var changes = Channel.CreateUnbounded<(VmRef, GuestSighting?)>();
        watchers[changes] = true;
        try
        {
            foreach (var there in await Find(cancel))
            {
                yield return (there.Vm, there);
            }

            await foreach (var change in changes.Reader.ReadAllAsync(cancel))
            {
                yield return change;
            }
        }
        finally
        {
            watchers.TryRemove(changes, out _);
        }
    }

    /// <inheritdoc/>
    public Task<byte[]> ReadLog(VmRef vm, int bytes, CancellationToken cancel) => Folder(vm) is var folder && File.Exists(folder.ConsoleLog)
        ? Task.FromResult(ConsoleLog.Tail(folder.ConsoleLog, bytes))
        : throw new DriverException($"{vm} is not here: it has no console");

    /// <inheritdoc/>
    public async Task<Stream> OpenConsole(VmRef vm, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Folder(vm).Console), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException fault)
        {
            socket.Dispose();
            throw new DriverException($"{vm} has no console here: {fault.Message}", fault);
        }
    }

    /// <summary>Looks after the VMs no longer; they run on.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var guest in guests.Values)
        {
            await guest.DisposeAsync();
        }

        guests.Clear();
    }

    private static async Task RunAgain(QemuGuest guest, MonitorView view, CancellationToken cancel)
    {
        var departure = guest.Record.Departure!;
        await (departure.Terms.IsLive ? guest.Monitor.Do("cont", cancel) : ColdDepartures.GoOn(guest, view, cancel));
        guest.Note(guest.Record with { Departure = departure with { Phase = DeparturePhase.Over, Fault = "all was sent, and the VM runs on here" } });
    }

    private async Task CancelArrival(QemuGuest guest, MigrationId migration, CancellationToken cancel)
    {
        // It was started standing still: never told to run, it does not, however silent it is.
        if (guest.Record.WasToldToRun && await guest.Look(cancel) is { State: not (GuestState.Received or GuestState.Receiving) } seen)
        {
            throw new DriverException($"{seen.Vm} is {seen.State} here: too late to take {migration} back");
        }

        await Forget(guest.Record.Guest.Vm, cancel);
    }

    private bool Adopt()
    {
        foreach (var folder in GuestFolder.All(host.Guests))
        {
            if (folder.Read() is { } record && HostProcess.Of(folder.PidFile) is not null)
            {
                Take(record, folder);
            }
        }

        return true;
    }

    private QemuGuest Take(GuestRecord record, GuestFolder folder)
    {
        var guest = new QemuGuest(record, folder, host, Tell);
        guests[record.Guest.Vm] = guest;
        guest.Keep();
        return guest;
    }

    private QemuGuest? Living(VmRef vm) => adopted.Value && guests.TryGetValue(vm, out var guest) && guest.IsAlive ? guest : null;

    private GuestFolder Folder(VmRef vm) => GuestFolder.Of(host.Guests, vm);

    private async Task<QemuGuest> Launch(GuestRecord record, GuestSpec guest, CancellationToken cancel)
    {
        var folder = Folder(guest.Vm);
        var settled = record with { Guest = await host.Settle(guest, cancel) };
        folder.Write(settled);
        try
        {
            await host.Launch(settled, guest.UserData, folder, cancel);
            return Take(folder.Read()!, folder);
        }
        catch (Exception fault) when (fault is DriverException or OperationCanceledException or IOException)
        {
            await Forget(guest.Vm, CancellationToken.None);
            throw;
        }
    }

    private async Task<bool> Forget(VmRef vm, CancellationToken cancel)
    {
        _ = adopted.Value;
        var folder = Folder(vm);
        if (!await HostProcess.Kill(folder.PidFile, 10 * host.Options.Patience, host.Clock, cancel))
        {
            throw new DriverException($"{vm}: its process does not end, the system holds it; look for a disk or a network file system that hangs");
        }

        if (guests.TryRemove(vm, out var guest))
        {
            await guest.DisposeAsync();
            if (!guest.IsToldGone)
            {
                Tell(vm, null);
            }
        }

        folder.Clear();
        host.PruneImages();
        return true;
    }

    private Task<bool> Change(VmRef vm, Func<QemuGuest, Task> change, CancellationToken cancel) => InTurn(vm, async () =>
    {
        var guest = Living(vm) ?? throw new DriverException($"{vm} is not here");
        return await guest.InTurn(async () => { await change(guest); return true; }, cancel);
    }, cancel);

    private async Task<T> InTurn<T>(VmRef vm, Func<Task<T>> work, CancellationToken cancel)
    {
        var turn = turns.GetOrAdd(vm, _ => new(1, 1));
        await turn.WaitAsync(cancel);
        try
        {
            return await work();
        }
        finally
        {
            turn.Release();
        }
    }

    private void Tell(VmRef vm, GuestSighting? now)
    {
        foreach (var watcher in watchers.Keys)
        {
            watcher.Writer.TryWrite((vm, now));
        }
    }
}
