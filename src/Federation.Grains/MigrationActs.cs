using Federation.Contracts;
using Federation.Domain;
using Federation.Domain.Migration;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;

namespace Federation.Grains;

/// <summary>Does what a migration's phase asks of sites, hypervisors and the VM's grain. Each act can be repeated.</summary>
internal sealed class MigrationActs(IGrainFactory grains, IHypervisor hypervisor, MigrationState state)
{
    // Longer than that the migration's own patience decides.
    private static readonly TimeSpan LongestWaitForHosts = TimeSpan.FromSeconds(5);

    private MigrationOrder Order => state.Order;

    private ReservationId Reservation => ReservationId.OfStep(Order.Id);

    // One that an earlier version began was looked at when it was planned.
    private AdmissionRequest Request => new(Reservation, Order.Vm, Order.To.Offer, state.Needs ?? new(0, 0, []), state.CoreHours) { Wishes = state.Wishes };

    /// <summary>Keeps a place at the new site, on a host if it has any, notes at the old one that the VM begins to leave, and has both hosts know of it.</summary>
    /// <returns>A no; or the order with the hosts.</returns>
    public async Task<(Verdict Verdict, MigrationOrder Order)> Reserve()
    {
        var verdict = await grains.Site(Order.To.Site).Admit([Request]);
        if (verdict.IsFeasible)
        {
            verdict = await grains.Site(Order.From.Site).BeginLeaving(Order.Vm, Order.Id);
        }

        if (!verdict.IsFeasible)
        {
            return (verdict, Order);
        }

        var (from, to) = (await grains.Site(Order.From.Site).HostOf(Order.Vm), await grains.Site(Order.To.Site).HostOf(Order.Vm));
        var hosted = Order with { FromHost = from?.Host, ToHost = Order.StaysAtSite ? to?.NextHost : to?.Host };
        return hosted.FromHost is null == hosted.ToHost is null
            ? (await Expect(hosted), hosted)
            : (Verdict.Reject(hosted.FromHost is not null
                ? Refusal.HostsAtOneEnd(Order.From.Site, Order.To.Site)
                : Refusal.HostsAtOneEnd(Order.To.Site, Order.From.Site)), Order);
    }

    // Before anything is begun at the hypervisors: then no host sends on to one that would send it back. What is taken back is over with the VM's next epoch.
    private async Task<Verdict> Expect(MigrationOrder order) => order is { FromHost: { } from, ToHost: { } to, Guest: { } guest }
        ? await grains.Segment(order.Vm.Application).Expect(new(order.Vm, new(order.From.Site, from), order.Epoch, guest.Nics), new(order.To.Site, to), LongestWaitForHosts)
        : Verdict.Feasible;

    /// <summary>Keeps the place for longer. One that was lost meanwhile is noticed when it is to be confirmed.</summary>
    public Task Renew() => grains.Site(Order.To.Site).Admit([Request]);

    /// <summary>Its new place is the VM's own from here on, however long it takes.</summary>
    public Task<Verdict> KeepPlace() => grains.Site(Order.To.Site).Confirm(Order.Vm, Reservation);

    /// <summary>Notes that the VM is at its destination, and lets it run there.</summary>
    /// <returns>The epoch of that.</returns>
    public async Task<long> RunThere(CancellationToken cancel)
    {
        var epoch = await grains.Vm(Order.Vm).Own(Order.Destination, Reason("runs there"));
        await hypervisor.Run(Order, Order.Destination, epoch, cancel);
        return epoch;
    }

