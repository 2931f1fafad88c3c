using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Microsoft.Extensions.Logging;

namespace Federation.Host.Networks;

/// <summary>A driver whose VMs are on their applications' segments: what it does and tells, it does and tells only when their frames go the right way.</summary>
/// <remarks>
/// A VM is started and received once its segment is here. A source is switched once frames for it are sent on to its destination. A destination is told as
/// complete, and run, once they come to it.
/// </remarks>
/// <param name="inner">The driver.</param>
/// <param name="segments">The host's segments.</param>
/// <param name="log">Hears what could not be looked at.</param>
internal sealed class NetworkedDriver(IHypervisorDriver inner, SegmentDesk segments, ILogger log) : IHypervisorDriver
{
    /// <inheritdoc/>
    public Task<HypervisorFacts> Describe(CancellationToken cancel) => inner.Describe(cancel);

    /// <inheritdoc/>
    public async Task Start(GuestSpec guest, CancellationToken cancel)
    {
        await inner.Start(await segments.Ready(guest, cancel), cancel);
        await Follow(guest.Vm, cancel);
    }

    /// <inheritdoc/>
    public async Task Stop(VmRef vm, CancellationToken cancel)
    {
        await inner.Stop(vm, cancel);
        await Follow(vm, cancel);
    }

    /// <inheritdoc/>
    public async Task<TransferTarget> Receive(MigrationId migration, GuestSpec guest, TransferTerms terms, CancellationToken cancel)
    {
        var target = await inner.Receive(migration, await segments.Ready(guest, cancel), terms, cancel);
        await Follow(guest.Vm, cancel);
        return target;
    }

    /// <inheritdoc/>
    public Task Send(MigrationId migration, VmRef vm, TransferTarget to, TransferTerms terms, CancellationToken cancel) => inner.Send(migration, vm, to, terms, cancel);

    /// <inheritdoc/>
    public async Task Switch(MigrationId migration, VmRef vm, CancellationToken cancel)
    {
        await Lead(vm, cancel);
        await inner.Switch(migration, vm, cancel);
    }

    /// <inheritdoc/>
    public async Task Run(VmRef vm, CancellationToken cancel)
    {
        await Lead(vm, cancel);
        await inner.Run(vm, cancel);
        await Follow(vm, cancel);
    }

    /// <inheritdoc/>
    public async Task Cancel(MigrationId migration, VmRef vm, CancellationToken cancel)
    {
        await inner.Cancel(migration, vm, cancel);
        await Follow(vm, cancel);
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<GuestSighting>> Find(CancellationToken cancel)
    {
        var look = segments.BeginLook();
        return await segments.See(look, await inner.Find(cancel), cancel);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<(VmRef Vm, GuestSighting? Now)> Watch([EnumeratorCancellation] CancellationToken cancel)
    {
        // At once, and not with the next report: while a VM stands at its switch, what arrives for it is lost until it is sent on.
        await foreach (var (vm, now) in inner.Watch(cancel).WithCancellation(cancel))
        {
            await segments.Change(segments.BeginLook(), vm, now, cancel);
            yield return (vm, now);
        }
    }

    // Before something: what is seen has to be in force.
    private async Task Lead(VmRef vm, CancellationToken cancel)
    {
        await Find(cancel);
        if (await segments.FaultOf(vm, cancel) is { } fault)
        {
            throw new DriverException($"{vm} is left as it is, for its network is not as it has to be: {fault}");
        }
    }

    // After something: it is done, and is told as done; what cannot be looked at now, the next report looks at.
    private async Task Follow(VmRef vm, CancellationToken cancel)
    {
        try
        {
            await segments.Doubt(vm, cancel);
            await Find(cancel);
        }
        catch (DriverException fault)
        {
            log.NotFound(fault.Message);
        }
    }
}
