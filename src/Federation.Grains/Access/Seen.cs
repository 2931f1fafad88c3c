using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Access;
using Federation.Domain.Events;
using Federation.Domain.Migration;
using Federation.Domain.Sites;

namespace Federation.Grains.Access;

/// <summary>What of the grains' state a caller sees: the one place that says so.</summary>
internal static class Seen
{
    /// <summary>A site: who else is there is between them and the site.</summary>
    public static SiteStatus By(Caller caller, SiteStatus status) => caller.SeesAll || caller.Administrates(status.Site.Id)
        ? status
        : status with
        {
            Ledger = new SiteLedger { Allocations = status.Ledger.Allocations.Where(place => caller.Sees(place.Key.Application.Tenant)).ToImmutableSortedDictionary() },
            Outside = [.. status.Outside.Where(vm => caller.Sees(vm.Vm.Application.Tenant))],
            Use = null,
        };

    /// <summary>An application: its owner sees all of it, the administrator of a site the VMs that are there.</summary>
    public static ApplicationStatus By(Caller caller, ApplicationStatus status)
    {
        var (whole, vms) = (status.Application, status.Vms);
        if (caller.Sees(whole.Tenant))
        {
            return status;
        }

        var there = Enumerable.Range(0, vms.Length).Where(index => vms[index].At is { } at && caller.Administrates(at.Site)).ToList();
        return status with
        {
            Application = new() { Id = whole.Id, Objective = whole.Objective, Remaining = whole.Remaining, Vms = [.. there.Select(index => whole.Vms[index])] },
            Vms = [.. there.Select(index => vms[index])],
            LastWindows = [.. there.Select(index => status.LastWindows[index])],
            IsPart = true,
        };
    }

    /// <summary>Whether it sees a plan: its application's owner does, and the administrators of the sites that it is about.</summary>
    public static bool Is(Caller caller, StoredPlan plan) => caller.Sees(plan.Id.Application.Tenant)
        || plan.Touches.Any(caller.Administrates) || plan.Plan.Placement.Any(vm => caller.Administrates(vm.Location.Site));

    /// <summary>Whether it sees a migration: its application's owner does, and the administrators of both sites.</summary>
    public static bool Is(Caller caller, MigrationState migration) => caller.Sees(migration.Order.Vm.Application.Tenant)
        || caller.Administrates(migration.Order.From.Site) || caller.Administrates(migration.Order.To.Site);

    /// <summary>Whether it sees an event. What happens to a site is for all who may run there; what happens to an application, for its tenant and the site's administrator.</summary>
    public static bool Is(Caller caller, FederationEvent happened) => caller.SeesAll
        || (happened.Site is { } site && (happened.Application is null || caller.Administrates(site)))
        || (happened.Application is { } application && caller.Sees(application.Tenant));
}
