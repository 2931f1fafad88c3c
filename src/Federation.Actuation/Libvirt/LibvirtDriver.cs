using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Federation.Actuation.Watching;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;

namespace Federation.Actuation.Libvirt;

/// <summary>VMs by libvirt's <c>virsh</c>. It promises less than QEMU's own monitor allows: see what <see cref="Describe"/> remarks.</summary>
/// <param name="options">The host.</param>
/// <param name="http">Gets images from the web.</param>
/// <param name="clock">Measures how long moves take.</param>
public sealed class LibvirtDriver(LibvirtOptions options, HttpClient http, TimeProvider clock) : IHypervisorDriver
{
    private readonly LibvirtHost host = new(options, http, clock);
    private readonly ConcurrentDictionary<VmRef, SemaphoreSlim> turns = new();
    private readonly Wake wake = new();

    private LibvirtDepartures Departures => new(host);

    private LibvirtSightings Sightings => new(host, Departures);

    /// <inheritdoc/>
    public Task<HypervisorFacts> Describe(CancellationToken cancel) => host.Describe(cancel);

    /// <inheritdoc/>
    public Task Start(GuestSpec guest, CancellationToken cancel) => Change(guest.Vm, async () =>
    {
        if (host.Records.Read(guest.Vm) is { Phase: not (LibvirtPhase.Running or LibvirtPhase.Unexpected) } other)
        {
            throw new DriverException($"{guest.Vm} is not started: a copy of it is here that takes part in a move ({other.Phase})");
        }

        if (!(await host.States(cancel)).ContainsKey(LibvirtRecord.NameOf(guest.Vm)))
        {
            var spec = await host.Prepare(guest, cancel);
            await host.MakeDisks(spec, cancel);
            host.Records.Write(new(spec, LibvirtPhase.Running));
            await host.Virsh.Do(["create", await host.WriteXml(spec, cancel)], cancel);
        }
    }, cancel);

    /// <inheritdoc/>
    public Task Stop(VmRef vm, CancellationToken cancel) => Change(vm, async () =>
    {
        var record = await Departures.Settled(vm, cancel);
        await host.Clear(vm, cancel);
        while (host.Job(vm).IsActive)
        {
            await Task.Delay(LibvirtHost.Moment, clock, cancel);
        }

        // Disks are shared: what was sent or only expected is not this host's to remove.
        if (record is { Phase: LibvirtPhase.Running or LibvirtPhase.Sending })
        {
            host.RemoveDisks(record.Guest);
        }

        Forget(vm, record);
    }, cancel);

    /// <inheritdoc/>
    public async Task<TransferTarget> Receive(MigrationId migration, GuestSpec guest, TransferTerms terms, CancellationToken cancel)
    {
        var peer = options.PeerUri ?? throw new DriverException("no VM can be moved here: the host's settings name no address for other libvirts (peer)");
        await Change(guest.Vm, async () =>
        {
            if (host.Records.Read(guest.Vm) is { Phase: not LibvirtPhase.Unexpected } there)
            {
                _ = there.Phase == LibvirtPhase.Receiving && there.Migration == migration ? there
                    : throw new DriverException($"{guest.Vm} cannot be received for {migration}: a copy of it is here already ({there.Phase})");
                return;
            }

            host.Records.Write(new(await host.Prepare(guest, cancel), LibvirtPhase.Receiving, migration, terms));
        }, cancel);
        return new LibvirtTarget(peer, options.MigrateUri).Text;
    }

    /// <inheritdoc/>
    public Task Send(MigrationId migration, VmRef vm, TransferTarget to, TransferTerms terms, CancellationToken cancel) => Change(vm, async () =>
    {
        var record = await Here(vm, cancel);
        if (record.Migration == migration && record.Phase is LibvirtPhase.Sending or LibvirtPhase.Sent)
        {
            return;
        }

        if (record.Phase != LibvirtPhase.Running || !(await host.States(cancel)).GetValueOrDefault(record.Domain).IsRunning)
        {
            throw new DriverException($"{vm} cannot be sent for {migration}: it does not run, or another migration sends it ({record.Phase} {record.Migration})");
        }

        record = host.Records.Write(new(record.Guest, LibvirtPhase.Sending, migration, terms, LibvirtTarget.Read(to), clock.GetUtcNow()));
        await Departures.Begin(record, cancel);
    }, cancel);

