using System.Collections.Immutable;
using Federation.Domain.Applications;
using Federation.Domain.Migration;
using Federation.Domain.Reconciling;
using Federation.Domain.Refusals;

namespace Federation.Grains;

/// <summary>What a reconciler sees of an application, and what is done to make it true again.</summary>
public sealed partial class ApplicationGrain
{
    /// <inheritdoc/>
    public Task<ApplicationLook> Look()
    {
        var named = Id.Named;
        var claim = (Known.Operation as ApplicationOperation.CarryOut)?.Plan;
        var vms = Known.Application?.Vms.Select(vm => vm.Id).ToImmutableHashSet();
        var isBusy = Known.Operation is not (null or ApplicationOperation.Repair);
        return Task.FromResult(new ApplicationLook(named, Known.Incarnation, vms, isBusy, claim, Listed: null, Known.Skipped));
    }

    /// <inheritdoc/>
    public async Task<bool> Repair(ImmutableArray<Finding> findings)
    {
        foreach (var claim in findings.Select(finding => finding.Repair).OfType<Repair.EndClaim>())
        {
            await EndPlan(claim.Plan);
            await events.Record("doctor.repaired", $"plan {claim.Plan} has ended, its claim is gone", Id);
        }

        var begun = false;
        await Remember();
        await stored.Change(now =>
        {
            begun = now.Operation is null;
            return begun ? now.BeginRepair(findings) : now;
        });
        if (begun)
        {
            await Work();
        }

        return begun;
    }

    // A database that was restored from an older backup counts lives that were in use already; what ran them has not forgotten.
    private async Task<Refusal?> SkipLives()
    {
        try
        {
            var newest = await hypervisor.NewestLife(Id.Named, CancellationToken.None);
            await stored.Change(now => now.Skip(newest));
            return null;
        }
        catch (HypervisorException silent)
        {
            return Refusal.Hypervisor(silent.Message);
        }
    }
}
