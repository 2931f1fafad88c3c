using Federation.Domain.Identity;
using Federation.Domain.Sites;

namespace Federation.Domain.Tests.Sites;

/// <summary>What a site's ledger has to say, the slow way: a list of places that is gone through for every question.</summary>
/// <param name="site">The site, which stays as it is.</param>
/// <param name="lifetime">How long a reservation is good for.</param>
internal sealed class LedgerOracle(Site site, TimeSpan lifetime)
{
    private readonly List<Allocation> places = [];
    private readonly List<(string Tenant, double Hours)> spent = [];

    public IEnumerable<Allocation> Places => places.OrderBy(allocation => allocation.Vm);

    public bool Holds(VmRef vm) => places.Exists(allocation => allocation.Vm == vm);

    public void Expire(DateTimeOffset now) => places.RemoveAll(allocation => allocation.State == AllocationState.Arriving && allocation.ExpiresAt is { } end && end <= now);

    public bool Reserve(IReadOnlyList<Allocation> wanted, DateTimeOffset now)
    {
        Expire(now);
        var fresh = wanted.Where(allocation => !Holds(allocation.Vm)).ToList();
        var after = places.Concat(fresh).ToList();
        if (wanted.Any(allocation => places.Exists(held => held.Vm == allocation.Vm && held.Reservation != allocation.Reservation))
            || !fresh.All(allocation => Fits(allocation, after)))
        {
            return false;
        }

        places.AddRange(fresh);
        Change(allocation => wanted.Any(again => again.Vm == allocation.Vm) && (fresh.Contains(allocation) || allocation.ExpiresAt is not null), allocation => allocation with { ExpiresAt = now + lifetime });
        return true;
    }

    public bool Confirm(VmRef vm, string reservation, DateTimeOffset now)
    {
        Expire(now);
        Change(allocation => allocation.Vm == vm && allocation.Reservation == reservation, allocation => allocation with { ExpiresAt = null });
        return places.Exists(allocation => allocation.Vm == vm && allocation.Reservation == reservation);
    }

    public void Arrive(VmRef vm, DateTimeOffset now) => Change(
        allocation => allocation.Vm == vm && allocation.State == AllocationState.Arriving, allocation => allocation with { State = AllocationState.Here, Since = now, ExpiresAt = null });

    public bool IsHere(VmRef vm) => places.Exists(allocation => allocation.Vm == vm && allocation.State == AllocationState.Here);

    public void Leave(VmRef vm) => Change(allocation => allocation.Vm == vm, allocation => allocation with { State = AllocationState.Leaving });

    public void Stay(VmRef vm) => Change(
        allocation => allocation.Vm == vm && allocation.State == AllocationState.Leaving, allocation => allocation with { State = AllocationState.Here });

    public void Cancel(string reservation) =>
        places.RemoveAll(allocation => allocation.State == AllocationState.Arriving && allocation.Reservation == reservation);

    public void Release(VmRef vm, DateTimeOffset now)
    {
        spent.AddRange(places.Where(allocation => allocation.Vm == vm && allocation.State != AllocationState.Arriving)
            .Select(allocation => (allocation.Tenant.Value, VcpusOf(allocation) * (now - allocation.Since).TotalHours)));
        places.RemoveAll(allocation => allocation.Vm == vm);
    }

    /// <summary>Whether some places together keep within what the site gives an application, a tenant and arrivals.</summary>
    public bool IsWithinLimits(IReadOnlyCollection<Allocation> all) => all.All(allocation => Fits(allocation, all));

    private bool Fits(Allocation allocation, IReadOnlyCollection<Allocation> all)
    {
        var quota = site.Quotas.Single(entry => entry.Tenant == allocation.Tenant.Value);
        var tenants = all.Where(other => other.Tenant == allocation.Tenant).ToList();
        return all.Count(other => other.Vm.Application == allocation.Vm.Application && other.Offer == allocation.Offer) <= site.OfferNamed(allocation.Offer)!.Available
            && (!allocation.Migrates || allocation.State != AllocationState.Arriving
                || all.Count(other => other.State == AllocationState.Arriving && other.Migrates) <= site.Policy.MigrationsIn)
            && tenants.Count <= quota.Vms
            && tenants.Sum(VcpusOf) <= quota.Vcpus
            && tenants.Sum(other => other.CoreHours) + spent.Where(entry => entry.Tenant == allocation.Tenant.Value).Sum(entry => entry.Hours) <= quota.CoreHours;
    }

    private int VcpusOf(Allocation allocation) => site.OfferNamed(allocation.Offer)!.Vcpus;

    private void Change(Predicate<Allocation> which, Func<Allocation, Allocation> change)
    {
        for (var i = 0; i < places.Count; i++)
        {
            places[i] = which(places[i]) ? change(places[i]) : places[i];
        }
    }
}
