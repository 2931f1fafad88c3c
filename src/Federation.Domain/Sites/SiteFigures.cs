using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Federation.Domain.Identity;

namespace Federation.Domain.Sites;

/// <summary>What a site's administrators see of it as a whole: room, fragmentation, power and who has how much. Holds lists: compared by reference.</summary>
/// <param name="Hosts">The site's hosts, by name; empty: it has none.</param>
/// <param name="Resources">vCPUs, memory and disk of the hosts that take VMs; empty: the site has no hosts.</param>
/// <param name="Offers">How many VMs of each offer there is room for, in the offers' order; empty: the site has no hosts.</param>
/// <param name="Power">What it takes; null: the site does not say what a vCPU takes.</param>
/// <param name="Tenants">What each tenant that has a place there has of it, the one with the largest share first.</param>
public sealed record SiteFigures(
    ImmutableArray<HostFigures> Hosts, ImmutableArray<ResourceFigures> Resources, ImmutableArray<OfferRoom> Offers, SitePower? Power, ImmutableArray<TenantShare> Tenants)
{
    /// <summary>Jain's index over the tenants' shares: 1 where all have the same, 1/n where one of n has all; null: nobody is there.</summary>
    [JsonIgnore]
    public double? Fairness => TenantShare.Fairness(Tenants);

    /// <summary>Adds a site up.</summary>
    /// <param name="site">The site, as it is described.</param>
    /// <param name="hosts">Its hosts.</param>
    /// <param name="ledger">Who has places there.</param>
    /// <param name="now">When: what has run out by then does not count.</param>
    public static SiteFigures Of(Site site, SiteHosts hosts, SiteLedger ledger, DateTimeOffset now)
    {
        var places = ledger.Expire(now);
        var use = places.OnHosts();
        var vms = places.Allocations.Values.SelectMany(place => place.Hosts).CountBy(host => host).ToDictionary(StringComparer.Ordinal);
        ImmutableArray<HostFigures> all =
            [.. hosts.All.Select(host => new HostFigures(host.Name, host.State, host.Size, use.GetValueOrDefault(host.Name), vms.GetValueOrDefault(host.Name)))];
        var taking = all.Where(host => host.State == HostState.Ready).ToList();
        return new(
            all,
            hosts.IsEmpty ? [] : ResourceFigures.Of(taking),
            hosts.IsEmpty ? [] : [.. site.Offers.Select(offer => OfferRoom.Of(offer, taking))],
            site.Energy is { } energy ? SitePower.Of(energy, all, places.Allocations.Values.Where(place => place.IsHere).Sum(place => place.Vcpus)) : null,
            TenantShare.Of(hosts.Bounded(site, places).Capacity?.Usable ?? RoomLimit.Unlimited, places, now));
    }
}

/// <summary>A host as it counts for its site.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">What it is good for.</param>
/// <param name="Size">What its VMs may have in all.</param>
/// <param name="Used">What places take of it, those of VMs included that are on their way to it.</param>
/// <param name="Vms">How many places.</param>
public sealed record HostFigures(string Name, HostState State, HostUse Size, HostUse Used, int Vms)
{
    /// <summary>What is left of it, of nothing less than 0: a host that shrank under its VMs has no room to give.</summary>
    [JsonIgnore]
    public HostUse Free => new(Math.Max(0, Size.Vcpus - Used.Vcpus), Math.Max(0, Size.MemoryBytes - Used.MemoryBytes), Math.Max(0, Size.DiskBytes - Used.DiskBytes));
}

/// <summary>One resource over the hosts of a site that take VMs.</summary>
/// <param name="Name">vcpus, memory or disk.</param>
/// <param name="Size">What there is; vCPUs, or bytes.</param>
/// <param name="Used">What places take.</param>
/// <param name="Free">What is free, over all hosts.</param>
/// <param name="Largest">The most that is free on one host: no VM that asks for more finds a place.</param>
public sealed record ResourceFigures(string Name, long Size, long Used, long Free, long Largest)
{
    /// <summary>External fragmentation: the share of the free amount that the largest VM which still fits does not reach, [0, 1); 0 where nothing is free.</summary>
    [JsonIgnore]
    public double Fragmentation => Free == 0 ? 0 : 1 - ((double)Largest / Free);

    internal static ImmutableArray<ResourceFigures> Of(IReadOnlyCollection<HostFigures> hosts) =>
        [Of(hosts, "vcpus", use => use.Vcpus), Of(hosts, "memory", use => use.MemoryBytes), Of(hosts, "disk", use => use.DiskBytes)];

