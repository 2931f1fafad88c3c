using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;

namespace Federation.Grains;

/// <summary>What a description would do: compared, and held against VMs and sites, without changing anything.</summary>
public sealed partial class ApplicationGrain
{
    /// <inheritdoc/>
    public async Task<ApplicationChange> Preview(Application application, ChangeCondition? condition = null)
    {
        var seen = Known;
        var created = seen.Application is null;
        if (await IsInForceAlready(seen.Application, application) && condition is not { IsAbsent: true })
        {
            return new(seen.Version, Created: false, Changed: false, []);
        }

        if (seen.Busy(Id) is { } busy)
        {
            return new(seen.Version, created, Changed: true, [busy]);
        }

        if (!(condition ?? ChangeCondition.None).Holds(seen.Version))
        {
            return new(seen.Version, created, Changed: true, [Refusal.VersionDiffers(Id, seen.Version?.ToString())]);
        }

        var next = application with { Id = Id with { Incarnation = seen.IncarnationOfNext } };
        var look = await DescriptionLook.Take(GrainFactory, seen.Application, next);
        return new(seen.Version, created, Changed: true, look.Refused.IsEmpty ? await Unadmitted(next, look.Adoptions, seen.Operations + 1) : look.Refused);
    }

    // Where a running VM is, is no part of what its owner describes: a file that says it, as one that was exported, says nothing new.
    private async Task<bool> IsInForceAlready(Application? old, Application next)
    {
        if (old is null)
        {
            return false;
        }

        if (Text(old) == Text(next with { Id = old.Id }))
        {
            return true;
        }

        if (Text(Unplaced(old)) != Text(Unplaced(next with { Id = old.Id })))
        {
            return false;
        }

        var different = old.Vms.Zip(next.Vms).Where(vm => vm.First.At != vm.Second.At).Select(vm => vm.Second).ToList();
        var found = await Task.WhenAll(different.Select(vm => GrainFactory.Vm(new(old.Id, vm.Id)).Status()));
        return different.Zip(found).All(vm => vm.Second.At is { } there && (vm.First.At is null || vm.First.At == there));
    }

    private static Application Unplaced(Application application) =>
        application with { Vms = [.. application.Vms.Select(vm => vm with { At = null })] };

    private async Task<ImmutableArray<Refusal>> Unadmitted(Application next, ImmutableArray<Adoption> adoptions, long number)
    {
        var reservation = ReservationId.OfAdoption(next.Id, number);
        var asked = adoptions.GroupBy(vm => vm.At.Site).OrderBy(site => site.Key).Select(async site => (site.Key, await WouldAdmit(site.Key,
            [.. site.Select(vm => new AdmissionRequest(reservation, new(next.Id, vm.Vm), vm.At.Offer, next.Vms.Single(each => each.Id == vm.Vm).Needs, CoreHours: 0))])));
        return [.. from answer in await Task.WhenAll(asked)
            let refusal = answer.Item2.Refusal
            where refusal is not null
            select Refusal.NoPlace(answer.Key, refusal)];
    }

    private async Task<Verdict> WouldAdmit(SiteId site, ImmutableArray<AdmissionRequest> requests)
    {
        try
        {
            return await GrainFactory.Site(site).WouldAdmit(requests);
        }
        catch (SiteOfflineException)
        {
            return Verdict.Reject(Refusal.SiteOffline(site));
        }
    }
}
