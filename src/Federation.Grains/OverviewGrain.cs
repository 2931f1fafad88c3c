using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Access;
using Federation.Domain.Applications;
using Federation.Domain.Audit;
using Federation.Domain.Events;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Grains.Access;
using Orleans.Concurrency;

namespace Federation.Grains;

/// <inheritdoc cref="IOverviewGrain"/>
/// <remarks>Asks other grains as the service, and shows of their answers what <see cref="Seen"/> says: nothing goes out past it.</remarks>
[StatelessWorker, Reentrant]
public sealed class OverviewGrain(IEventLog events, IAuditLog audit, LastKnownSites last) : Grain, IOverviewGrain
{
    /// <inheritdoc/>
    public async Task<Page<ApplicationStatus, AppId>> Applications(ApplicationList list)
    {
        var caller = CallerContext.Current;
        var there = await ApplicationsAtSitesOf(caller);
        var left = (await ApplicationsFor(list.Application))
            .Where(id => (caller.Sees(id.Tenant) || there.Contains(id)) && (list.After is not { } after || id.CompareTo(after) > 0)).ToList();
        var here = left.Take(Math.Clamp(list.Limit, 1, ApplicationList.Most)).ToList();
        var found = await Task.WhenAll(here.Select(id => GrainFactory.Application(id).Get()));
        return new([.. found.OfType<ApplicationStatus>().Select(status => Seen.By(caller, status))], here.Count < left.Count ? here[^1] : null);
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<SiteStatus>> Sites()
    {
        var caller = CallerContext.Current;
        var sites = await Task.WhenAll((await GrainFactory.Federation().Sites()).Select(Find));
        return [.. sites.OfType<SiteStatus>().Select(status => Seen.By(caller, status))];
    }

    /// <inheritdoc/>
    public async Task<SiteStatus?> Site(SiteId site)
    {
        var caller = CallerContext.Current;
        return (await GrainFactory.Federation().Sites()).Contains(site) && await Find(site) is { } status ? Seen.By(caller, status) : null;
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<HostsOfSite>> Hosts()
    {
        var caller = CallerContext.Current;
        var sites = (await GrainFactory.Federation().Sites()).Where(site => caller.SeesAll || caller.Administrates(site));
        return [.. (await Task.WhenAll(sites.Select(HostsOf))).Where(site => !site.Hosts.IsEmpty)];
    }

    /// <inheritdoc/>
    public async Task<Page<StoredPlan, PlanId>> Plans(PlanList list)
    {
        var caller = CallerContext.Current;
        var limit = Math.Clamp(list.Limit, 1, PlanPage.MostPlans);
        var seen = new List<StoredPlan>();
        await foreach (var plan in InOrder(list, limit, caller))
        {
            if (seen.Count == limit)
            {
                return new([.. seen], seen[^1].Id);
            }

            seen.Add(plan);
        }

        return new([.. seen], null);
    }

    /// <inheritdoc/>
    public async Task<Page<MigrationState, PlanId>> Migrations(PlanList list)
    {
        var caller = CallerContext.Current;
        var plans = await Plans(list);
        var migrations = await Task.WhenAll(plans.Items.Select(plan => GrainFactory.Plan(plan.Id).Migrations()));
        return new([.. migrations.SelectMany(all => all).Where(migration => Seen.Is(caller, migration))], plans.Next);
    }

    /// <inheritdoc/>
    public async Task<EventPage> Events(long after, int limit)
    {
        var caller = CallerContext.Current;
        var most = Math.Clamp(limit, 1, EventPage.MostEvents);
        var read = await events.ReadAfter(after, most, CancellationToken.None);
        return new([.. read.Where(logged => Seen.Is(caller, logged.Event))], read.IsEmpty ? after : read[^1].Sequence, read.Length < most);
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<AuditRecord>> Audit(long after, int limit) => audit.ReadAfter(after, limit, CancellationToken.None);

    /// <inheritdoc/>
    public async Task<ImmutableArray<SensedApplication>> Sensed()
    {
        if (CallerContext.Current.Sensor is not { } sensor)
        {
            return [];
        }

        var here = (await GrainFactory.Host(sensor.Place).Vms()).ToHashSet();
        var taps = await TapsAt(sensor.Place);
        var applications = await Task.WhenAll(here.Select(vm => vm.Application).Distinct().Order().Select(id => GrainFactory.Application(id).Description()));
        return [.. await Task.WhenAll(applications.OfType<Application>().Select(async application =>
        {
            var given = await GrainFactory.Segment(application.Id).Given();
            return new SensedApplication(
                application.Id,
                [.. application.Vms.Select(vm => new SensedVm(vm.Id, [.. vm.Addresses, .. given.GetValueOrDefault(vm.Id, [])], here.Contains(new(application.Id, vm.Id)), taps.GetValueOrDefault(new(application.Id, vm.Id))))]);
        }))];
    }

    // A sensor without a host of its own stands for a whole site: names of taps are a host's.
    private async Task<ImmutableDictionary<VmRef, string>> TapsAt(HostPlace place) => place.Host is { } host
        ? (await GrainFactory.Agent(new(place.Site, host)).Status()).Report?.Guests.Select(guest => guest.Sighting).Where(copy => copy.Taps is { IsDefaultOrEmpty: false })
            .ToImmutableDictionary(copy => copy.Vm, copy => copy.Taps[0]) ?? ImmutableDictionary<VmRef, string>.Empty
        : ImmutableDictionary<VmRef, string>.Empty;

    private async Task<IEnumerable<AppId>> ApplicationsFor(AppId? one) =>
        one is { } application ? [application] : await GrainFactory.Federation().Applications();

    // Whoever sees all sees them anyway.
    private async Task<HashSet<AppId>> ApplicationsAtSitesOf(Caller caller)
    {
        var own = caller.SeesAll || !caller.Has(Role.SiteAdmin) ? [] : (await GrainFactory.Federation().Sites()).Where(caller.Administrates);
        var sites = await Task.WhenAll(own.Select(Find));
        return [.. sites.OfType<SiteStatus>().SelectMany(status => status.Ledger.Allocations.Keys).Select(vm => vm.Application)];
    }

    private async Task<HostsOfSite> HostsOf(SiteId site)
    {
        try
        {
            return new(site, await GrainFactory.Site(site).Hosts());
        }
        catch (Exception away) when (SiteOfflineException.Explains(away))
        {
            return new(site, []);
        }
    }

    private async Task<SiteStatus?> Find(SiteId site)
    {
        try
        {
            return await GrainFactory.Site(site).Get();
        }
        catch (Exception away) when (SiteOfflineException.Explains(away))
        {
            return await last.Of(site);
        }
    }

    private async IAsyncEnumerable<StoredPlan> InOrder(PlanList list, int limit, Caller caller)
    {
        var from = list.Before?.Application;
        foreach (var application in (await ApplicationsFor(list.Application)).Where(id => from is not { } first || id.CompareTo(first) >= 0))
        {
            // Of applications that are not its own a caller may see nothing, however long one looks.
            var owns = caller.Sees(application.Tenant);
            int? before = application == from ? list.Before!.Value.Number : null;
            do
            {
                var read = owns || caller.Has(Role.SiteAdmin)
                    ? await GrainFactory.Placement(application).Plans(new(before, owns ? limit + 1 : PlanPage.MostPlans, list.Waiting))
                    : [];
                foreach (var plan in read.Reverse().Where(plan => Seen.Is(caller, plan)))
                {
                    yield return plan;
                }

                before = read.IsEmpty ? null : read[0].Id.Number;
            }
            while (owns && before > 1);
        }
    }
}
