using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Plans;
using Federation.Domain.Reconciling;

namespace Federation.Grains;

/// <summary>Asks everybody what there is, for a reconciler: sites, hypervisors, the directory, then the applications and VMs that any of them named.</summary>
internal sealed class FederationLooks(IGrainFactory grains, IHypervisor hypervisor)
{
    /// <summary>Takes a look. What changes meanwhile may be seen half done: a second look tells.</summary>
    /// <param name="only">Tenant and name of the application that is looked at; null: all.</param>
    public async Task<FederationLook> Take(AppId? only)
    {
        var sites = await Task.WhenAll((await grains.Federation().Sites()).Select(site => Site(site, only)));
        var listed = (await grains.Federation().Applications()).Where(application => only is null || application.Named == only).ToList();
        var found = sites.SelectMany(site => (site.Places ?? []).Select(place => place.Vm).Concat((site.Runs ?? []).Select(vm => vm.Vm))).ToHashSet();
        var names = listed.Concat(found.Select(vm => vm.Application)).Select(application => application.Named).Concat(only is { } one ? [one] : []).Distinct().Order();
        var applications = await Task.WhenAll(names.Select(named => Application(named, listed)));
        foreach (var application in applications.Where(application => application.Present is not null))
        {
            found.UnionWith(application.Vms!.Select(vm => new VmRef(application.Present!.Value, vm)));
        }

        var seen = sites.SelectMany(site => site.Runs ?? []).Select(vm => vm.Vm).ToHashSet();
        return new([.. sites], [.. applications], [.. await Task.WhenAll(found.Order().Select(vm => Vm(vm, seen.Contains(vm))))]);
    }

    private async Task<SiteLook> Site(SiteId site, AppId? only)
    {
        ImmutableArray<PlaceLook>? places = null;
        ImmutableArray<VmSighting>? runs = null;
        try
        {
            places = [.. (await grains.Site(site).Places()).Where(place => IsAskedFor(place.Vm, only))];
            runs = [.. (await hypervisor.List(site, CancellationToken.None)).Where(vm => IsAskedFor(vm.Vm, only))];
        }
        catch (Exception away) when (away is HypervisorException || SiteOfflineException.Explains(away))
        {
            // Said by what is missing.
        }

        return new(site, places, runs);
    }

    private static bool IsAskedFor(VmRef vm, AppId? only) => vm.Application.IsWhole && (only is null || vm.Application.Named == only);

    private async Task<ApplicationLook> Application(AppId named, List<AppId> listed)
    {
        var look = await grains.Application(named).Look();
        var claimed = look.ClaimedBy is { } plan && await IsUnderWay(plan) ? null : look.ClaimedBy;
        return look with
        {
            ClaimedBy = claimed,
            Listed = listed.Where(application => application.Named == named).Cast<AppId?>().FirstOrDefault(),
            Seen = await NewestLife(named),
        };
    }

    private async Task<int> NewestLife(AppId named)
    {
        try
        {
            return await hypervisor.NewestLife(named, CancellationToken.None);
        }
        catch (HypervisorException)
        {
            return 0;
        }
    }

    private async Task<bool> IsUnderWay(PlanId plan) =>
        await grains.Plan(plan).Get() is { Saga.Slot: not SlotProgress.None };

    // One of which no hypervisor has a copy may have been stopped with an epoch that no backup knows.
    private async Task<VmLook> Vm(VmRef vm, bool isSeen)
    {
        var status = await grains.Vm(vm).Status();
        try
        {
            return new(vm, status.At, status.Epoch, isSeen ? 0 : (await hypervisor.Find(vm, CancellationToken.None)).Epoch);
        }
        catch (HypervisorException)
        {
            return new(vm, status.At, status.Epoch, 0);
        }
    }
}
