using Federation.Domain.Sites;
using Federation.Yaml;
using Federation.Yaml.Quantities;

namespace Federation.Files.Doubts;

/// <summary>What a site says that is allowed and hardly meant.</summary>
internal static class SiteDoubts
{
    // By way of a satellite in a high orbit it is about half of this.
    private const double LongestLikelySeconds = 1;

    /// <summary>What is odd about a site by itself.</summary>
    public static IEnumerable<Warning> Alone(Site site) =>
    [
        .. Slow("network.latency", site.Network.LatencySeconds),
        .. site.Links.SelectMany(link => Slow($"links.{link.Key}.latency", link.Value.LatencySeconds)),
        .. site.Quotas.SelectMany((quota, index) => Tight(site, quota, $"quotas[{index}]")),
        .. site.Capacity is { } capacity ? Tight(site, capacity) : [],
    ];

    /// <summary>The links of a site that have no way back, of those that lead to sites that are known.</summary>
    /// <param name="site">The site.</param>
    /// <param name="others">The other sites.</param>
    public static IEnumerable<Warning> OneWay(Site site, IEnumerable<Site> others) =>
        from other in others
        where other.Id != site.Id && site.Links.ContainsKey(other.Id) && !other.Links.ContainsKey(site.Id)
        select new Warning($"links.{other.Id}", null, $"has no way back: {other.Id} has no link to {site.Id}",
            $"VMs that talk cannot be split over the two, and none comes back; add links: {{ {site.Id}: ... }} to {other.Id}");

    /// <summary>The links of others to a site that has none back.</summary>
    /// <param name="site">The site.</param>
    /// <param name="others">The other sites.</param>
    public static IEnumerable<Warning> Unanswered(Site site, IEnumerable<Site> others) =>
        from other in others
        where other.Id != site.Id && other.Links.ContainsKey(site.Id) && !site.Links.ContainsKey(other.Id)
        select new Warning("links", null, $"has no way back to {other.Id}, which has a link to {site.Id}",
            $"VMs that talk cannot be split over the two, and none goes back; add links: {{ {other.Id}: ... }} here");

    private static IEnumerable<Warning> Slow(string key, double seconds)
    {
        if (seconds > LongestLikelySeconds)
        {
            yield return new(key, Durations.Write(seconds), "is longer than any network needs", $"write milliseconds if they were meant: {Durations.Write(seconds / 1000)}");
        }
    }

    // A zero shuts a tenant out, and is meant.
    private static IEnumerable<Warning> Tight(Site site, Quota quota, string key)
    {
        var amounts = new Amounts(quota.Vcpus, quota.MemoryBytes);
        if (quota is not { Vms: 0 } and not { Vcpus: 0 } and not { MemoryBytes: 0 } && amounts.Missed(site) is { } missed)
        {
            yield return missed.Of(key, $"is below the smallest offer, {Smallest(site)}: no VM of {(quota.Tenant == "*" ? "any tenant" : quota.Tenant)} finds room",
                "raise it, or write 0 to shut the tenant out");
        }
    }

    private static IEnumerable<Warning> Tight(Site site, SiteCapacity capacity)
    {
        var amounts = new Amounts(capacity.Usable.Vcpus, capacity.Usable.MemoryBytes);
        if (capacity is not { Vms: 0 } and not { Vcpus: 0 } and not { MemoryBytes: 0 } && amounts.Missed(site) is { } missed)
        {
            yield return missed.Of("capacity", $"leaves less than the smallest offer, {Smallest(site)}, its headroom taken off: no VM finds room",
                "raise it, or write 0 to shut the site");
        }
    }

    private static string Smallest(Site site) =>
        site.Offers.OrderBy(offer => offer.Vcpus).ThenBy(offer => offer.MemoryBytes).Select(offer => $"{offer.Name} ({offer.Vcpus} vCPUs, {Sizes.Write(offer.MemoryBytes)})").First();

    // What there may be of vCPUs and memory; null: no limit.
    private readonly record struct Amounts(long? Vcpus, long? MemoryBytes)
    {
        /// <summary>What no offer fits into; null: one does.</summary>
        public Miss? Missed(Site site)
        {
            var (vcpus, memory) = (Vcpus ?? long.MaxValue, MemoryBytes ?? long.MaxValue);
            return site.Offers.Any(offer => offer.Vcpus <= vcpus && offer.MemoryBytes <= memory) ? null
                : site.Offers.All(offer => offer.Vcpus > vcpus) ? new(".vcpus", $"{vcpus}")
                : site.Offers.All(offer => offer.MemoryBytes > memory) ? new(".memory", Sizes.Write(memory))
                : new("", null);
        }
    }

    private readonly record struct Miss(string Key, string? Value)
    {
        public Warning Of(string key, string problem, string remedy) => new(key + Key, Value, problem, remedy);
    }
}
