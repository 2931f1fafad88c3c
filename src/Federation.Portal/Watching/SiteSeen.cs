using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Portal.Sessions;

namespace Federation.Portal.Watching;

/// <summary>All that the page of a site shows, as it was at one moment. Compared by reference.</summary>
/// <param name="At">When.</param>
/// <param name="Status">The site; of who is there, those whom the viewer sees.</param>
/// <param name="Hosts">Its hosts, by name; null: not for the viewer.</param>
/// <param name="Sensors">Its sensors, by name; null: not for the viewer.</param>
public sealed record SiteSeen(DateTimeOffset At, SiteStatus Status, ImmutableArray<HostStatus>? Hosts, ImmutableArray<SensorRecord>? Sensors)
{
    /// <summary>Asks for it; null: there is no such site.</summary>
    public static async Task<SiteSeen?> Ask(PortalSession session, SiteId id, DateTimeOffset now, CancellationToken cancel)
    {
        var calls = session.Calls;
        if (await calls.Site(id, cancel) is not { } status)
        {
            return null;
        }

        // Who may not ask is not asked for: each refusal would be in the audit log.
        if (!session.Holder.SeesHostsOf(id))
        {
            return new(now, status, null, null);
        }

        var hosts = await calls.Hosts(cancel);
        var sensors = await calls.Sensors(cancel);
        return new(now, status, hosts.FirstOrDefault(site => site.Site == id)?.Hosts ?? [], [.. sensors.Where(sensor => sensor.Place.Site == id)]);
    }

    /// <summary>Room, fragmentation, power and who has how much; null: not for the viewer, or the site is away.</summary>
    public SiteFigures? Whole => Hosts is { } hosts && !Status.IsOffline
        ? SiteFigures.Of(Status.Site, new() { All = [.. hosts.Select(host => host.Host)] }, Status.Ledger, At)
        : null;

    /// <summary>What is taken and what there is of it, as far as the viewer sees: of all tenants together, else of the viewer's own.</summary>
    public IEnumerable<Share> Shares
    {
        get
        {
            var site = Status.Site;
            var used = Status.Use ?? Status.Ledger.Occupied(At);
            var whose = Status.Use is null ? "what you see" : "all tenants";
            yield return new(whose, used, Limit(site.Capacity?.Usable.Vcpus), Limit(site.Capacity?.Usable.MemoryBytes), Limit(site.Capacity?.Usable.Vms), null);
            var tenants = Status.Ledger.Allocations.Values.Select(place => place.Tenant).Concat(site.Quotas.Where(quota => quota.Tenant != "*").Select(quota => new TenantId(quota.Tenant)));
            foreach (var tenant in tenants.Distinct().OrderBy(tenant => tenant.Value, StringComparer.Ordinal))
            {
                if (site.QuotaFor(tenant) is { } quota && (Status.Use is not null || Status.Ledger.Allocations.Values.Any(place => place.Tenant == tenant)))
                {
                    yield return new($"tenant {tenant}", Status.Ledger.OccupiedBy(tenant, At), quota.Vcpus, quota.MemoryBytes, quota.Vms, quota.CoreHours);
                }
            }
        }
    }

    private static long? Limit(long? amount) => amount < RoomLimit.Unlimited.Vms / 2 ? amount : null;
}

/// <summary>What somebody occupies of a site, and what there is for him; a null is no limit.</summary>
/// <param name="Whose">Who.</param>
/// <param name="Used">What is occupied.</param>
/// <param name="Vcpus">vCPUs.</param>
/// <param name="MemoryBytes">Memory, bytes.</param>
/// <param name="Vms">VMs.</param>
/// <param name="CoreHours">Core-hours.</param>
public sealed record Share(string Whose, Occupancy Used, long? Vcpus, long? MemoryBytes, long? Vms, double? CoreHours);
