using System.Collections.Immutable;
using Federation.Backtest.Worlds;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Sites;

namespace Federation.Backtest.Runs;

/// <summary>What applications hold at the sites whose room they share: the service's ledger, one for each such site. Mutable.</summary>
internal sealed class QuotaBook
{
    private readonly Dictionary<SiteId, (Site Site, SiteLedger Ledger)> ledgers;
    private int taken;

    /// <summary>Nobody holds anything.</summary>
    public QuotaBook(World world) => ledgers = world.Sites.Where(site => !site.Quotas.IsEmpty || site.Capacity is not null)
        .ToDictionary(site => site.Id, site => (RoomOnly(site), new SiteLedger()));

    /// <summary>What others than an application hold, by site.</summary>
    public ImmutableSortedDictionary<SiteId, UsedByOthers> UsedByOthers(Application application, DateTimeOffset now) =>
        ledgers.Values.ToImmutableSortedDictionary(
            entry => entry.Site.Id, entry => entry.Ledger.UsedByOthers(entry.Site, application.Id, now));

    /// <summary>Takes places for all VMs of an application that starts, or for none of them.</summary>
    public bool TryStart(Application application, Plan plan, DateTimeOffset now)
    {
        var before = ledgers.ToDictionary();
        foreach (var vm in plan.Placement)
        {
            if (!TryTake(application, vm.Vm, vm.Location, plan, now))
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
            if (!TryTake(application, step.Vm, step.To, plan, now))
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

    private bool TryTake(Application application, VmId vm, Location to, Plan plan, DateTimeOffset now)
    {
        if (!ledgers.TryGetValue(to.Site, out var entry))
        {
            return true;
        }

        var hours = (entry.Site.OfferNamed(to.Offer)?.Vcpus ?? 0) * plan.After!.Value.TimeSeconds / 3600;
        var reservation = ReservationId.OfStart(new(application.Id, ++taken));
        var request = new AdmissionRequest(reservation, new(application.Id, vm), to.Offer, new(0, 0, []), hours);
        var door = new Door(entry.Site, SiteApprovals.None, now);
        var (ledger, verdict) = entry.Ledger.Admit(door, [request], TimeSpan.FromMinutes(1));
        if (verdict.IsFeasible)
        {
            ledger = ledger.Confirm(door, request.Vm, reservation).Ledger;
            ledgers[to.Site] = (entry.Site, ledger.Arrive(door, request.Vm, reservation).Ledger);
        }

        return verdict.IsFeasible;
    }

    private void Release(VmRef vm, SiteId from, DateTimeOffset now)
    {
        if (ledgers.TryGetValue(from, out var entry))
        {
            ledgers[from] = (entry.Site, entry.Ledger.Release(vm, now));
        }
    }

    private void Restore(Dictionary<SiteId, (Site Site, SiteLedger Ledger)> before)
    {
        foreach (var (site, entry) in before)
        {
            ledgers[site] = entry;
        }
    }

    // When VMs may come was looked at when the plan was made; here it is whether there is room for all who share it.
    private static Site RoomOnly(Site site) => site with { Policy = new(), Availability = [] };
}
