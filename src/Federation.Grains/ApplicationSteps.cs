using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;

namespace Federation.Grains;

/// <summary>Does what the stage of a change or a deletion asks for. Every step can be repeated: a crash may come between it and the stage that follows.</summary>
internal sealed class ApplicationSteps(IGrainFactory grains, IHypervisor hypervisor, EventRecorder events, TimeProvider clock)
{
    private readonly VmControl control = new(grains, hypervisor);

    /// <summary>Does the present stage of a change.</summary>
    /// <returns>The state that follows; null: something does not answer now, and the stage has to be tried again.</returns>
    public Task<ApplicationState?> Continue(ApplicationState state, ApplicationOperation.Change change) => change.Stage switch
    {
        ChangeStage.Reserving => Reserve(state, change),
        ChangeStage.Starting => Start(state, change),
        ChangeStage.Settling => Settle(state, change),
        _ => GiveBack(state, change),
    };

    /// <summary>Ends an application: its VMs stop, every place is given back, and nothing remembers it but its traffic and its events.</summary>
    /// <returns>The state that follows; null: something does not answer now, and this has to be done again.</returns>
    public async Task<ApplicationState?> Continue(ApplicationState state, ApplicationOperation.Delete delete)
    {
        var application = state.Application!;
        if (!await grains.Placement(application.Id).Delete())
        {
            return null;
        }

        var sites = new HashSet<SiteId>();
        foreach (var vm in application.Vms.Select(vm => new VmRef(application.Id, vm.Id)))
        {
            if ((await grains.Vm(vm).Status()).At is { } at)
            {
                sites.Add(at.Site);
            }

            if (!await control.Stop(vm, $"{application.Id.Key}/delete.{delete.Number}"))
            {
                return null;
            }
        }

        if (!await ReleaseEverywhere(application.Id, sites))
        {
            return null;
        }

        await grains.Segment(application.Id).Delete();
        await grains.Groups(application.Id).Delete();
        await grains.Costs(application.Id).Delete();
        await grains.Federation().RemoveApplication(application.Id);
        await events.Record("application.deleted", $"application {application.Id} deleted, its places given back", application.Id);
        return state.EndDelete(delete.Number);
    }

    private async Task<ApplicationState?> Reserve(ApplicationState state, ApplicationOperation.Change change)
    {
        var wanted = change.Adoptions.GroupBy(vm => vm.At.Site, vm => Request(change, vm)).OrderBy(site => site.Key)
            .Select(site => (site.Key, site.ToImmutableArray())).ToList();
        if (await new JointReservation(grains).Admit(change.Reservation, wanted) is { } refusal)
        {
            return state.Refuse(change.Number, [refusal]);
        }

        var ran = new HashSet<VmId>();
        foreach (var vm in change.Adoptions)
        {
            if (await control.Find(new(change.Next.Id, vm.Vm)) is not { } found)
            {
                return null;
            }

            if (found.RunsAt == vm.At)
            {
                ran.Add(vm.Vm);
            }
            else if (!found.Instances.IsEmpty)
            {
                return state.Refuse(change.Number, [Refusal.VmElsewhere(vm.Vm, found.Instances[0].At, vm.At)]);
            }
        }

        return state.Reserved(change.Number, ran);
    }

    private async Task<ApplicationState?> Start(ApplicationState state, ApplicationOperation.Change change)
    {
        foreach (var vm in change.Adoptions)
        {
            var reference = new VmRef(change.Next.Id, vm.Vm);
            try
            {
                var refusal = (await grains.Site(vm.At.Site).Confirm(reference, change.Reservation)).Refusal
                    ?? await control.Start(await control.StartOf(change.Next, vm.Vm, vm.At), change.Reservation.Key);
                if (refusal is { Code: RefusalCode.OutcomeUnknown })
                {
                    return null;
                }

                if (refusal is not null)
                {
                    return state.Refuse(change.Number, [Refusal.VmNotAdopted(vm.Vm, vm.At, refusal)]);
                }

                if ((await grains.Site(vm.At.Site).Arrive(reference, change.Reservation)).Refusal is { } lost)
                {
                    return state.Refuse(change.Number, [Refusal.VmNotAdopted(vm.Vm, vm.At, lost)]);
                }
            }
            catch (SiteOfflineException)
            {
                return state.Refuse(change.Number, [Refusal.SiteOffline(vm.At.Site)]);
            }
        }

        return state.Commit(change.Number, clock.GetUtcNow());
    }

