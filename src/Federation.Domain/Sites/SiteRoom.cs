using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Sites;

/// <summary>What is taken of a site: what quotas and capacity count.</summary>
/// <param name="Vcpus">Offers' vCPUs.</param>
/// <param name="MemoryBytes">Offers' memory.</param>
/// <param name="Vms">VMs.</param>
/// <param name="CoreHours">Offers' vCPUs times hours; no part of what capacity counts.</param>
public readonly record struct Occupancy(int Vcpus, long MemoryBytes, int Vms, double CoreHours)
{
    /// <summary>Both together.</summary>
    public static Occupancy operator +(Occupancy a, Occupancy b) =>
        new(a.Vcpus + b.Vcpus, a.MemoryBytes + b.MemoryBytes, a.Vms + b.Vms, a.CoreHours + b.CoreHours);

    /// <summary>What is left of the one without the other.</summary>
    public static Occupancy operator -(Occupancy a, Occupancy b) =>
        new(a.Vcpus - b.Vcpus, a.MemoryBytes - b.MemoryBytes, a.Vms - b.Vms, a.CoreHours - b.CoreHours);

    /// <summary>What one VM on an offer takes; no core-hours.</summary>
    public static Occupancy Of(Offer offer) => new(offer.Vcpus, offer.MemoryBytes, 1, 0);
}

/// <summary>Amounts that may be taken. Negative: more is taken than there is.</summary>
/// <param name="Vcpus">vCPUs.</param>
/// <param name="MemoryBytes">Memory.</param>
/// <param name="Vms">VMs.</param>
public readonly record struct RoomLimit(long Vcpus, long MemoryBytes, long Vms)
{
    // So large that a sum of two does not overflow.
    private const long Endless = long.MaxValue / 4;

    /// <summary>No limit.</summary>
    public static RoomLimit Unlimited { get; } = new(Endless, Endless, Endless);

    /// <summary>Whether nothing is limited.</summary>
    public bool IsUnlimited => Vcpus >= Endless / 2 && MemoryBytes >= Endless / 2 && Vms >= Endless / 2;

    /// <summary>Whether so much is within it.</summary>
    public bool Holds(Occupancy use) => use.Vcpus <= Vcpus && use.MemoryBytes <= MemoryBytes && use.Vms <= Vms;

    /// <summary>How many VMs of so much each are within it; 0 or less: none.</summary>
    /// <param name="vcpus">vCPUs of each, at least 1.</param>
    /// <param name="memoryBytes">Memory of each, more than 0.</param>
    public long RoomFor(int vcpus, long memoryBytes) => Math.Min(Vms, Math.Min(Vcpus / vcpus, MemoryBytes / memoryBytes));

    /// <summary>The same, but at least so much.</summary>
    public RoomLimit AtLeast(Occupancy use) => new(Math.Max(Vcpus, use.Vcpus), Math.Max(MemoryBytes, use.MemoryBytes), Math.Max(Vms, use.Vms));

    /// <summary>What is within both.</summary>
    public static RoomLimit Least(RoomLimit a, RoomLimit b) =>
        new(Math.Min(a.Vcpus, b.Vcpus), Math.Min(a.MemoryBytes, b.MemoryBytes), Math.Min(a.Vms, b.Vms));

    /// <summary>What is left of it besides so much.</summary>
    public static RoomLimit operator -(RoomLimit limit, Occupancy use) =>
        new(limit.Vcpus - use.Vcpus, limit.MemoryBytes - use.MemoryBytes, limit.Vms - use.Vms);

    /// <summary>A limit of some amounts; a null is none.</summary>
    public static RoomLimit Of(long? vcpus, long? memoryBytes, long? vms) => new(vcpus ?? Endless, memoryBytes ?? Endless, vms ?? Endless);
}

