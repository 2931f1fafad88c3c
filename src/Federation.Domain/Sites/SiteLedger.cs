using System.Collections.Immutable;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;

namespace Federation.Domain.Sites;

/// <summary>Who holds what at one site. It never gives out more than an offer's capacity, a tenant's quota or the policy allow.</summary>
/// <remarks>Immutable: each step gives a new ledger. Every step can be repeated without harm. Compared by reference.</remarks>
public sealed partial record SiteLedger
{
    /// <summary>The places held, one VM having at most one.</summary>
    public ImmutableSortedDictionary<VmRef, Hold> Holds { get; init; } = ImmutableSortedDictionary<VmRef, Hold>.Empty;

    /// <summary>Core-hours that each tenant's VMs have used here and that no hold counts any more.</summary>
    public ImmutableSortedDictionary<string, double> SpentCoreHours { get; init; } = ImmutableSortedDictionary<string, double>.Empty;

    /// <summary>Notes that a VM has arrived. Without a place kept for it: a bug.</summary>
    /// <exception cref="InvalidOperationException">Nothing is held for the VM.</exception>
    public SiteLedger Arrive(VmRef vm, DateTimeOffset now) => Holds.TryGetValue(vm, out var hold)
        ? hold.State == HoldState.Arriving ? Put(hold with { State = HoldState.Here, Since = now, ExpiresAt = null }) : this
        : throw new InvalidOperationException($"{vm} arrives where no place is held for it");

    /// <summary>Notes that a VM begins to leave by a live migration, if the policy lets one more go at this time.</summary>
    public (SiteLedger Ledger, Verdict Verdict) BeginLeaving(Site site, VmRef vm, DateTimeOffset now)
    {
        if (!Holds.TryGetValue(vm, out var hold) || hold.State == HoldState.Leaving)
        {
            return (this, Verdict.Feasible);
        }

        return site.Policy.MigrationsOut is { } most && Holds.Values.Count(other => other.State == HoldState.Leaving) >= most
            ? (this, Verdict.Reject($"migrations: {most} leave {site.Id} already, its policy allows no more at once"))
            : (Put(hold with { State = HoldState.Leaving, Since = now }), Verdict.Feasible);
    }

    /// <summary>Notes that a VM stays after all.</summary>
    public SiteLedger CancelLeaving(VmRef vm, DateTimeOffset now) =>
        Holds.TryGetValue(vm, out var hold) && hold.State == HoldState.Leaving
            ? Put(hold with { State = HoldState.Here, Since = now })
            : this;

    /// <summary>Gives a VM's place back; what it has used here counts on. Nothing held: nothing happens.</summary>
    public SiteLedger Release(Site site, VmRef vm, DateTimeOffset now)
    {
        if (!Holds.TryGetValue(vm, out var hold))
        {
            return this;
        }

        var vcpus = hold.State == HoldState.Arriving ? 0 : site.OfferNamed(hold.Offer)?.Vcpus ?? 0;
        var used = vcpus * (now - hold.Since).TotalHours;
        var spent = SpentCoreHours.GetValueOrDefault(hold.Tenant.Value) + Math.Max(0, used);
        return this with
        {
            Holds = Holds.Remove(vm),
            SpentCoreHours = used > 0 ? SpentCoreHours.SetItem(hold.Tenant.Value, spent) : SpentCoreHours,
        };
    }

    /// <summary>What a tenant occupies here, but for one application, together with what it has used up.</summary>
    public Occupancy OccupiedBy(Site site, TenantId tenant, AppId? except)
    {
        var sum = new Occupancy(0, 0, 0, SpentCoreHours.GetValueOrDefault(tenant.Value));
        foreach (var hold in Holds.Values.Where(hold => hold.Tenant == tenant && hold.Vm.Application != except))
        {
            sum += Of(site, hold);
        }

        return sum;
    }

    private SiteLedger Put(Hold hold) => this with { Holds = Holds.SetItem(hold.Vm, hold) };

    private static Occupancy Of(Site site, Hold hold) => site.OfferNamed(hold.Offer) is { } offer
        ? new(offer.Vcpus, offer.MemoryBytes, 1, hold.CoreHours)
        : new(0, 0, 1, hold.CoreHours);
}
