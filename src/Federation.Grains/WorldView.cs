using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Domain.Traffic;

namespace Federation.Grains;

/// <summary>Takes the one immutable view that a plan is made from.</summary>
internal static class WorldView
{
    /// <summary>The world as it is now, the traffic averaged over the newest windows; null if there is no such application.</summary>
    public static async Task<PlacementView?> Take(IGrainFactory grains, SiteViews views, AppId id, int windows, bool newest, TimeProvider clock)
    {
        if (await grains.Application(id).Get() is not { } status || status.Application.Id != id)
        {
            return null;
        }

        var sites = await views.Of(id, newest);
        var groups = await grains.Groups(id).Get();
        var now = clock.GetUtcNow();
        var (traffic, known) = await Traffic(grains, id, status.LastWindow, windows);
        return new()
        {
            Application = status.Progress.At(status.Application, now),
            Revision = status.Revision,
            Sites = [.. sites.Select(view => view.Site)],
            UsedByOthers = Used(sites, view => view.Used.OfTenant),
            UsedByAllOthers = Used(sites, view => view.Used.OfAll),
            Offline = [.. sites.Where(view => view.IsOffline).Select(view => view.Site.Id)],
            Traffic = traffic,
            TrafficKnown = known,
            Groups = Known(groups, status.Application),
            Now = now,
        };
    }

    // A VM that has just left may be in a group yet.
    private static ImmutableArray<ImmutableArray<VmId>> Known(GroupsStatus groups, Application application)
    {
        var vms = application.Vms.Select(vm => vm.Id).ToHashSet();
        return [.. groups.Groups.Select(group => group.Members.RemoveAll(member => !vms.Contains(member))).Where(members => members.Length > 1)];
    }

    private static ImmutableSortedDictionary<SiteId, Occupancy> Used(ImmutableArray<SiteView> sites, Func<SiteView, Occupancy> use) =>
        sites.Where(view => use(view) != default).ToImmutableSortedDictionary(view => view.Site.Id, use);

    private static async Task<(TrafficMatrix Matrix, TrafficKnown Known)> Traffic(IGrainFactory grains, AppId id, Window? last, int windows)
    {
        if (last is not { } newest)
        {
            return (TrafficMatrix.Empty(Window.Length), TrafficKnown.Nothing);
        }

        var query = new TrafficQuery(newest.End, windows, TimeSpan.Zero, Approximate: false, new AnswerForm.Mean());
        return await grains.Traffic(id).Query(query, CancellationToken.None) is { Outcome: QueryOutcome.Answered { Answer: var answer } }
            ? (answer.Matrices[0].Matrix, new(newest.End, [.. answer.Windows.Select(window => window.Silent).Aggregate((silent, some) => [.. silent.Intersect(some)]).Order()]))
            : (TrafficMatrix.Empty(Window.Length), TrafficKnown.Nothing);
    }
}