    /// <summary>Gives the old place back, once nothing is left of the VM there.</summary>
    /// <returns>False: its host does not answer.</returns>
    public async Task<Verdict> Leave(CancellationToken cancel)
    {
        if (await grains.Site(Order.To.Site).Arrive(Order.Vm, Reservation) is { IsFeasible: false } unknown)
        {
            return unknown;
        }

        var source = (await hypervisor.Look(Order, seen: null, cancel)).Source;
        if (source.IsUnheard)
        {
            return Verdict.Reject(Refusal.HostSilent(Order.From.Site, Order.FromHost));
        }

        if (source.Known == EndKnown.Heard)
        {
            await hypervisor.Stop(Order.Vm, Order.Source, state.OwnerEpoch ?? Order.Epoch, cancel);
        }

        await grains.Site(Order.From.Site).Depart(Order.Vm, Order.Id);
        return Verdict.Feasible;
    }

    /// <summary>Stops the copy at the destination, which may have run: before it is gone nobody else may run.</summary>
    public async Task StopThere(CancellationToken cancel) => await hypervisor.Stop(Order.Vm, Order.Destination, await NextEpoch(), cancel);

    /// <summary>Notes that the VM is at its source, and lets it run on there.</summary>
    /// <param name="isComplete">Whether all of it was sent, so that it does not run on by itself.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task RunHere(bool isComplete, CancellationToken cancel)
    {
        var epoch = await OwnHere();
        await (isComplete ? hypervisor.Run(Order, Order.Source, epoch, cancel) : hypervisor.Cancel(Order, Order.Source, epoch, cancel));
    }

    /// <summary>Clears the copy at the destination, which never ran.</summary>
    public async Task ClearThere(CancellationToken cancel) => await hypervisor.Cancel(Order, Order.Destination, await OwnHere(), cancel);

    /// <summary>Gives back what was kept for it; the VM stays.</summary>
    public async Task Finish(MigrationLook look, CancellationToken cancel)
    {
        // With a newer epoch, so that no call of this migration is done late, when its new place is another's.
        var epoch = await OwnHere();
        await hypervisor.Cancel(Order, Order.Source, epoch, cancel);
        if (look.Destination.Known == EndKnown.Heard)
        {
            await hypervisor.Cancel(Order, Order.Destination, epoch, cancel);
        }

        await Unreserve();
    }

    /// <summary>Gives back what was kept for it at both sites, and has hosts expect it no more.</summary>
    public async Task Unreserve()
    {
        if (Order is { FromHost: not null, Guest: not null })
        {
            await grains.Segment(Order.Vm.Application).Unexpect(Order.Vm.Vm, Order.Epoch);
        }

        await grains.Site(Order.From.Site).CancelLeaving(Order.Vm, Order.Id);
        await CancelPlace();
    }

    /// <summary>Notes that the VM is nowhere, and clears what is left of it.</summary>
    public async Task GiveUp(MigrationLook look, CancellationToken cancel)
    {
        var epoch = await NextEpoch();
        foreach (var (end, at) in new[] { (look.Source, Order.Source), (look.Destination, Order.Destination) })
        {
            if (end.Known == EndKnown.Heard)
            {
                await hypervisor.Stop(Order.Vm, at, epoch, cancel);
            }
        }

        await grains.Vm(Order.Vm).SetLocation(null, epoch);
        await grains.Site(Order.From.Site).Release([Order.Vm]);
        await CancelPlace();
        await grains.Placement(Order.Vm.Application).VmsLost([Order.Vm.Vm]);
    }

    private Task<long> OwnHere() => grains.Vm(Order.Vm).Own(Order.Source, Reason("taken back"));

    private Task<long> NextEpoch() => grains.Vm(Order.Vm).NextEpoch(Reason("stopped"));

    // A migration may come to a phase more than once: each time is an operation of its own.
    private string Reason(string what) => $"{Order.Id.Key}, {what} ({(state.Phases.IsDefault ? 0 : state.Phases.Length)})";

    private async Task CancelPlace()
    {
        try
        {
            await grains.Site(Order.To.Site).Cancel(Reservation);
        }
        catch (SiteOfflineException) when (state.FailedIn < MigrationPhase.PreCopy)
        {
            // It was never confirmed: the site gives it back by itself.
            return;
        }
    }
}
