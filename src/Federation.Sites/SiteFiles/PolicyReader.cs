using System.Collections.Immutable;
using Federation.Domain.Sites;
using Federation.Sites.Quantities;
using Federation.Sites.Scalars;
using Federation.Sites.Shapes;

namespace Federation.Sites.SiteFiles;

/// <summary>Reads what a site's administrator allows.</summary>
internal static class PolicyReader
{
    /// <summary>The policy; one that allows everything if there is none.</summary>
    public static SitePolicy Read(Section? policy)
    {
        if (policy is null)
        {
            return new SitePolicy();
        }

        policy.RefuseEmpty("tenants", "write [\"*\"], or leave it out, if anyone may come");
        policy.RefuseEmpty("arrivals", "leave it out if VMs may arrive at any time");
        policy.RefuseEmpty("departures", "leave it out if VMs may leave at any time");
        var migrations = policy.Inner("migrations", SiteShapes.Migrations);
        return new SitePolicy
        {
            Tenants = policy.ReadAll("tenants", Names.TenantOrAny),
            Residency = [.. policy.ReadAll("residency", Names.Label)],
            MigrationsIn = migrations?.ReadOptional("in", Numbers.CountOrZero),
            MigrationsOut = migrations?.ReadOptional("out", Numbers.CountOrZero),
            Arrivals = [.. policy.Sections("arrivals", SiteShapes.Arrivals).Select(ReadArrivals)],
            Departures = [.. policy.Sections("departures", SiteShapes.Arrivals).Select(ReadArrivals)],
            ManualApproval = policy.Read("approval", SiteWords.Approvals.Type, false),
        };
    }

    private static ArrivalWindow ReadArrivals(Section arrivals) => new(
        arrivals.Read("days", DaysOfWeek.Type, ImmutableSortedSet<DayOfWeek>.Empty),
        arrivals.Read("from", Times.TimeOfDay, default),
        arrivals.Read("until", Times.TimeOfDay, default),
        arrivals.Read("zone", Times.Zone, TimeZoneInfo.Utc));
}
