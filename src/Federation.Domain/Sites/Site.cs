using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Sites;

/// <summary>What kind of site it is.</summary>
public enum SiteKind
{
    /// <summary>Unlimited time, priced.</summary>
    Cloud,

    /// <summary>A quota and time-limited reservations, usually free.</summary>
    Grid,
}

/// <summary>One administrative and network domain that runs VMs. Immutable: a change replaces it whole.</summary>
/// <remarks>Holds collections, so that two sites are compared by reference.</remarks>
public sealed record Site
{
    /// <summary>Its name.</summary>
    public required SiteId Id { get; init; }

    /// <summary>Cloud or grid.</summary>
    public required SiteKind Kind { get; init; }

    /// <summary>Where it is, in words for people.</summary>
    public string Region { get; init; } = "";

    /// <summary>The currency of all its prices; the same for every site of a federation.</summary>
    public string Currency { get; init; } = "USD";

    /// <summary>What it sells; at least one, names unique, in the file's order.</summary>
    public required ImmutableArray<Offer> Offers { get; init; }

    /// <summary>What it sold, sells no more, and has VMs on: they may stay until they leave. No file says so: the site keeps it in mind.</summary>
    public ImmutableArray<Offer> Withdrawn { get; init; } = [];

    /// <summary>Whether it has hosts of its own, each with an agent. No file says so: the site knows it by its hosts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HasHosts { get; init; }

    /// <summary>What its hosts that take VMs can take at most, each kind once; null: it has no hosts. No file says so.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<HostShape>? HostShapes { get; init; }

    /// <summary>How many of its hosts take VMs; 0 where it has none. No file says so.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int ReadyHosts { get; init; }

    /// <summary>How it rounds what it bills.</summary>
    public Billing Billing { get; init; } = new(TimeSpan.FromSeconds(1), TimeSpan.Zero);

    /// <summary>What its VMs take of power and emit; null: not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SiteEnergy? Energy { get; init; }

    /// <summary>The network between its own VMs, and its price to the internet.</summary>
    public required SiteNetwork Network { get; init; }

    /// <summary>Links from this site to others. Where there is none, VMs that talk cannot be split and none can move.</summary>
    public ImmutableSortedDictionary<SiteId, Link> Links { get; init; } = ImmutableSortedDictionary<SiteId, Link>.Empty;

    /// <summary>What there is for all tenants together; null: no limit is known.</summary>
    public SiteCapacity? Capacity { get; init; }

    /// <summary>Limits per tenant.</summary>
    public ImmutableArray<Quota> Quotas { get; init; } = [];

    /// <summary>When VMs may be here; empty: always. Earliest first, neither overlapping nor touching.</summary>
    public ImmutableArray<Availability> Availability { get; init; } = [];

    /// <summary>Copies of images that the site has, for its own VMs; known by their checksums, whatever an application calls them.</summary>
    public ImmutableArray<GuestImage> Images { get; init; } = [];

    /// <summary>Who and what may come, and when.</summary>
    public SitePolicy Policy { get; init; } = new();

    /// <summary>The offer of a name; null if the site has none such.</summary>
    public Offer? OfferNamed(string name) => Offers.FirstOrDefault(offer => offer.Name == name);

    /// <summary>The limit that holds for a tenant: its own, else the one for any ("*"), else null: no limit.</summary>
    public Quota? QuotaFor(TenantId tenant) =>
        Quotas.FirstOrDefault(quota => quota.Tenant == tenant.Value) ?? Quotas.FirstOrDefault(quota => quota.Tenant == "*");

    /// <summary>What its policy, or the VM's owner, has against a VM here, time and room left aside; null: nothing.</summary>
    /// <param name="tenant">Whose VM it is.</param>
    /// <param name="vm">The VM.</param>
    /// <param name="residency">Residency tags that the site must offer, all of them.</param>
    /// <param name="allowed">The sites that it may be at; null: any.</param>
    public Refusal? Against(TenantId tenant, VmId vm, ImmutableSortedSet<string> residency, ImmutableSortedSet<SiteId>? allowed) =>
        !Policy.Admits(tenant) ? Refusal.PolicyTenant(Id, tenant)
        : allowed is not null && !allowed.Contains(Id) ? Refusal.AllowedSites(Id, vm, allowed)
        : residency.Except(Policy.Residency) is { IsEmpty: false } missing ? Refusal.ResidencyMissing(Id, vm, missing)
        : null;

    /// <summary>What its hosts would have against a VM that comes, were they empty; null: nothing, or no host takes VMs.</summary>
    /// <param name="vm">The VM.</param>
    /// <param name="needs">What it needs.</param>
    /// <param name="offer">The offer that it would have, which is what it takes of its host.</param>
    public Refusal? AgainstHosts(VmId vm, VmNeeds needs, Offer offer)
    {
        if (HostShapes is not { IsEmpty: false } shapes)
        {
            return null;
        }

        var takes = new HostUse(offer.Vcpus, offer.MemoryBytes, needs.DiskBytes);
        var large = shapes.Where(shape => (shape.Size - takes).IsWithin).ToList();
        return large.Count == 0
            ? Refusal.HostTooSmall(Id, vm, $"{takes}", $"{shapes.Select(shape => shape.Size).MaxBy(size => (size.MemoryBytes, size.Vcpus, size.DiskBytes))}")
            : large.TrueForAll(shape => HostShape.Missing(shape.Hypervisor, needs.Hardware) is not null)
                ? Refusal.HostLacksHardware(Id, vm, HostShape.Missing(large[0].Hypervisor, needs.Hardware)!)
                : null;
    }

