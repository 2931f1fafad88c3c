using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;

namespace Federation.Grains;

/// <summary>Takes over VMs that run already where their application's file says, and lets go of them at the end.</summary>
internal sealed class VmAdoption(IGrainFactory grains, IHypervisor hypervisor, TimeProvider clock)
{
    /// <summary>What stands against a new description; empty if nothing does.</summary>
    public async Task<ImmutableArray<string>> Check(Application? old, Application application)
    {
        var refused = ImmutableArray.CreateBuilder<string>();
        var kept = application.Vms.Select(vm => vm.Id).ToHashSet();
        foreach (var gone in (old?.Vms ?? []).Where(vm => !kept.Contains(vm.Id)))
        {
            if ((await Status(application.Id, gone.Id)).At is { } at)
            {
                refused.Add($"{gone.Id} runs at {at} and cannot be left out: delete the application first");
            }
        }

        foreach (var vm in application.Vms.Where(vm => vm.At is not null))
        {
            refused.AddRange(await CheckLocation(application, vm, vm.At!.Value));
        }

        return refused.ToImmutable();
    }

    /// <summary>Gives every VM that is said to run somewhere, and that is not known yet, its place there; what did not work is said.</summary>
    public async Task<ImmutableArray<string>> Adopt(Application application)
    {
        var refused = ImmutableArray.CreateBuilder<string>();
        foreach (var vm in application.Vms.Where(vm => vm.At is not null))
        {
            var reference = new VmRef(application.Id, vm.Id);
            if ((await Status(application.Id, vm.Id)).At is not null)
            {
                continue;
            }

            var at = vm.At!.Value;
            var verdict = await grains.Site(at.Site).Reserve([new Allocation(
                reference, application.Tenant, at.Offer, "adopted", AllocationState.Arriving, Migrates: false, clock.GetUtcNow(), CoreHours: 0)]);
            if (verdict.Refusal is { } refusal)
            {
                refused.Add(RefusalText.Of(Refusal.VmNotAdopted(vm.Id, at, refusal)));
                continue;
            }

            await grains.Site(at.Site).Confirm(reference, "adopted");
            var epoch = await grains.Vm(reference).NextEpoch("adopted");
            await hypervisor.Start(reference, at, epoch, CancellationToken.None);
            await grains.Vm(reference).SetLocation(at, epoch);
            await grains.Site(at.Site).Arrive(reference);
        }

        return refused.ToImmutable();
    }

    /// <summary>Stops every VM and gives its place back.</summary>
    public async Task Dismiss(ApplicationStatus status)
    {
        foreach (var (spec, vm) in status.Application.Vms.Zip(status.Vms))
        {
            var reference = new VmRef(status.Application.Id, spec.Id);
            var epoch = await grains.Vm(reference).NextEpoch($"deleted at revision {status.Revision}");
            await hypervisor.Stop(reference, epoch, CancellationToken.None);
            await grains.Vm(reference).SetLocation(null, epoch);
            if (vm.At is { } at)
            {
                await grains.Site(at.Site).Release([reference]);
            }
        }
    }

    private async Task<ImmutableArray<string>> CheckLocation(Application application, VmSpec vm, Location at)
    {
        var known = (await Status(application.Id, vm.Id)).At;
        if (known is not null)
        {
            return known == at ? [] : [$"{vm.Id} runs at {known}, not at {at}: leave 'at' out, the service knows where it is"];
        }

        return await grains.Site(at.Site).Get() is not { } site ? [$"{vm.Id} is said to be at {at}: there is no site {at.Site}"]
            : site.Site.OfferNamed(at.Offer) is null ? [$"{vm.Id} is said to be at {at}: site {at.Site} has no offer {at.Offer}"]
            : [];
    }

    private Task<VmStatus> Status(AppId application, VmId vm) => grains.Vm(new(application, vm)).Status();
}
