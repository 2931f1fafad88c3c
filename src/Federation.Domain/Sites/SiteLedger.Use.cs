using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Sites;

/// <summary>A VM that has its place at a site and could not come any more.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="Refusal">What it stands outside of, the first of several.</param>
public readonly record struct OutsideVm(VmRef Vm, Refusal Refusal);

/// <summary>What of a site an application cannot have, because others have it.</summary>
/// <param name="OfTenant">What the tenant's other applications occupy, with all the core-hours that the tenant has used up.</param>
/// <param name="OfAll">What the applications of all tenants but that one occupy; counted only where the site has a capacity.</param>
public readonly record struct UsedByOthers(Occupancy OfTenant, Occupancy OfAll);

// What is taken of the site, by whom, and who stands outside of what it allows now.
public sealed partial record SiteLedger
{
    /// <summary>What all tenants occupy; no core-hours.</summary>
    public Occupancy Occupied(DateTimeOffset now) => Sum(_ => true, now) with { CoreHours = 0 };

    /// <summary>What a tenant occupies, together with the core-hours that it has used up in stays that have ended.</summary>
    public Occupancy OccupiedBy(TenantId tenant, DateTimeOffset now) =>
        Sum(allocation => allocation.Tenant == tenant, now) + Spent(tenant);

    /// <summary>The room that a tenant finds at this moment.</summary>
    public SiteRoom RoomFor(Door door, TenantId tenant) =>
        new(door.Site, tenant, OccupiedBy(tenant, door.Now), door.Site.Capacity is null ? default : Occupied(door.Now));

    /// <summary>What a planner has to leave to others when it places one application.</summary>
    public UsedByOthers UsedByOthers(Site site, AppId application, DateTimeOffset now)
    {
        var ofTenant = Sum(allocation => allocation.Tenant == application.Tenant && allocation.Vm.Application != application, now);
        var own = Allocations.Values.Where(allocation => allocation.Vm.Application == application).Sum(allocation => allocation.CoreHoursUsed(now));
        return new(
            ofTenant + Spent(application.Tenant) + new Occupancy(0, 0, 0, own),
            site.Capacity is null ? default : Sum(allocation => allocation.Vm.Application != application, now) with { CoreHours = 0 });
    }

    /// <summary>The VMs that stand outside of what a description allows, by name. They stay: it counts for what comes.</summary>
    /// <param name="site">The description, in force or not yet.</param>
    /// <param name="now">When.</param>
    public ImmutableArray<OutsideVm> Outside(Site site, DateTimeOffset now)
    {
        // Summed up once for all: with each reading of a site this is asked of every place.
        var (ledger, door) = (Expire(now), new Door(site, SiteApprovals.None, now));
        var alike = ledger.Allocations.Values.CountBy(place => (place.Vm.Application, place.Offer)).ToDictionary();
        var rooms = ledger.Allocations.Values.Select(place => place.Tenant).Distinct().ToDictionary(tenant => tenant, tenant => ledger.RoomFor(door, tenant));
        return
        [
            .. from allocation in ledger.Allocations.Values
               let refusal = door.AgainstOccupant(allocation, alike[(allocation.Vm.Application, allocation.Offer)], rooms[allocation.Tenant])
               where refusal is not null
               select new OutsideVm(allocation.Vm, refusal),
        ];
    }

    private Occupancy Spent(TenantId tenant) => new(0, 0, 0, SpentCoreHours.GetValueOrDefault(tenant.Value));

    private Occupancy Sum(Func<Allocation, bool> which, DateTimeOffset now) => Allocations.Values
        .Where(allocation => !allocation.HasExpired(now) && which(allocation))
        .Aggregate(default(Occupancy), (sum, allocation) => sum + allocation.CountedAt(now));
}
