using System.Collections.Immutable;
using Federation.Domain.Identity;

namespace Federation.Domain.Sites;

/// <summary>What one application has of a site.</summary>
/// <param name="Application">The application.</param>
/// <param name="Counted">What its places count for.</param>
/// <param name="CoreHoursUsed">The core-hours that its VMs there have used.</param>
public readonly record struct ApplicationUse(AppId Application, Occupancy Counted, double CoreHoursUsed);

/// <summary>The sums of a site's ledger at one moment: enough to say of any application what others have. Compared by reference.</summary>
/// <remarks>Much smaller than the ledger, and an answer takes the same time however many applications there are.</remarks>
/// <param name="Applications">Those that have a place, by name.</param>
/// <param name="Spent">Core-hours that each tenant's VMs have used in stays that have ended.</param>
public sealed record SiteUse(ImmutableArray<ApplicationUse> Applications, ImmutableSortedDictionary<string, double> Spent)
{
    private Sums? sums;

    private Sums Known => sums ??= new(Applications);

    /// <summary>Sums a ledger up.</summary>
    public static SiteUse Of(SiteLedger ledger, DateTimeOffset now) => new(
        [
            .. ledger.Allocations.Values.Where(place => !place.HasExpired(now)).GroupBy(place => place.Vm.Application).Select(places => new ApplicationUse(
                places.Key,
                places.Aggregate(default(Occupancy), (sum, place) => sum + place.CountedAt(now)),
                places.Sum(place => place.CoreHoursUsed(now)))),
        ],
        ledger.SpentCoreHours);

    /// <summary>What a planner has to leave to others when it places one application; as <see cref="SiteLedger.UsedByOthers"/> of the ledger.</summary>
    public UsedByOthers ByOthersThan(Site site, AppId application)
    {
        var own = Known.Of.GetValueOrDefault(application);
        var spent = Spent.GetValueOrDefault(application.Tenant.Value) + own.CoreHoursUsed;
        return new(
            Known.OfTenant.GetValueOrDefault(application.Tenant) - own.Counted + new Occupancy(0, 0, 0, spent),
            site.Capacity is null ? default : (Known.OfAll - own.Counted) with { CoreHours = 0 });
    }

    private sealed class Sums(ImmutableArray<ApplicationUse> applications)
    {
        public Dictionary<AppId, ApplicationUse> Of { get; } = applications.ToDictionary(use => use.Application);

        public Dictionary<TenantId, Occupancy> OfTenant { get; } = applications.GroupBy(use => use.Application.Tenant)
            .ToDictionary(uses => uses.Key, uses => uses.Aggregate(default(Occupancy), (sum, use) => sum + use.Counted));

        public Occupancy OfAll { get; } = applications.Aggregate(default(Occupancy), (sum, use) => sum + use.Counted);
    }
}
