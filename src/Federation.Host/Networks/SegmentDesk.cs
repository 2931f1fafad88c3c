using System.Collections.Immutable;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Host.Networks.Dhcp;
using Federation.Sensor.Daemon;
using Microsoft.Extensions.Logging;

namespace Federation.Host.Networks;

/// <summary>Keeps the segments of a host as the service wants them, and as the copies of VMs that are here need them. For all threads.</summary>
/// <param name="here">This host.</param>
/// <param name="plumber">Sets them up.</param>
/// <param name="dhcp">Tells VMs their addresses; disposed of with this.</param>
/// <param name="sent">Remembers over a restart which copies have left.</param>
/// <param name="clock">Times waits.</param>
/// <param name="log">Hears what cannot be done.</param>
/// <param name="gateway">Sets up the way from outside; null: this host is no gateway.</param>
/// <param name="client">Puts this machine itself on its segment; null: it is no client.</param>
internal sealed class SegmentDesk(
    VtepId here, ISegmentPlumber plumber, DhcpDesk dhcp, SentCopies sent, TimeProvider clock, ILogger log, IGatewayPlumber? gateway = null, ClientPlumber? client = null) : IDisposable
{
    /// <summary>How long a VM that is to come waits for its segment.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // How often it is looked at whether the kernel has still what it was told; while a VM moves from or to here it is not.
    private static readonly TimeSpan LooksEvery = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly HeldSegments held = new(here, plumber, dhcp, gateway, client, log);
    private TaskCompletionSource changed = Fresh();
    private HostNetwork? network;
    private SeenCopies? copies;
    private readonly LastFault shareFault = new();
    private long looks;
    private long lastLook;
    private long lookedAt = clock.GetTimestamp();

    /// <summary>This host's end of the overlay; null before <see cref="Begin"/> has ended.</summary>
    public HostNetwork? Network => network;

    /// <summary>What the service may count on.</summary>
    public Task<ImmutableSortedDictionary<string, long>> Known(CancellationToken cancel) =>
        InTurn(() => Task.FromResult(held.Known), cancel);

    /// <summary>Gets ready, and finds the segments that are here of an earlier run; tries until it can.</summary>
    public async Task Begin(CancellationToken cancel)
    {
        while (network is null)
        {
            try
            {
                held.Find(await plumber.Begin(cancel));
                await (gateway?.Begin(cancel) ?? Task.CompletedTask);
                await (client?.Begin(cancel) ?? Task.CompletedTask);
                network = await plumber.Describe(cancel);
            }
            catch (DriverException fault)
            {
                log.NetworkNotReady(fault.Message);
                await Task.Delay(Again, clock, cancel);
            }
        }
    }

    /// <summary>Takes news of segments and has them in force.</summary>
    /// <returns>Whether all are; what is not is tried again with what comes next.</returns>
    public Task<bool> Take(SegmentsNews news, CancellationToken cancel) => InTurn(async () =>
    {
        foreach (var update in news.Updates)
        {
            if (await held.Take(update, cancel))
            {
                await Establish(update.Application, cancel);
            }
        }

        // What could not be done before is tried again, be there news of it or not.
        foreach (var application in held.Faulty)
        {
            await Establish(application, cancel);
        }

        if (copies is not null)
        {
            sent.Keep(copies);
        }

        Interlocked.Exchange(ref changed, Fresh()).TrySetResult();
        return held.Faulty.IsEmpty;
    }, cancel);

    /// <summary>What clients may send on all segments here.</summary>
    public Task<ImmutableSortedSet<ClientRight>> ClientRights(CancellationToken cancel) =>
        InTurn(() => Task.FromResult(held.ClientRights), cancel);

    /// <summary>The hosts of all segments here.</summary>
    public Task<ImmutableArray<SegmentPeer>> Peers(CancellationToken cancel) =>
        InTurn(() => Task.FromResult(held.Peers), cancel);

    /// <summary>A number for a look at the copies that begins now: what a later one saw is newer.</summary>
    public long BeginLook() => Interlocked.Increment(ref looks);

    /// <summary>Has all in force that the copies here need.</summary>
    /// <param name="look">The number of the look.</param>
    /// <param name="sightings">What it saw.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>What may be told of the copies: one is complete only once frames for it come here.</returns>
    public Task<ImmutableArray<GuestSighting>> See(long look, ImmutableArray<GuestSighting> sightings, CancellationToken cancel) => InTurn(async () =>
    {
        if (look > lastLook)
        {
            (lastLook, copies) = (look, (copies ?? sent.Begin()).Then(sightings));
            LookAgainAtTimes();
            foreach (var application in held.Applications)
            {
                await Establish(application, cancel);
            }

            // Before anybody is told that all was sent: then it may be cleared.
            sent.Keep(copies);
            await Share(cancel);
        }

        return sightings.Select(Told).ToImmutableArray();
    }, cancel);

    /// <summary>Has in force what one copy needs that has just changed.</summary>
    /// <param name="look">The number of the look that saw it.</param>
    /// <param name="vm">The VM.</param>
    /// <param name="now">Its copy; null: it is gone.</param>
    /// <param name="cancel">Gives up.</param>
    public Task Change(long look, VmRef vm, GuestSighting? now, CancellationToken cancel) => InTurn(async () =>
    {
        if (look > lastLook && copies is not null)
        {
            (lastLook, copies) = (look, copies.With(vm, now));
            await Establish(vm.Application, cancel);
            sent.Keep(copies);
            await Share(cancel);
        }

        return true;
    }, cancel);

    /// <summary>Waits until all that a VM needs to come here is in force.</summary>
    /// <returns>The VM with its bridges.</returns>
    /// <exception cref="DriverException">It is not in time.</exception>
    public async Task<GuestSpec> Ready(GuestSpec guest, CancellationToken cancel)
    {
        var ports = guest.Nics.Select((_, nic) => new SegmentPort(guest.Vm, nic)).ToArray();
        for (var begun = clock.GetTimestamp(); ports.Length > 0;)
        {
            var next = Volatile.Read(ref changed).Task;
            var segment = await InTurn(() => Task.FromResult(held.Of(guest.Vm.Application)), cancel);
            if (segment is not null && ports.All(segment.Has))
            {
                return guest with { Nics = [.. guest.Nics.Select(nic => nic with { Bridge = DeviceNames.Bridge(segment.Vni), Mtu = segment.Segment!.Mtu })] };
            }

            var left = Patience - clock.GetElapsedTime(begun);
            if (left <= TimeSpan.Zero)
            {
                throw new DriverException(segment?.Fault is { } fault
                    ? $"the network of {guest.Vm.Application} is not in force on host {here}: {fault}"
                    : $"the service has not told host {here} within {Patience.TotalSeconds} s where {guest.Vm} is on the network of {guest.Vm.Application}");
            }

            await Task.WhenAny(next, Task.Delay(left, clock, cancel));
            cancel.ThrowIfCancellationRequested();
        }

        return guest;
    }

    /// <summary>Something was begun or ended for a VM here: what the kernel has of its segment is looked at anew.</summary>
    public Task Doubt(VmRef vm, CancellationToken cancel) => InTurn(() =>
    {
        held.Doubt(application => application == vm.Application);

        return Task.FromResult(true);
    }, cancel);

    /// <summary>Why the entries of a VM are not in force; null: they are, or it has no network interface.</summary>
    public Task<string?> FaultOf(VmRef vm, CancellationToken cancel) => InTurn(() => Task.FromResult(FaultOf(vm)), cancel);

    /// <summary>What is in force stays so.</summary>
    public void Dispose()
    {
        dhcp.Dispose();
        turn.Dispose();
    }

    private string? FaultOf(VmRef vm)
    {
        var ports = copies?.HereOf(vm.Application).Keys.Where(port => port.Vm == vm).ToList() ?? [];
        var segment = held.Of(vm.Application);
        return ports.Count == 0 || (segment is not null && ports.All(segment.Has)) ? null
            : segment?.Fault ?? $"the service has not told host {here} where {vm} is on the network of {vm.Application}";
    }

    private GuestSighting Told(GuestSighting guest) => guest.State == GuestState.Received && FaultOf(guest.Vm) is { } fault
        ? guest with { State = GuestState.Receiving, Remark = $"it is complete, and its network is not in force here: {fault}" }
        : guest;

    // Before the first look nothing is known of what is needed.
    private async Task Establish(AppId application, CancellationToken cancel) =>
        copies = copies is null ? null : await held.Establish(application, copies, network!.Address, cancel);

    // VMs run all the same where it cannot be done.
    private async Task Share(CancellationToken cancel)
    {
        try
        {
            await plumber.Share([.. copies!.Here.Values.Select(copy => copy.Tap)], cancel);
            shareFault.Over();
        }
        catch (DriverException fault)
        {
            shareFault.Is(fault.Message, log.NotShared);
        }
    }

    private void LookAgainAtTimes()
    {
        // A look takes a moment in which nothing else is done, and a VM that moves may come to its switch at any time.
        if (clock.GetElapsedTime(lookedAt) < LooksEvery || held.HasMoves)
        {
            return;
        }

        lookedAt = clock.GetTimestamp();
        held.Doubt(_ => true);
    }

    private async Task<T> InTurn<T>(Func<Task<T>> work, CancellationToken cancel)
    {
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

    private static TaskCompletionSource Fresh() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
