using System.Collections.Immutable;
using Federation.Domain.Identity;

namespace Federation.Domain.Sites;

/// <summary>What a site's administrator allows. Holds collections: compared by reference.</summary>
public sealed record SitePolicy
{
    /// <summary>Who may come; empty or holding "*": anyone.</summary>
    public ImmutableArray<string> Tenants { get; init; } = [];

    /// <summary>The residency tags that the site offers.</summary>
    public ImmutableSortedSet<string> Residency { get; init; } = [];

    /// <summary>How many migrations may arrive at once; null: no limit.</summary>
    public int? MigrationsIn { get; init; }

    /// <summary>How many migrations may leave at once; null: no limit.</summary>
    public int? MigrationsOut { get; init; }

    /// <summary>How VMs may move here and away.</summary>
    public SiteMoves Moves { get; init; } = new();

    /// <summary>When VMs may arrive; empty: any time.</summary>
    public ImmutableArray<ArrivalWindow> Arrivals { get; init; } = [];

    /// <summary>When VMs may leave; empty: any time.</summary>
    public ImmutableArray<ArrivalWindow> Departures { get; init; } = [];

    /// <summary>Whether the site's administrator approves each plan that brings VMs here.</summary>
    public bool ManualApproval { get; init; }

    /// <summary>Whether the site's administrator approves each plan that takes VMs away.</summary>
    public bool ManualDepartures { get; init; }

    /// <summary>Whether the site's administrator has to approve what a plan does here.</summary>
    public bool Approves(PlanAtSite does) => Approves(!does.Arrivals.IsEmpty, !does.Departures.IsEmpty);

    /// <summary>Whether the site's administrator has to approve that VMs arrive, or depart.</summary>
    public bool Approves(bool arrivals, bool departures) => (ManualApproval && arrivals) || (ManualDepartures && departures);

    /// <summary>Whether a tenant may come.</summary>
    public bool Admits(TenantId tenant) => Tenants.IsEmpty || Tenants.Contains("*") || Tenants.Contains(tenant.Value);

    /// <summary>Whether a VM may arrive at an instant.</summary>
    public bool AcceptsArrivalAt(DateTimeOffset instant) =>
        Arrivals.IsEmpty || Arrivals.Any(window => window.Holds(instant));

    /// <summary>Whether a VM may leave at an instant.</summary>
    public bool AcceptsDepartureAt(DateTimeOffset instant) =>
        Departures.IsEmpty || Departures.Any(window => window.Holds(instant));
}

/// <summary>A part of the week in which VMs may arrive, or leave, in a time zone.</summary>
/// <param name="Days">The days on which it opens; empty: every day. Compared by reference.</param>
/// <param name="From">When it opens, local time.</param>
/// <param name="Until">
/// When it closes, local time; not later than <paramref name="From"/>: it closes on the day after. Equal: it is open for 24 hours.
/// </param>
/// <param name="Zone">The time zone.</param>
public sealed record ArrivalWindow(ImmutableSortedSet<DayOfWeek> Days, TimeOnly From, TimeOnly Until, TimeZoneInfo Zone)
{
    /// <summary>Whether it is open at an instant.</summary>
    public bool Holds(DateTimeOffset instant)
    {
        var local = TimeZoneInfo.ConvertTime(instant, Zone).DateTime;
        var time = TimeOnly.FromDateTime(local);
        if (From < Until)
        {
            return OpensOn(local.DayOfWeek) && From <= time && time < Until;
        }

        // It opened today, or it opened yesterday and runs over midnight.
        return (time >= From && OpensOn(local.DayOfWeek)) || (time < Until && OpensOn(local.AddDays(-1).DayOfWeek));
    }

    private bool OpensOn(DayOfWeek day) => Days.IsEmpty || Days.Contains(day);
}