    /// <summary>Until when a VM that is here at an instant may stay; null if the site is not available then.</summary>
    public DateTimeOffset? AvailableUntil(DateTimeOffset instant)
    {
        if (Availability.IsEmpty)
        {
            return DateTimeOffset.MaxValue;
        }

        foreach (var interval in Availability)
        {
            if (interval.From <= instant && instant < interval.Until)
            {
                return interval.Until;
            }
        }

        return null;
    }
}

/// <summary>One kind of VM that a site sells.</summary>
/// <param name="Name">Unique within the site.</param>
/// <param name="Vcpus">Virtual CPUs, at least 1.</param>
/// <param name="MemoryBytes">Memory, more than 0.</param>
/// <param name="Speed">A multiple of the reference core, more than 0.</param>
/// <param name="Available">VMs of it that one application may hold; null: unlimited.</param>
/// <param name="Price">What it costs.</param>
public sealed record Offer(string Name, int Vcpus, long MemoryBytes, double Speed, int? Available, PriceSchedule Price)
{
    /// <summary>Why a VM needs more than it has; null: it is enough.</summary>
    /// <param name="site">Whose offer it is.</param>
    /// <param name="vm">The VM.</param>
    /// <param name="vcpus">The vCPUs that the VM needs.</param>
    /// <param name="memoryBytes">The memory that it needs.</param>
    public Refusal? AgainstNeeds(SiteId site, VmId vm, int vcpus, long memoryBytes) =>
        Vcpus < vcpus ? Refusal.NeedsVcpus(new(site, Name), vm, Vcpus, vcpus)
        : MemoryBytes < memoryBytes ? Refusal.NeedsMemory(new(site, Name), vm, MemoryBytes, memoryBytes)
        : null;
}

/// <summary>How a site rounds the time that it bills.</summary>
/// <param name="Increment">Time is rounded up to a multiple of it; more than zero.</param>
/// <param name="Minimum">The least that a VM which arrives is billed; zero or more.</param>
public readonly record struct Billing(TimeSpan Increment, TimeSpan Minimum)
{
    // Two hours that a sum of doubles makes 7200.000000000001 s are not billed as three.
    private const double Tolerance = 1e-11;

    /// <summary>The seconds billed for a stay of <paramref name="seconds"/>; an excess that only rounding can have made is none.</summary>
    public double BilledSeconds(double seconds, bool arrives)
    {
        var increments = seconds / Increment.TotalSeconds;
        var rounded = Math.Ceiling(increments * (1 - Tolerance)) * Increment.TotalSeconds;
        return arrives ? Math.Max(rounded, Minimum.TotalSeconds) : rounded;
    }
}

/// <summary>The network inside one site.</summary>
/// <param name="LatencySeconds">One way, zero or more.</param>
/// <param name="BytesPerSecond">Bandwidth, more than zero.</param>
/// <param name="InternetEgressPerGB">Price of 10^9 bytes to addresses outside the federation.</param>
public readonly record struct SiteNetwork(double LatencySeconds, double BytesPerSecond, decimal InternetEgressPerGB);

/// <summary>What a tenant may occupy at a site; a null is no limit.</summary>
/// <param name="Tenant">The tenant's name, or "*" for any that has no entry of its own.</param>
/// <param name="Vcpus">Offers' vCPUs.</param>
/// <param name="MemoryBytes">Offers' memory.</param>
/// <param name="Vms">VMs.</param>
/// <param name="CoreHours">Offers' vCPUs times hours.</param>
public sealed record Quota(string Tenant, int? Vcpus, long? MemoryBytes, int? Vms, double? CoreHours)
{
    // Sums of hours carry rounding: a limit that is met to within a billionth is met.
    private const double Tolerance = 1e-9;

    /// <summary>The first amount (vCPUs, VMs, memory) that a tenant would exceed; null: none. Core-hours are not looked at.</summary>
    /// <param name="site">Whose quota it is.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="need">What the tenant would occupy in all.</param>
    /// <param name="vm">The VM that comes to it; null: several, or none.</param>
    public Refusal? AgainstAmounts(SiteId site, TenantId tenant, Occupancy need, VmRef? vm = null) =>
        need.Vcpus > Vcpus ? Refusal.Quota(RefusalCode.QuotaVcpus, site, tenant, Vcpus.Value, need.Vcpus, vm)
        : need.Vms > Vms ? Refusal.Quota(RefusalCode.QuotaVms, site, tenant, Vms.Value, need.Vms, vm)
        : need.MemoryBytes > MemoryBytes ? Refusal.Quota(RefusalCode.QuotaMemory, site, tenant, MemoryBytes.Value, need.MemoryBytes, vm)
        : null;

    /// <summary>The refusal if a tenant would use more core-hours than it may; otherwise null.</summary>
    public Refusal? AgainstCoreHours(SiteId site, TenantId tenant, double need, VmRef? vm = null) =>
        CoreHours is { } limit && need > limit * (1 + Tolerance) ? Refusal.Quota(RefusalCode.QuotaCoreHours, site, tenant, limit, need, vm) : null;
}

/// <summary>One interval in which VMs may be at a site, such as a grid's reservation; half-open.</summary>
/// <param name="From">The first instant.</param>
/// <param name="Until">The first instant after it.</param>
public readonly record struct Availability(DateTimeOffset From, DateTimeOffset Until)
{
    /// <summary>The same time in the fewest intervals, earliest first: those that overlap or touch become one.</summary>
    public static ImmutableArray<Availability> Merged(IEnumerable<Availability> intervals)
    {
        var merged = new List<Availability>();
        foreach (var next in intervals.OrderBy(interval => interval.From))
        {
            if (merged.Count > 0 && next.From <= merged[^1].Until)
            {
                merged[^1] = merged[^1] with { Until = next.Until > merged[^1].Until ? next.Until : merged[^1].Until };
            }
            else
            {
                merged.Add(next);
            }
        }

        return [.. merged];
    }
}
