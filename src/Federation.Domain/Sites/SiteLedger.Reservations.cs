using Federation.Domain.Identity;

namespace Federation.Domain.Sites;

// Reserve -> confirm -> arrive; what is not confirmed in time is given back by itself.
public sealed partial record SiteLedger
{
    /// <summary>Keeps a place for each of some VMs, for all or for none; the verdict says what stood in the way.</summary>
    /// <remarks>
    /// Asked again under the same reservation, it prolongs what has not been confirmed yet, and changes nothing else. What has run out by
    /// now counts no more.
    /// </remarks>
    /// <param name="site">The site as it is described now.</param>
    /// <param name="wanted">The places; when they expire is set here.</param>
    /// <param name="now">The site's clock.</param>
    /// <param name="lifetime">How long the places are kept unless they are confirmed.</param>
    public (SiteLedger Ledger, Verdict Verdict) Reserve(Site site, IReadOnlyList<Hold> wanted, DateTimeOffset now, TimeSpan lifetime)
    {
        var ledger = Expire(now);
        foreach (var hold in wanted)
        {
            if (ledger.Holds.TryGetValue(hold.Vm, out var held))
            {
                if (held.Reservation != hold.Reservation)
                {
                    return (this, Verdict.Reject($"{hold.Vm} has a place at {site.Id} already, under {held.Reservation}"));
                }

                ledger = held.ExpiresAt is null ? ledger : ledger.Put(held with { ExpiresAt = now + lifetime });
                continue;
            }

            var verdict = ledger.CheckRoom(site, hold);
            if (!verdict.IsFeasible)
            {
                return (this, verdict);
            }

            ledger = ledger.Put(hold with { State = HoldState.Arriving, ExpiresAt = now + lifetime });
        }

        return (ledger, Verdict.Feasible);
    }

    /// <summary>Keeps a reserved place for good, before its VM starts there; a no if the reservation has run out or never was.</summary>
    public (SiteLedger Ledger, Verdict Verdict) Confirm(Site site, VmRef vm, string reservation, DateTimeOffset now)
    {
        if (!Holds.TryGetValue(vm, out var hold) || hold.Reservation != reservation || hold.HasExpired(now))
        {
            return (this, Verdict.Reject($"reservation: {reservation} holds no place for {vm} at {site.Id} any more"));
        }

        return (hold.ExpiresAt is null ? this : Put(hold with { ExpiresAt = null }), Verdict.Feasible);
    }

    /// <summary>Gives back all places of a reservation whose VMs have not arrived, confirmed or not.</summary>
    public SiteLedger Cancel(string reservation) =>
        Without(hold => hold.State == HoldState.Arriving && hold.Reservation == reservation);

    /// <summary>Gives back the places whose time is over.</summary>
    public SiteLedger Expire(DateTimeOffset now) => Without(hold => hold.HasExpired(now));

    /// <summary>Whether any place is kept for a time only.</summary>
    public bool HasExpiring => Holds.Values.Any(hold => hold.ExpiresAt is not null);

    // What never arrived has used nothing.
    private SiteLedger Without(Func<Hold, bool> gone)
    {
        var vms = Holds.Values.Where(gone).Select(hold => hold.Vm).ToList();
        return vms.Count == 0 ? this : this with { Holds = Holds.RemoveRange(vms) };
    }

    private Verdict CheckRoom(Site site, Hold hold)
    {
        if (site.OfferNamed(hold.Offer) is not { } offer)
        {
            return Verdict.Reject($"site {site.Id} does not offer {hold.Offer}");
        }

        var taken = Holds.Values.Count(other => other.Vm.Application == hold.Vm.Application && other.Offer == hold.Offer);
        if (offer.Available is { } available && taken + 1 > available)
        {
            return Verdict.Reject($"capacity: {site.Id}/{offer.Name} has {available} for one application, all taken");
        }

        if (hold.Migrates && site.Policy.MigrationsIn is { } most
            && Holds.Values.Count(other => other.State == HoldState.Arriving && other.Migrates) >= most)
        {
            return Verdict.Reject($"migrations: {most} arrive at {site.Id} already, its policy allows no more at once");
        }

        return CheckQuota(site, hold);
    }

    private Verdict CheckQuota(Site site, Hold hold)
    {
        if (site.QuotaFor(hold.Tenant) is not { } quota)
        {
            return Verdict.Feasible;
        }

        var need = OccupiedBy(site, hold.Tenant, except: null) + Of(site, hold);
        var over = need.Vcpus > quota.Vcpus ? $"{quota.Vcpus} vCPUs"
            : need.Vms > quota.Vms ? $"{quota.Vms} VMs"
            : need.MemoryBytes > quota.MemoryBytes ? $"{quota.MemoryBytes / (double)(1L << 30):0.###} GiB"
            : need.CoreHours > quota.CoreHours * (1 + 1e-9) ? $"{quota.CoreHours} core-hours"
            : null;
        return over is null
            ? Verdict.Feasible
            : Verdict.Reject($"quota: tenant {hold.Tenant} has {over} at {site.Id}, {hold.Vm} would exceed it");
    }
}
