using System.Collections.Immutable;
using Federation.Actuation.Watching;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;

namespace Federation.Actuation.Simulated;

/// <summary>
/// The hypervisor of a host that runs no VM but behaves as one that does: transfers take time, hold at their switch, are lost with either end, and
/// outlive the caller. For trying the service, and for tests of what may never happen to a VM.
/// </summary>
public sealed class SimulatedDriver(SimulatedDriverOptions options, TimeProvider clock) : IHypervisorDriver
{
    private const string Scheme = "simulator:";

    private readonly SimulatedWorld world = new(options.Directory);

    /// <inheritdoc/>
    public Task<HypervisorFacts> Describe(CancellationToken cancel) => Task.FromResult(new HypervisorFacts
    {
        Driver = "simulator",
        Version = "1",
        Architectures = ["x86_64"],
        CpuModels = ["simulated"],
        Machines = ["simulated"],
        MovesLive = true,
        HoldsAtSwitch = true,
        KeepsSent = true,
        MovesDisks = true,
        Remarks = ["Nothing runs: a VM is a file, and what is told of its transfers is computed."],
    });

    /// <inheritdoc/>
    public Task Start(GuestSpec guest, CancellationToken cancel) => Change(guest.Vm, (found, _) => found.At(options.Host) switch
    {
        null => found.With(new(options.Host, GuestState.Running, guest with { UserData = null })),
        { State: GuestState.Running } => found,
        var copy => throw new DriverException($"{guest.Vm} is not started: a copy of it is here that takes part in a move ({copy.State})"),
    });

    /// <inheritdoc/>
    public Task Stop(VmRef vm, CancellationToken cancel) => Change(vm, (found, _) => found.Without(options.Host));

    /// <inheritdoc/>
    public async Task<TransferTarget> Receive(MigrationId migration, GuestSpec guest, TransferTerms terms, CancellationToken cancel)
    {
        await Change(guest.Vm, (found, _) => found.At(options.Host) switch
        {
            null => found.With(new(options.Host, GuestState.Receiving, guest with { UserData = null }, Takes: new(migration, terms))),
            { State: GuestState.Receiving or GuestState.Received, Takes: { } takes } when takes.Migration == migration => found,
            var copy => throw new DriverException($"{guest.Vm} cannot be received for {migration}: a copy of it is here already ({copy.State})"),
        });
        return new($"{Scheme}{options.Host}", guest.Disks.IsEmpty ? null : $"{Scheme}{options.Host}");
    }

    /// <inheritdoc/>
    public Task Send(MigrationId migration, VmRef vm, TransferTarget to, TransferTerms terms, CancellationToken cancel) => Change(vm, (found, now) =>
    {
        var copy = Here(found, vm);
        if (copy.Sends is { } sends)
        {
            return sends.Migration == migration ? found : throw new DriverException($"{vm} cannot be sent for {migration}: {sends.Migration} sends it");
        }

        if (copy.State != GuestState.Running)
        {
            throw new DriverException($"{vm} cannot be sent for {migration}: it does not run ({copy.State})");
        }

        var target = Destination(found, migration, to);
        var begun = new Outgoing(migration, target.Host, terms, now);
        return found
            .With(target with { Takes = target.Takes! with { From = options.Host } })
            .With(copy with
            {
                State = terms.IsLive ? GuestState.Running : GuestState.AtSwitch, Sends = terms.IsLive ? begun : begun with { Stopped = now }, Takes = null,
            });
    });

    /// <inheritdoc/>
    public Task Switch(MigrationId migration, VmRef vm, CancellationToken cancel) => Change(vm, (found, now) => Here(found, vm) switch
    {
        { Sends: { } sends } copy when sends.Migration == migration => copy.State switch
        {
            GuestState.AtSwitch => found.With(copy with { State = GuestState.Sending, Sends = sends with { Switched = now } }),
            GuestState.Sending or GuestState.Sent => found,
            _ => throw new DriverException($"{vm} is not at the switch of {migration} yet ({copy.State})"),
        },
        var copy => throw new DriverException($"{vm} is not at the switch of {migration} ({copy.State})"),
    });

    /// <inheritdoc/>
    public Task Run(VmRef vm, CancellationToken cancel) => Change(vm, (found, now) => Here(found, vm) switch
    {
        { State: GuestState.Running } => found,
        { State: GuestState.Received } copy => found.With(copy with
        {
            State = GuestState.Running,
            Last = copy.Last! with { DowntimeSeconds = copy.Takes!.Stopped is { } stopped ? (now - stopped).TotalSeconds : null },
        }),
        { State: GuestState.Sent } copy => found.With(copy with { State = GuestState.Running, Sends = null }),
        var copy => throw new DriverException($"{vm} cannot be told to run: its copy here is {copy.State}"),
    });

    /// <inheritdoc/>
    public Task Cancel(MigrationId migration, VmRef vm, CancellationToken cancel) => Change(vm, (found, now) => found.At(options.Host) switch
    {
        { Sends: { } sends, State: not GuestState.Sent } copy when sends.Migration == migration =>
            found.With(SimulatedPassing.Back(copy, sends, now, options, "it was cancelled")),
        { Takes: { } takes } copy when takes.Migration == migration => copy.State == GuestState.Running
            ? throw new DriverException($"{vm} runs here already: too late to cancel {migration}")
            : found.Without(options.Host),
        _ => found,
    });

    /// <inheritdoc/>
    public async Task<ImmutableArray<GuestSighting>> Find(CancellationToken cancel)
    {
        var found = ImmutableArray.CreateBuilder<GuestSighting>();
        foreach (var vm in world.All().Order())
        {
            var now = clock.GetUtcNow();
            if (SimulatedPassing.Until(now, await world.Read(vm, cancel), options).At(options.Host) is { } copy)
            {
                found.Add(Sighting(vm, copy, now));
            }
        }

        return found.ToImmutable();
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<(VmRef Vm, GuestSighting? Now)> Watch(CancellationToken cancel) =>
        SightingChanges.Poll(Find, stop => Task.Delay(TimeSpan.FromSeconds(options.WatchSeconds), clock, stop), cancel);

    // Not to be cancelled half-way: a file is written or it is not. What time has made of the VM is kept first, then what the call makes of that.
    private Task Change(VmRef vm, Func<SimulatedGuest, DateTimeOffset, SimulatedGuest> change) => world.Update(vm, stored =>
    {
        var now = clock.GetUtcNow();
        return SimulatedPassing.Until(now, change(SimulatedPassing.Until(now, stored, options), now), options);
    });

    private GuestSighting Sighting(VmRef vm, SimulatedCopy copy, DateTimeOffset now) => new(
        vm,
        copy.State,
        copy.Sends is { } sends && copy.State != GuestState.Sent ? SimulatedPassing.Progress(copy, sends, now, options)
        : copy.Takes is { } takes && copy.Last is null ? new(takes.Migration)
        : copy.Last);

    private SimulatedCopy Here(SimulatedGuest found, VmRef vm) =>
        found.At(options.Host) ?? throw new DriverException($"no copy of {vm} is at {options.Host}");

    private SimulatedCopy Destination(SimulatedGuest found, MigrationId migration, TransferTarget to) =>
        to.Memory.StartsWith(Scheme, StringComparison.Ordinal)
        && found.At(to.Memory[Scheme.Length..]) is { State: GuestState.Receiving, Takes: { } takes } copy && takes.Migration == migration
        && copy.Host != options.Host
            ? copy
            : throw new DriverException($"nobody waits for {migration} at {to.Memory}");
}