/// <summary>What a site has for all tenants together; a null is no limit.</summary>
/// <param name="Vcpus">Offers' vCPUs.</param>
/// <param name="MemoryBytes">Offers' memory.</param>
/// <param name="Vms">VMs.</param>
/// <param name="Headroom">The share of each that is kept free, [0, 1). Default 0.</param>
public sealed record SiteCapacity(int? Vcpus, long? MemoryBytes, int? Vms, double Headroom = 0)
{
    // 0.9 of 10 is 9, whatever a product of doubles makes of it.
    private const double Tolerance = 1e-9;

    /// <summary>What may be given out: the capacity less its headroom, rounded down.</summary>
    public RoomLimit Usable => RoomLimit.Of(Without(Vcpus), Without(MemoryBytes), Without(Vms));

    /// <summary>The first amount (vCPUs, VMs, memory) that would be exceeded; null: none.</summary>
    /// <param name="site">Whose capacity it is.</param>
    /// <param name="need">What all tenants would occupy.</param>
    public Refusal? Against(SiteId site, Occupancy need)
    {
        var usable = Usable;
        return need.Vcpus > usable.Vcpus ? Refusal.CapacitySiteVcpus(site, usable.Vcpus, need.Vcpus)
            : need.Vms > usable.Vms ? Refusal.CapacitySiteVms(site, usable.Vms, need.Vms)
            : need.MemoryBytes > usable.MemoryBytes ? Refusal.CapacitySiteMemory(site, usable.MemoryBytes, need.MemoryBytes)
            : null;
    }

    private long? Without(long? amount) => amount is { } all ? (long)Math.Floor((all * (1 - Headroom)) + Tolerance) : null;
}

/// <summary>The room that one tenant finds at a site: its capacity over all tenants and the tenant's quota.</summary>
/// <remarks>
/// The one rule of room. The ledger holds what comes against it, at that moment; planner and search foresee with it, in the arrays of
/// <see cref="Left"/>.
/// </remarks>
/// <param name="site">The site.</param>
/// <param name="tenant">The tenant.</param>
/// <param name="ofTenant">What the tenant has of it already, used up core-hours included.</param>
/// <param name="ofAll">What all tenants have of it already, that one included.</param>
public sealed class SiteRoom(Site site, TenantId tenant, Occupancy ofTenant, Occupancy ofAll)
{
    private readonly Quota? quota = site.QuotaFor(tenant);

    /// <summary>The amounts that the tenant may still take; negative where more is taken than there is.</summary>
    public RoomLimit Left { get; } = RoomLimit.Least(
        site.QuotaFor(tenant) is { } own ? RoomLimit.Of(own.Vcpus, own.MemoryBytes, own.Vms) - ofTenant : RoomLimit.Unlimited,
        site.Capacity is { } capacity ? capacity.Usable - ofAll : RoomLimit.Unlimited);

    /// <summary>The core-hours that the tenant may still use; infinite without a limit, negative where it has used more.</summary>
    public double CoreHoursLeft => quota?.CoreHours is { } hours ? hours - ofTenant.CoreHours : double.PositiveInfinity;

    /// <summary>What stands against so much more; null: there is room. Its core-hours count as planned for it.</summary>
    /// <param name="comes">What comes to it; nothing: whether what is taken is within the limits.</param>
    /// <param name="vm">The VM that comes; null: several, or none.</param>
    public Refusal? Refuses(Occupancy comes, VmRef? vm = null) => Left.Holds(comes)
        ? quota?.AgainstCoreHours(site.Id, tenant, ofTenant.CoreHours + comes.CoreHours, vm)
        : site.Capacity?.Against(site.Id, ofAll + comes) ?? quota?.AgainstAmounts(site.Id, tenant, ofTenant + comes, vm);

    /// <summary>What stands against an application holding so many of an offer; null: nothing does.</summary>
    public static Refusal? OfOffer(Site site, Offer offer, AppId application, int held) => held > offer.Available
        ? Refusal.CapacityOfferTaken(new(site.Id, offer.Name), application, offer.Available.Value, held)
        : null;
}
