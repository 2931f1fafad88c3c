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
    /// <summary>The applications that a caller sees.</summary>
    public static async Task<IEnumerable<AppId>> VisibleApplications(this IGrainFactory grains, Caller caller) =>
        (await grains.Federation().Applications()).Where(id => caller.Sees(id.Tenant));

    /// <summary>What the VMs need that have a place at a site.</summary>
    public static async Task<Dictionary<VmRef, VmSpec>> SpecsOf(this IGrainFactory grains, SiteLedger ledger)
    {
        // On nobody's behalf: the site's administrator may know what stands in the way of whom is there.
        CallerContext.Current = Caller.Service;
        var applications = await Task.WhenAll(ledger.Allocations.Keys.Select(vm => vm.Application).Distinct().Select(id => grains.Application(id).Description()));
        return applications.OfType<Application>()
            .SelectMany(application => application.Vms.Select(vm => (Id: new VmRef(application.Id, vm.Id), Spec: vm)))
            .ToDictionary(vm => vm.Id, vm => vm.Spec);
    }
}
