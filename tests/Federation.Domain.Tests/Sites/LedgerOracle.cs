using Federation.Domain.Identity;
using Federation.Domain.Sites;

namespace Federation.Domain.Tests.Sites;

/// <summary>What a site's ledger has to say, the slow way: a list of places that is gone through for every question.</summary>
/// <param name="site">The site, which stays as it is.</param>
/// <param name="lifetime">How long a reservation is good for.</param>
internal sealed class LedgerOracle(Site site, TimeSpan lifetime)
{
    private readonly List<Hold> places = [];
    private readonly List<(string Tenant, double Hours)> spent = [];

    public IEnumerable<Hold> Places => places.OrderBy(hold => hold.Vm);

    public bool Holds(VmRef vm) => places.Exists(hold => hold.Vm == vm);

    public void Expire(DateTimeOffset now) => places.RemoveAll(hold => hold.State == HoldState.Arriving && hold.ExpiresAt is { } end && end <= now);

    public bool Reserve(IReadOnlyList<Hold> wanted, DateTimeOffset now)
    {
        Expire(now);
        var fresh = wanted.Where(hold => !Holds(hold.Vm)).ToList();
        var after = places.Concat(fresh).ToList();
        if (wanted.Any(hold => places.Exists(held => held.Vm == hold.Vm && held.Reservation != hold.Reservation))
            || !fresh.All(hold => Fits(hold, after)))
        {
            return false;
        }

        places.AddRange(fresh);
        Change(hold => wanted.Any(again => again.Vm == hold.Vm) && (fresh.Contains(hold) || hold.ExpiresAt is not null), hold => hold with { ExpiresAt = now + lifetime });
        return true;
    }

    public bool Confirm(VmRef vm, string reservation, DateTimeOffset now)
    {
        Expire(now);
        Change(hold => hold.Vm == vm && hold.Reservation == reservation, hold => hold with { ExpiresAt = null });
        return places.Exists(hold => hold.Vm == vm && hold.Reservation == reservation);
    }

    public void Arrive(VmRef vm, DateTimeOffset now) => Change(
        hold => hold.Vm == vm && hold.State == HoldState.Arriving, hold => hold with { State = HoldState.Here, Since = now, ExpiresAt = null });

    public void Cancel(string reservation) =>
        places.RemoveAll(hold => hold.State == HoldState.Arriving && hold.Reservation == reservation);

    public void Release(VmRef vm, DateTimeOffset now)
    {
        spent.AddRange(places.Where(hold => hold.Vm == vm && hold.State != HoldState.Arriving)
            .Select(hold => (hold.Tenant.Value, VcpusOf(hold) * (now - hold.Since).TotalHours)));
        places.RemoveAll(hold => hold.Vm == vm);
    }

    /// <summary>Whether some places together keep within what the site gives an application, a tenant and arrivals.</summary>
    public bool IsWithinLimits(IReadOnlyCollection<Hold> all) => all.All(hold => Fits(hold, all));

    private bool Fits(Hold hold, IReadOnlyCollection<Hold> all)
    {
        var quota = site.Quotas.Single(entry => entry.Tenant == hold.Tenant.Value);
        var tenants = all.Where(other => other.Tenant == hold.Tenant).ToList();
        return all.Count(other => other.Vm.Application == hold.Vm.Application && other.Offer == hold.Offer) <= site.OfferNamed(hold.Offer)!.Available
            && (!hold.Migrates || hold.State != HoldState.Arriving
                || all.Count(other => other.State == HoldState.Arriving && other.Migrates) <= site.Policy.MigrationsIn)
            && tenants.Count <= quota.Vms
            && tenants.Sum(VcpusOf) <= quota.Vcpus
            && tenants.Sum(other => other.CoreHours) + spent.Where(entry => entry.Tenant == hold.Tenant.Value).Sum(entry => entry.Hours) <= quota.CoreHours;
    }

    private int VcpusOf(Hold hold) => site.OfferNamed(hold.Offer)!.Vcpus;

    private void Change(Predicate<Hold> which, Func<Hold, Hold> change)
    {
        for (var i = 0; i < places.Count; i++)
        {
            places[i] = which(places[i]) ? change(places[i]) : places[i];
        }
    }
}