    private static ResourceFigures Of(IReadOnlyCollection<HostFigures> hosts, string name, Func<HostUse, long> amount) => new(
        name, hosts.Sum(host => amount(host.Size)), hosts.Sum(host => amount(host.Used)), hosts.Sum(host => amount(host.Free)),
        hosts.Select(host => amount(host.Free)).DefaultIfEmpty().Max());
}

/// <summary>How many more VMs of an offer there is room for on a site's hosts.</summary>
/// <param name="Offer">The offer.</param>
/// <param name="Fit">How many, host by host.</param>
/// <param name="InOnePiece">How many there would be, were all that is free on one host: what is missing of it is lost to fragmentation.</param>
public sealed record OfferRoom(string Offer, long Fit, long InOnePiece)
{
    internal static OfferRoom Of(Offer offer, IReadOnlyCollection<HostFigures> hosts)
    {
        long Count(HostUse free) => Math.Min(free.Vcpus / offer.Vcpus, free.MemoryBytes / offer.MemoryBytes);
        return new(offer.Name, hosts.Sum(host => Count(host.Free)), Count(hosts.Aggregate(default(HostUse), (sum, host) => sum + host.Free)));
    }
}

/// <summary>What a site takes of power, by what its file says of a host at rest and of a vCPU.</summary>
/// <param name="HostsOn">The hosts that are heard of.</param>
/// <param name="HostsIdle">Those of them that have no VM.</param>
/// <param name="WattsPerHost">What one takes at rest, W; null: the file does not say.</param>
/// <param name="VcpuWatts">What the vCPUs take that are in use, W.</param>
public sealed record SitePower(int HostsOn, int HostsIdle, double? WattsPerHost, double VcpuWatts)
{
    /// <summary>What its hosts take at rest, W; null: not known.</summary>
    [JsonIgnore]
    public double? AtRestWatts => HostsOn * WattsPerHost;

    /// <summary>What those take that have no VM, W; null: not known.</summary>
    [JsonIgnore]
    public double? IdleWatts => HostsIdle * WattsPerHost;

    internal static SitePower Of(SiteEnergy energy, IEnumerable<HostFigures> hosts, int vcpus)
    {
        var on = hosts.Where(host => host.State is not (HostState.Lost or HostState.Fenced)).ToList();
        return new(on.Count, on.Count(host => host.Vms == 0), energy.WattsPerHost, vcpus * energy.WattsPerVcpu);
    }
}

/// <summary>What a tenant has of a site.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Use">What it has, places of VMs included that are on their way.</param>
/// <param name="Share">
/// Its dominant share (Ghodsi et al., NSDI 2011): the largest of its shares in the site's vCPUs and memory, of what may be given out where that is
/// limited, else of what all tenants have.
/// </param>
/// <param name="Resource">Which resource that is: vcpus or memory.</param>
public sealed record TenantShare(TenantId Tenant, Occupancy Use, double Share, string Resource)
{
    internal static ImmutableArray<TenantShare> Of(RoomLimit room, SiteLedger ledger, DateTimeOffset now)
    {
        var tenants = ledger.Allocations.Values.GroupBy(place => place.Tenant)
            .Select(places => (Tenant: places.Key, Use: places.Aggregate(default(Occupancy), (sum, place) => sum + place.CountedAt(now)) with { CoreHours = 0 })).ToList();
        var all = tenants.Aggregate(default(Occupancy), (sum, tenant) => sum + tenant.Use);
        var (vcpus, memory) = (Whole(room.Vcpus, RoomLimit.Unlimited.Vcpus, all.Vcpus), Whole(room.MemoryBytes, RoomLimit.Unlimited.MemoryBytes, all.MemoryBytes));
        return
        [
            .. tenants.Select(tenant => (tenant.Tenant, tenant.Use, Vcpus: tenant.Use.Vcpus / vcpus, Memory: tenant.Use.MemoryBytes / memory))
                .Select(tenant => new TenantShare(tenant.Tenant, tenant.Use, Math.Max(tenant.Vcpus, tenant.Memory), tenant.Vcpus >= tenant.Memory ? "vcpus" : "memory"))
                .OrderByDescending(tenant => tenant.Share).ThenBy(tenant => tenant.Tenant.Value, StringComparer.Ordinal),
        ];
    }

    /// <summary>Jain's index of fairness (Jain, Chiu and Hawe, DEC-TR-301, 1984) over shares; null: there are none.</summary>
    internal static double? Fairness(ImmutableArray<TenantShare> tenants)
    {
        var (sum, squares) = (tenants.Sum(tenant => tenant.Share), tenants.Sum(tenant => tenant.Share * tenant.Share));
        return squares > 0 ? sum * sum / (tenants.Length * squares) : null;
    }

    private static double Whole(long limit, long none, long used) => Math.Max(1, limit < none ? limit : used);
}
