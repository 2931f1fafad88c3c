using System.Collections.Immutable;
using Federation.Backtest.Worlds;
using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Sites;

namespace Federation.Backtest.Runs;

/// <summary>What applications hold at the sites whose quotas they share: the service's ledger, one for each such site. Mutable.</summary>
internal sealed class QuotaBook
{
    private readonly Dictionary<SiteId, (Site Site, SiteLedger Ledger)> ledgers;

    /// <summary>Nobody holds anything.</summary>
    public QuotaBook(World world) => ledgers = world.Sites.Where(site => !site.Quotas.IsEmpty)
        .ToDictionary(site => site.Id, site => (site, new SiteLedger()));

    /// <summary>What the tenant's other applications hold, by site.</summary>
    public ImmutableSortedDictionary<SiteId, Occupancy> UsedByOthers(Application application) =>
        ledgers.Values.ToImmutableSortedDictionary(
            entry => entry.Site.Id, entry => entry.Ledger.OccupiedBy(entry.Site, application.Tenant, application.Id));

    /// <summary>Takes places for all VMs of an application that starts, or for none of them.</summary>
    public bool TryStart(Application application, Plan plan, DateTimeOffset now)
    {
        var before = ledgers.ToDictionary();
        foreach (var vm in plan.Placement)
        {
            if (!TryTake(application, vm.Vm, vm.Location, plan, now, migrates: false))
            {
                Restore(before);
                return false;
            }
        }

        return true;
    }

    /// <summary>Takes the new places and gives back the old, step by step; all of them or none.</summary>
    public bool TryMove(Application application, Plan plan, DateTimeOffset now)
    {
        var before = ledgers.ToDictionary();
        foreach (var step in plan.Steps)
        {
            if (!TryTake(application, step.Vm, step.To, plan, now, migrates: true))
            {
                Restore(before);
                return false;
            }

            Release(new(application.Id, step.Vm), step.From.Site, now);
        }

        return true;
    }

    /// <summary>Gives back what an application holds.</summary>
    public void End(Application application, ImmutableArray<Location> placement, DateTimeOffset now)
    {
        for (var vm = 0; vm < placement.Length; vm++)
        {
            Release(new(application.Id, application.Vms[vm].Id), placement[vm].Site, now);
        }
    }

    private bool TryTake(Application application, VmId vm, Location to, Plan plan, DateTimeOffset now, bool migrates)
    {
        if (!ledgers.TryGetValue(to.Site, out var entry))
        {
            return true;
        }

        var name = new VmRef(application.Id, vm);
        var hours = (entry.Site.OfferNamed(to.Offer)?.Vcpus ?? 0) * plan.After!.Value.TimeSeconds / 3600;
        var allocation = new Allocation(name, application.Tenant, to.Offer, $"{name} {now:O}", AllocationState.Arriving, migrates, now, hours);
        var (ledger, verdict) = entry.Ledger.Reserve(entry.Site, [allocation], now, TimeSpan.FromMinutes(1));
        if (verdict.IsFeasible)
        {
            ledgers[to.Site] = (entry.Site, ledger.Arrive(name, now));
        }

        return verdict.IsFeasible;
    }

    private void Release(VmRef vm, SiteId from, DateTimeOffset now)
    {
        if (ledgers.TryGetValue(from, out var entry))
        {
            ledgers[from] = (entry.Site, entry.Ledger.Release(entry.Site, vm, now));
        }
    }

    private void Restore(Dictionary<SiteId, (Site Site, SiteLedger Ledger)> before)
    {
        foreach (var (site, entry) in before)
        {
            ledgers[site] = entry;
        }
    }
}
