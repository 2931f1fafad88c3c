using Federation.Actuation.Qemu;
using Federation.Domain.Guests;
using Federation.Domain.Identity;

namespace Federation.Actuation.Libvirt;

/// <summary>What libvirt and the driver's own record say of a VM, in the domain's words.</summary>
internal sealed class LibvirtSightings(LibvirtHost host, LibvirtDepartures departures)
{
    /// <summary>The VM as it is here; null: it is not.</summary>
    public async Task<GuestSighting?> Of(VmRef vm, CancellationToken cancel)
    {
        if (await departures.Settled(vm, cancel) is not { } record)
        {
            return null;
        }

        var state = (await host.States(cancel)).TryGetValue(record.Domain, out var there) ? there : (DomainState?)null;
        var (seen, remark) = Seen(record, state);
        return seen is null ? null : new(vm, seen.Value, await Progress(record, state, cancel), remark)
        {
            Hardware = record.Guest.Hardware, MemoryBytes = record.Guest.MemoryBytes,
            Taps = (state is not null || record.Phase == LibvirtPhase.Sent) && record.Guest.Nics.All(nic => nic.Bridge is not null) ? [.. record.Guest.Nics.Select((_, index) => QemuCommandLine.Tap(record.Guest.Vm, index))] : [],
        };
    }

    private static (GuestState? State, string? Remark) Seen(LibvirtRecord record, DomainState? state) => (record.Phase, state) switch
    {
        (LibvirtPhase.Sent, _) => (GuestState.Sent, "its copy here ended with the transfer"),
        (LibvirtPhase.Receiving, { IsRunning: true }) => (GuestState.Running, null),
        (LibvirtPhase.Receiving, { IsComplete: true } or { IsOff: true }) => (GuestState.Received, null),
        (LibvirtPhase.Receiving, _) => (GuestState.Receiving, null),
        (LibvirtPhase.Sending, { IsRunning: true }) => (GuestState.Running, null),
        (LibvirtPhase.Sending, { IsPaused: true }) => (GuestState.Sending, null),
        (LibvirtPhase.Sending, _) => (GuestState.Silent, "it is not here any more, and its destination cannot be asked whether it arrived"),
        (_, { IsRunning: true }) => (GuestState.Running, null),
        (_, { IsPaused: true }) => (GuestState.Paused, "libvirt has paused it: 'virsh domstate --reason' says why"),
        _ => (null, null),
    };

    private async Task<TransferProgress?> Progress(LibvirtRecord record, DomainState? state, CancellationToken cancel)
    {
        if (record.Migration is not { } migration)
        {
            return null;
        }

        if (record.Phase == LibvirtPhase.Sending && record.Terms!.IsLive && await host.Info(host.Options.Uri, record.Domain, completed: false, cancel) is { IsActive: true } under)
        {
            return under.Progress(migration);
        }

        if (record.Last is null && state is { IsComplete: true } && await host.Info(host.Options.Uri, record.Domain, completed: true, cancel) is { } done)
        {
            return host.Records.Write(record with { Last = done.Progress(migration) }).Last;
        }

        return (record.Last ?? new(migration)) with { Fault = record.Phase == LibvirtPhase.Running ? record.Fault : null };
    }
}