    /// <inheritdoc/>
    public Task Switch(MigrationId migration, VmRef vm, CancellationToken cancel) => Change(vm, async () =>
    {
        var record = await Here(vm, cancel);
        if (record.Migration != migration || record.Phase is not (LibvirtPhase.Sending or LibvirtPhase.Sent))
        {
            throw new DriverException($"{vm} is not at the switch of {migration} ({record.Phase})");
        }
    }, cancel);

    /// <inheritdoc/>
    public Task Run(VmRef vm, CancellationToken cancel) => Change(vm, async () =>
    {
        var record = await Here(vm, cancel);
        var state = (await host.States(cancel)).GetValueOrDefault(record.Domain);
        if (state.IsRunning)
        {
            host.Records.Write(record.Phase == LibvirtPhase.Receiving ? record with { Phase = LibvirtPhase.Running } : record);
            return;
        }

        if (record.Phase != LibvirtPhase.Receiving || !(state.IsComplete || state.IsOff))
        {
            throw new DriverException(record.Phase == LibvirtPhase.Sent
                ? $"{vm} cannot run here again: its copy ended with the transfer"
                : $"{vm} cannot be told to run: its copy here is {record.Phase} and not complete");
        }

        await host.Virsh.Do([state.IsOff ? "start" : "resume", record.Domain], cancel);
        if (state.IsOff)
        {
            // From here on it is there only as long as it runs, as all others.
            await host.Virsh.Do(["undefine", record.Domain], cancel);
        }

        host.Records.Write(record with { Phase = LibvirtPhase.Running });
        await host.UntilItLives(record, cancel);
    }, cancel);

    /// <inheritdoc/>
    public Task Cancel(MigrationId migration, VmRef vm, CancellationToken cancel) => Change(vm, async () =>
    {
        var record = await Departures.Settled(vm, cancel);
        if (record?.Migration != migration)
        {
            return;
        }

        switch (record.Phase)
        {
            case LibvirtPhase.Sending:
                await Departures.Cancel(record, cancel);
                break;
            case LibvirtPhase.Receiving when (await host.States(cancel)).GetValueOrDefault(record.Domain).IsRunning:
            case LibvirtPhase.Running when record.To is null:
                throw new DriverException($"{vm} runs here already: too late to cancel {migration}");
            case LibvirtPhase.Receiving:
                await host.Clear(vm, cancel);
                Forget(vm, record);
                break;
        }
    }, cancel);

    /// <inheritdoc/>
    public async Task<ImmutableArray<GuestSighting>> Find(CancellationToken cancel)
    {
        var found = ImmutableArray.CreateBuilder<GuestSighting>();
        foreach (var vm in host.Records.All())
        {
            if (await InTurn(vm, () => Sightings.Of(vm, cancel), cancel) is { } sighting)
            {
                found.Add(sighting);
            }
        }

        return found.ToImmutable();
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<(VmRef Vm, GuestSighting? Now)> Watch([EnumeratorCancellation] CancellationToken cancel)
    {
        var next = wake.Next;
        Task<ImmutableArray<GuestSighting>> Look(CancellationToken stop)
        {
            next = wake.Next;
            return Find(stop);
        }

        await foreach (var change in SightingChanges.Poll(Look, stop => Wake.Wait(next, options.Period, clock, stop), cancel))
        {
            yield return change;
        }
    }

    // A libvirt takes whatever another one sends: what was expected may still be on its way, and is ended when it comes.
    private void Forget(VmRef vm, LibvirtRecord? record)
    {
        if (record is { Phase: LibvirtPhase.Receiving })
        {
            host.Records.Write(record with { Phase = LibvirtPhase.Unexpected, Began = clock.GetUtcNow() });
        }
        else if (host.Records.Read(vm) is not { Phase: LibvirtPhase.Unexpected })
        {
            host.Records.Remove(vm);
        }
    }

    private async Task<LibvirtRecord> Here(VmRef vm, CancellationToken cancel) =>
        await Departures.Settled(vm, cancel) ?? throw new DriverException($"no copy of {vm} is here");

    private async Task Change(VmRef vm, Func<Task> change, CancellationToken cancel)
    {
        await InTurn(vm, async () =>
        {
            await change();
            return true;
        }, cancel);
        wake.Now();
    }

    private async Task<T> InTurn<T>(VmRef vm, Func<Task<T>> action, CancellationToken cancel)
    {
        var turn = turns.GetOrAdd(vm, _ => new(1, 1));
        await turn.WaitAsync(cancel);
        try
        {
            return await action();
        }
        finally
        {
            turn.Release();
        }
    }
}
