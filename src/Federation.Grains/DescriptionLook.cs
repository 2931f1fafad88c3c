using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Applications;
using Federation.Domain.Refusals;

namespace Federation.Grains;

/// <summary>A new description held against where the VMs are.</summary>
/// <param name="Refused">What stands against it; empty if nothing does.</param>
/// <param name="Adoptions">The VMs that it says to run somewhere and that are nowhere, as far as the service knows.</param>
/// <param name="IsRunning">Whether all VMs run once these are adopted.</param>
internal sealed record DescriptionLook(ImmutableArray<Refusal> Refused, ImmutableArray<Adoption> Adoptions, bool IsRunning)
{
    /// <summary>Asks the VMs; true until the next operation of the application begins.</summary>
    public static async Task<DescriptionLook> Take(IGrainFactory grains, Application? old, Application next)
    {
        var gone = (old?.Vms ?? []).ExceptBy(next.Vms.Select(vm => vm.Id), vm => vm.Id).ToImmutableArray();
        var all = next.Vms.AddRange(gone);
        var at = (await Task.WhenAll(all.Select(vm => grains.Vm(new(next.Id, vm.Id)).Status()))).Select(status => status.At).ToList();
        var known = all.Zip(at).ToDictionary(pair => pair.First.Id, pair => pair.Second);
        ImmutableArray<Adoption> adoptions = [.. next.Vms.Where(vm => vm.At is not null && known[vm.Id] is null).Select(vm => new Adoption(vm.Id, vm.At!.Value))];
        var sites = adoptions.IsEmpty ? [] : await grains.Federation().Sites();
        return new(
            [
                .. gone.Where(vm => known[vm.Id] is not null).Select(vm => Refusal.VmLeftOut(vm.Id, known[vm.Id]!.Value)),
                .. next.Vms.Where(vm => vm.At is { } said && known[vm.Id] is { } there && said != there)
                    .Select(vm => Refusal.VmElsewhere(vm.Id, known[vm.Id]!.Value, vm.At!.Value)),
                .. adoptions.Where(vm => !sites.Contains(vm.At.Site)).Select(vm => Refusal.VmNotAdopted(vm.Vm, vm.At, Refusal.SiteUnknown(vm.At.Site))),
            ],
            adoptions,
            next.Vms.All(vm => vm.At is not null || known[vm.Id] is not null));
    }
}