    private async Task<ApplicationState?> Settle(ApplicationState state, ApplicationOperation.Change change)
    {
        var application = change.Next;
        if (!await Remove(application.Id, change))
        {
            return null;
        }

        await grains.Federation().RegisterApplication(application.Id, ApplicationNeeds.Of(application));
        await grains.Retention(application.Id).Keep(application.Retention);
        await grains.Segment(application.Id).Rewished();
        if (!change.Adoptions.IsEmpty)
        {
            await grains.Placement(application.Id).Watch();
        }

        var did = state.Revision == 1 ? "created" : "changed";
        await events.Record(
            $"application.{did}",
            $"application {application.Id} {(state.Revision == 1 ? "submitted" : did)}: {application.Vms.Length} VMs (revision {state.Revision})",
            application.Id);
        return state.EndChange(change.Number);
    }

    // False: its hypervisor or its site does not answer. The description knows it no more, so that nobody else goes on with it.
    private async Task<bool> Remove(AppId application, ApplicationOperation.Change change)
    {
        foreach (var (vm, at) in change.Removed)
        {
            var reference = new VmRef(application, vm);
            if (!await control.Stop(reference, $"{application.Key}/remove.{change.Number}"))
            {
                return false;
            }

            try
            {
                await (at is { } place ? grains.Site(place.Site).Release([reference]) : Task.CompletedTask);
            }
            catch (SiteOfflineException)
            {
                return false;
            }

            await grains.Segment(application).Forget(vm);
            await grains.Groups(application).Forget(vm);
            await grains.Placement(application).VmRemoved(vm);
            var gone = at is { } left ? $"stopped at {left}, its place given back" : "it ran nowhere";
            await events.Record("vm.deleted", $"{reference} was taken out of its application: {gone}", application, at?.Site);
        }

        return true;
    }

    // A place that was confirmed does not expire: a site that is offline is waited for.
    private async Task<ApplicationState?> GiveBack(ApplicationState state, ApplicationOperation.Change change)
    {
        foreach (var vm in change.MayRun ? change.Adoptions : [])
        {
            var reference = new VmRef(change.Next.Id, vm.Vm);
            if (vm.RanBefore)
            {
                await Forget(reference, change);
            }
            else if (!await control.Stop(reference, $"{change.Reservation.Key}, given back"))
            {
                return null;
            }

            try
            {
                await grains.Site(vm.At.Site).Release([reference]);
            }
            catch (SiteOfflineException)
            {
                return null;
            }
        }

        if (!change.MayRun)
        {
            await new JointReservation(grains).Cancel(change.Reservation, change.Adoptions.Select(vm => vm.At.Site).Distinct());
        }

        return state.EndChange(change.Number);
    }

    // It runs on, as before: the service knows nothing of it again.
    private async Task Forget(VmRef vm, ApplicationOperation.Change change) =>
        await grains.Vm(vm).SetLocation(null, await grains.Vm(vm).NextEpoch($"{change.Reservation.Key}, given back"));

    // A site where no VM of it is may be offline: what was never confirmed there expires.
    private async Task<bool> ReleaseEverywhere(AppId application, HashSet<SiteId> needed)
    {
        foreach (var site in (await grains.Federation().Sites()).Union(needed))
        {
            try
            {
                await grains.Site(site).ReleaseAll(application);
            }
            catch (SiteOfflineException) when (!needed.Contains(site))
            {
                continue;
            }
            catch (SiteOfflineException)
            {
                return false;
            }
        }

        return true;
    }

    // How long it stays is not planned: its core-hours count as it uses them.
    private static AdmissionRequest Request(ApplicationOperation.Change change, Adoption adoption) => new(
        change.Reservation, new(change.Next.Id, adoption.Vm), adoption.At.Offer, change.Next.Vms.Single(vm => vm.Id == adoption.Vm).Needs, CoreHours: 0)
    {
        Wishes = HostWishes.Of(adoption.Vm, [], change.Next.Apart.Select(spread => spread.Vms)),
    };
}
