using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Shouldly;

namespace Federation.Grains.Tests.Running;

/// <summary>Counts what each tenant's VMs use at each site, as the run's clock is moved, beside the ledgers that count it by themselves.</summary>
/// <remarks>While nothing is under way a step of the clock is counted exactly; otherwise VMs may have come or gone in it, and it is between nothing and all.</remarks>
internal sealed class CoreHourMeter(ClusterRun run)
{
    // All VMs that a tenant of two applications can have at one site, each with the cores of its offer.
    private const int MostCores = 2 * 4 * 4;
    private const double Rounding = 1e-6;

    private readonly Dictionary<(SiteId, TenantId), (double Least, double Most)> used = [];

    /// <summary>Moves the clock, and counts.</summary>
    public async Task Pass(TimeSpan by, Action move)
    {
        var before = await Here();
        move();
        var after = await Here();
        var isExact = before is not null && after is not null && before.SequenceEqual(after);
        foreach (var key in from site in ClusterRun.Sites from tenant in ClusterRun.Names.Select(name => name.Tenant).Distinct() select (site, tenant))
        {
            var hours = by.TotalHours * (isExact ? before!.Where(vm => (vm.Site, vm.Vm.Application.Tenant) == key).Sum(vm => vm.Vcpus) : MostCores);
            var (least, most) = used.GetValueOrDefault(key);
            used[key] = (least + (isExact ? hours : 0), most + hours);
        }
    }

    /// <summary>No ledger has lost core-hours, or counted any twice.</summary>
    public async Task ShouldHold()
    {
        foreach (var ((site, tenant), (least, most)) in used)
        {
            // A site that has left the federation remembers what was used.
            var use = (await run.Cluster.Grains.Site(site).Copy(Guid.Empty))!.Use;
            var counted = use.Spent.GetValueOrDefault(tenant.Value) + use.Applications.Where(own => own.Application.Tenant == tenant).Sum(own => own.CoreHoursUsed);
            counted.ShouldBeInRange(least - Rounding, most + Rounding, $"core-hours of {tenant} at {site}");
        }
    }

    // Every VM that a ledger has at its site; null: something is under way, or nobody answers.
    private async Task<List<(SiteId Site, VmRef Vm, int Vcpus, DateTimeOffset Since)>?> Here()
    {
        try
        {
            if (run.IsUnderWay || (await Task.WhenAll(ClusterRun.Names.Select(named => run.Cluster.Grains.Application(named).Look()))).Any(look => look.IsBusy))
            {
                return null;
            }

            var here = new List<(SiteId, VmRef, int, DateTimeOffset)>();
            foreach (var site in ClusterRun.Sites)
            {
                here.AddRange(((await run.Cluster.Grains.Site(site).Get())?.Ledger ?? new SiteLedger()).Allocations.Values.Where(allocation => allocation.IsHere)
                    .Select(allocation => (site, allocation.Vm, allocation.Vcpus, allocation.Since)));
            }

            return here;
        }
        catch (Exception fault) when (RunStory.IsOfCrash(fault))
        {
            return null;
        }
    }
}
