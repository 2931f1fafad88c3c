using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Sites;

/// <summary>Who holds what at one site. It never gives out more than an offer's capacity, a tenant's quota or the policy allow.</summary>
/// <remarks>Immutable: each step gives a new ledger. Every step can be repeated without harm. Compared by reference.</remarks>
public sealed partial record SiteLedger
{
    /// <summary>The places held, one VM having at most one. Stored under the name that earlier versions gave it.</summary>
    [JsonPropertyName("holds")]
    public ImmutableSortedDictionary<VmRef, Allocation> Allocations { get; init; } = ImmutableSortedDictionary<VmRef, Allocation>.Empty;

    /// <summary>Core-hours that each tenant's VMs have used here and that no allocation counts any more.</summary>
    public ImmutableSortedDictionary<string, double> SpentCoreHours { get; init; } = ImmutableSortedDictionary<string, double>.Empty;

    /// <summary>Notes that a VM has arrived. Without a place kept for it: a bug.</summary>
    /// <exception cref="InvalidOperationException">Nothing is held for the VM.</exception>
    public SiteLedger Arrive(VmRef vm, DateTimeOffset now) => Allocations.TryGetValue(vm, out var allocation)
        ? allocation.State == AllocationState.Arriving ? Put(allocation with { State = AllocationState.Here, Since = now, ExpiresAt = null }) : this
        : throw new InvalidOperationException($"{vm} arrives where no place is held for it");

    /// <summary>Notes that a VM begins to leave by a live migration, if the policy lets one more go at this time. Its stay goes on until it is released.</summary>
    public (SiteLedger Ledger, Verdict Verdict) BeginLeaving(Site site, VmRef vm)
    {
        if (!Allocations.TryGetValue(vm, out var allocation) || allocation.State == AllocationState.Leaving)
        {
            return (this, Verdict.Feasible);
        }

        return site.Policy.MigrationsOut is { } most && Allocations.Values.Count(other => other.State == AllocationState.Leaving) >= most
            ? (this, Verdict.Reject(Refusal.MigrationsOutFull(site.Id, most)))
            : (Put(allocation with { State = AllocationState.Leaving }), Verdict.Feasible);
    }

    /// <summary>Notes that a VM stays after all.</summary>
    public SiteLedger CancelLeaving(VmRef vm) =>
        Allocations.TryGetValue(vm, out var allocation) && allocation.State == AllocationState.Leaving
            ? Put(allocation with { State = AllocationState.Here })
            : this;

    /// <summary>Gives a VM's place back; what it has used here counts on. Nothing held: nothing happens.</summary>
    public SiteLedger Release(Site site, VmRef vm, DateTimeOffset now)
    {
        if (!Allocations.TryGetValue(vm, out var allocation))
        {
            return this;
        }

        var vcpus = allocation.State == AllocationState.Arriving ? 0 : site.OfferNamed(allocation.Offer)?.Vcpus ?? 0;
        var used = vcpus * (now - allocation.Since).TotalHours;
        var spent = SpentCoreHours.GetValueOrDefault(allocation.Tenant.Value) + Math.Max(0, used);
        return this with
        {
            Allocations = Allocations.Remove(vm),
            SpentCoreHours = used > 0 ? SpentCoreHours.SetItem(allocation.Tenant.Value, spent) : SpentCoreHours,
        };
    }

    /// <summary>Gives back every place of an application's VMs, however far they are with it.</summary>
    public SiteLedger ReleaseAll(Site site, AppId application, DateTimeOffset now) => Allocations.Keys
        .Where(vm => vm.Application == application).Aggregate(this, (left, vm) => left.Release(site, vm, now));

    /// <summary>What a tenant occupies here, but for one application, together with what it has used up.</summary>
    public Occupancy OccupiedBy(Site site, TenantId tenant, AppId? except)
    {
        var sum = new Occupancy(0, 0, 0, SpentCoreHours.GetValueOrDefault(tenant.Value));
        foreach (var allocation in Allocations.Values.Where(allocation => allocation.Tenant == tenant && allocation.Vm.Application != except))
        {
            sum += Of(site, allocation);
        }

        return sum;
    }

    private SiteLedger Put(Allocation allocation) => this with { Allocations = Allocations.SetItem(allocation.Vm, allocation) };

    private static Occupancy Of(Site site, Allocation allocation) => site.OfferNamed(allocation.Offer) is { } offer
        ? new(offer.Vcpus, offer.MemoryBytes, 1, allocation.CoreHours)
        : new(0, 0, 1, allocation.CoreHours);
}
