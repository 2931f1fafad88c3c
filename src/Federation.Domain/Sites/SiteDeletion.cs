using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Sites;

/// <summary>Whether a site may leave the federation: nobody may be there, be on the way there, or count on it.</summary>
public static class SiteDeletion
{
    /// <summary>What stands against the deletion of a site; null: nothing.</summary>
    /// <remarks>Places that have run out count no more. What tenants have used up of core-hours stands against nothing.</remarks>
    /// <param name="site">The site.</param>
    /// <param name="ledger">Who holds what there.</param>
    /// <param name="approvals">Which plans have asked it.</param>
    /// <param name="now">The site's clock.</param>
    public static Refusal? Against(SiteId site, SiteLedger ledger, SiteApprovals approvals, DateTimeOffset now)
    {
        var held = ledger.Expire(now).Allocations.Values.ToList();
        ImmutableArray<VmRef> here = [.. held.Where(allocation => allocation.IsHere).Select(allocation => allocation.Vm)];
        if (!here.IsEmpty)
        {
            return Refusal.SiteHasVms(site, here);
        }

        if (held.Count > 0)
        {
            return Refusal.SiteAwaitsVms(site, [.. held.Select(allocation => $"{allocation.Vm} ({allocation.Reservation})")]);
        }

        ImmutableArray<PlanId> plans = [.. approvals.Plans.Values.Where(asked => asked.CanExpire && !asked.HasExpired(now)).Select(asked => asked.Plan)];
        return plans.IsEmpty ? null : Refusal.SiteInPlans(site, plans);
    }

    /// <summary>What stays of a ledger after the deletion: the core-hours that tenants have used up, which count on should the site come again.</summary>
    public static SiteLedger Remembered(SiteLedger ledger) => new() { SpentCoreHours = ledger.SpentCoreHours };
}
