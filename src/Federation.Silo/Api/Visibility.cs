using Federation.Contracts;
using Federation.Contracts.Access;
using Federation.Domain.Access;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Sites;

namespace Federation.Silo.Api;

/// <summary>What of a list its reader sees.</summary>
internal static class Visibility
{
    /// <summary>The applications that a caller sees, or the one that is asked for if it sees it; a name that there is none of may be among them.</summary>
    public static async Task<IEnumerable<AppId>> VisibleApplications(this IGrainFactory grains, Caller caller, AppId? only = null)
    {
        var all = only is { } one ? [one] : await grains.Federation().Applications();
        if (caller.SeesAll)
        {
            return all;
        }

        var owners = await grains.OwnersOf(all);
        return all.Where(id => owners[id] is { } owner && caller.Sees(owner));
    }

    /// <summary>What the VMs need that have a place at a site.</summary>
    public static async Task<Dictionary<VmRef, VmSpec>> SpecsOf(this IGrainFactory grains, SiteLedger ledger)
    {
        // On nobody's behalf, as below: the site's administrator may know what stands in the way of whom is there.
        CallerContext.Current = Caller.Service;
        var applications = await Task.WhenAll(ledger.Allocations.Keys.Select(vm => vm.Application).Distinct().Select(id => grains.Application(id).Description()));
        return applications.OfType<Application>()
            .SelectMany(application => application.Vms.Select(vm => (Id: new VmRef(application.Id, vm.Id), Spec: vm)))
            .ToDictionary(vm => vm.Id, vm => vm.Spec);
    }

    /// <summary>Whose applications are; null: there is none of that name.</summary>
    public static async Task<Dictionary<AppId, TenantId?>> OwnersOf(this IGrainFactory grains, IEnumerable<AppId> applications)
    {
        // On nobody's behalf: to find out whose it is, it has to be looked at.
        CallerContext.Current = Caller.Service;
        var known = await Task.WhenAll(applications.Distinct().Select(async id => (Id: id, Tenant: await grains.OwnerOf(id))));
        return known.ToDictionary(entry => entry.Id, entry => entry.Tenant);
    }
}
