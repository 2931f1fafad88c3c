using System.Collections.Immutable;
using Federation.Domain.Applications;
using Federation.Domain.Identity;

namespace Federation.Domain.Sites;

/// <summary>A VM with a place at a site that could not come there any more under another description of it.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="Reason">What stands in its way, the first of several.</param>
public readonly record struct AffectedVm(VmRef Vm, string Reason);

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
            let reason = ReasonAgainst(next, ledger, allocation, specs.GetValueOrDefault(allocation.Vm), now)
            where reason is not null
            select new AffectedVm(allocation.Vm, reason)];

    private static string? ReasonAgainst(Site next, SiteLedger ledger, Allocation allocation, VmSpec? spec, DateTimeOffset now)
    {
        if (!next.Policy.Admits(allocation.Tenant))
        {
            return $"policy: {next.Id} does not admit tenant {allocation.Tenant}";
        }

        if (next.OfferNamed(allocation.Offer) is not { } offer)
        {
            return $"offer: {next.Id} sells no {allocation.Offer} any more";
        }

        if (spec is not null && spec.Residency.Except(next.Policy.Residency) is { IsEmpty: false } missing)
        {
            return $"residency: {next.Id} does not offer {string.Join(", ", missing)}";
        }

        if (next.AvailableUntil(now) is null)
        {
            return $"availability: {next.Id} is not available at {now.UtcDateTime:yyyy-MM-dd'T'HH:mm'Z'}";
        }

        var alike = ledger.Allocations.Values.Count(other => other.Vm.Application == allocation.Vm.Application && other.Offer == allocation.Offer);
        return alike > offer.Available ? $"capacity: {allocation.Vm.Application} has {alike} of {offer.Name}, {next.Id} lets one application have {offer.Available}"
            : QuotaReason(next, ledger, allocation.Tenant);
    }

    private static string? QuotaReason(Site next, SiteLedger ledger, TenantId tenant)
    {
        if (next.QuotaFor(tenant) is not { } quota)
        {
            return null;
        }

        var used = ledger.OccupiedBy(next, tenant, except: null);
        var over = used.Vcpus > quota.Vcpus ? $"{used.Vcpus} vCPUs, and may {quota.Vcpus}"
            : used.Vms > quota.Vms ? $"{used.Vms} VMs, and may {quota.Vms}"
            : used.MemoryBytes > quota.MemoryBytes ? $"{Gib(used.MemoryBytes)}, and may {Gib(quota.MemoryBytes.Value)}"
            : null;
        return over is null ? null : $"quota: tenant {tenant} occupies {over}";

        static string Gib(long bytes) => $"{bytes / (double)(1L << 30):0.###} GiB";
    }
}
