using System.Collections.Immutable;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Sites;

/// <summary>A VM with a place at a site that could not come there any more under another description of it.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="Refusal">What stands in its way, the first of several.</param>
public readonly record struct AffectedVm(VmRef Vm, Refusal Refusal);

/// <summary>What a change of a site's description means for the VMs that are there.</summary>
public static class SiteImpact
{
    /// <summary>The VMs with a place at the site that its new description would keep out, by name. Nobody moves them for that: they are told of.</summary>
    /// <param name="next">The new description.</param>
    /// <param name="ledger">Who is there.</param>
    /// <param name="specs">What the VMs need; one that is missing is held against what the ledger knows.</param>
    /// <param name="now">When.</param>
    public static ImmutableArray<AffectedVm> Of(Site next, SiteLedger ledger, IReadOnlyDictionary<VmRef, VmSpec> specs, DateTimeOffset now) =>
        [.. from allocation in ledger.Allocations.Values
            let refusal = Against(next, ledger, allocation, specs.GetValueOrDefault(allocation.Vm), now)
            where refusal is not null
            select new AffectedVm(allocation.Vm, refusal.OfOccupant())];

    private static Refusal? Against(Site next, SiteLedger ledger, Allocation allocation, VmSpec? spec, DateTimeOffset now)
    {
        if (!next.Policy.Admits(allocation.Tenant))
        {
            return Refusal.PolicyTenant(next.Id, allocation.Tenant);
        }

        if (next.OfferNamed(allocation.Offer) is not { } offer)
        {
            return Refusal.OfferUnknown(next.Id, allocation.Offer);
        }

        if (spec is not null && spec.Residency.Except(next.Policy.Residency) is { IsEmpty: false } missing)
        {
            return Refusal.ResidencyMissing(next.Id, spec.Id, missing);
        }

        if (next.AvailableUntil(now) is null)
        {
            return Refusal.SiteUnavailable(next.Id, now);
        }

        var alike = ledger.Allocations.Values.Count(other => other.Vm.Application == allocation.Vm.Application && other.Offer == allocation.Offer);
        return offer.Available is { } available && alike > available
            ? Refusal.CapacityOfferTaken(new(next.Id, offer.Name), allocation.Vm.Application, available, alike)
            : next.QuotaFor(allocation.Tenant)?.AgainstAmounts(next.Id, allocation.Tenant, ledger.OccupiedBy(next, allocation.Tenant, except: null));
    }
}
