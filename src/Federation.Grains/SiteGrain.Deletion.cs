using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Reconciling;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;

namespace Federation.Grains;

/// <summary>How a site leaves the federation. Its own state goes first: from then on it keeps no place, whatever the directory says yet.</summary>
public sealed partial class SiteGrain
{
    private const string LeavingReminder = "leave";
    private const int AskedAtOnce = 100;
    private static readonly TimeSpan RemindOfLeaving = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    /// <remarks>
    /// Interleaves: the plans that it asks may wait for an answer of this site. A plan that starts meanwhile asks for a place later, and is told
    /// that there is no such site.
    /// </remarks>
    public async Task<SiteRemoval> Delete()
    {
        if (state.State.Site is not null && (AgainstDeletion() ?? await AgainstPlans() ?? await AgainstStrays()) is { } refusal)
        {
            return new(Removed: false, [], refusal);
        }

        var removal = await this.AsReference<ISiteGrain>().Close();
        if (removal.Removed)
        {
            // Not waited for: a plan that leads there and is not told is refused when somebody applies it.
            foreach (var application in await GrainFactory.Federation().Applications())
            {
                GrainFactory.Placement(application).SiteDeleted(Id).Ignore();
            }
        }

        return removal;
    }

    /// <inheritdoc/>
    public async Task<SiteRemoval> Close()
    {
        if (state.State.Site is not null)
        {
            if (AgainstDeletion() is { } refusal)
            {
                return new(Removed: false, [], refusal);
            }

            // Before it is stored: a crash leaves a reminder of nothing, never a site that the directory lists for ever.
            await this.RegisterOrUpdateReminder(LeavingReminder, RemindOfLeaving, RemindOfLeaving);
            (state.State.Site, state.State.Leaves) = (null, true);
            (state.State.Ledger, state.State.Approvals) = (SiteDeletion.Remembered(state.State.Ledger), SiteApprovals.None);
            await this.Store(state);
        }

        return await Leave();
    }

    // What comes after the site's own word; done again, it does no harm. A site that was listed and never described goes as well.
    private async Task<SiteRemoval> Leave()
    {
        var removal = await GrainFactory.Federation().RemoveSite(Id);
        views.Forget();
        if (!state.State.Leaves)
        {
            return removal;
        }

        var links = removal.LinkedFrom.IsEmpty ? "" : $"; {string.Join(", ", removal.LinkedFrom)} still say that they have a link to it, which counts for nothing";
        await events.Record("site.deleted", $"site {Id} was deleted{links}", site: Id);
        state.State.Leaves = false;
        await this.Store(state);
        await this.Forget(LeavingReminder);
        return removal with { Removed = true };
    }

    private Refusal? AgainstDeletion() => SiteDeletion.Against(Id, state.State.Ledger, state.State.Approvals, clock.GetUtcNow());

    private async Task<Refusal?> AgainstPlans()
    {
        var counting = new List<PlanId>();
        foreach (var some in (await GrainFactory.Federation().Applications()).Chunk(AskedAtOnce))
        {
            counting.AddRange((await Task.WhenAll(some.Select(application => GrainFactory.Placement(application).CountingOn(Id)))).SelectMany(plans => plans));
        }

        return counting.Count > 0 ? Refusal.SiteInPlans(Id, counting) : null;
    }

    // A VM that runs without a place would be out of everybody's sight. One of which its hypervisor says nothing is where the ledger says: not here.
    private async Task<Refusal?> AgainstStrays()
    {
        try
        {
            var strays = (await hypervisor.List(Id, CancellationToken.None)).Where(vm => vm.Instances.Any(copy => copy.State == VmInstanceState.Running)).ToList();
            return strays.Count == 0 ? null : Refusal.SiteHasVms(Id, [.. strays.Select(vm => vm.Vm)]);
        }
        catch (HypervisorException)
        {
            return null;
        }
    }
}
