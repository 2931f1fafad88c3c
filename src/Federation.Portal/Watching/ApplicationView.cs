using System.Collections.Immutable;
using Federation.Client;
using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;
using Federation.Domain.Traffic;
using Federation.Portal.Sessions;

namespace Federation.Portal.Watching;

/// <summary>All that the page of an application shows, as it was at one moment. Compared by reference.</summary>
/// <param name="At">When.</param>
/// <param name="Status">The application; of a part of it, if it is not the viewer's own.</param>
/// <param name="Sites">The sites.</param>
/// <param name="Plans">Its newest plans, the newest first.</param>
/// <param name="Groups">Its communication groups; null: not for the viewer.</param>
/// <param name="Traffic">Its traffic; null: not for the viewer.</param>
public sealed record ApplicationView(
    DateTimeOffset At, ApplicationStatus Status, ImmutableArray<SiteStatus> Sites, ImmutableArray<StoredPlan> Plans, GroupsStatus? Groups, TrafficSeen? Traffic)
{
    private const int NewestPlans = 10;

    /// <summary>Asks for it; null: there is no such application that the viewer sees.</summary>
    /// <param name="session">Whose page it is.</param>
    /// <param name="id">The application.</param>
    /// <param name="choice">What is wanted of its traffic.</param>
    /// <param name="before">What was shown before, whose traffic is taken again if nothing has come since; null: nothing.</param>
    /// <param name="now">The present.</param>
    /// <param name="cancel">Gives it up.</param>
    public static async Task<ApplicationView?> Ask(PortalSession session, AppId id, TrafficChoice choice, ApplicationView? before, DateTimeOffset now, CancellationToken cancel)
    {
        var calls = session.Calls;
        if (await calls.Application(id, cancel) is not { } status)
        {
            return null;
        }

        var whole = status.Application.Id;
        var sites = calls.Sites(cancel);
        var plans = calls.Plans(new(whole, Limit: NewestPlans), cancel);
        // Who may not ask is not asked for: each refusal would be in the audit log.
        var sees = session.Holder.SeesTrafficOf(id.Tenant);
        var groups = sees ? calls.Groups(whole, cancel) : null;
        var traffic = sees ? await TrafficSeen.Ask(calls, status, choice, before?.Traffic, cancel) : null;
        return new(now, status, await sites, (await plans).Items, groups is null ? null : await groups, traffic);
    }

    /// <summary>The traffic as a drawing; null: there is none to be drawn.</summary>
    public TrafficGraph? GraphOf(TrafficChoice choice) =>
        Traffic?.Matrix is { } matrix ? TrafficGraph.Of(matrix, Status, Sites, Groups?.Groups ?? [], choice) : null;

    /// <summary>Whether a drawing of its traffic is the same as of what was shown before: the same figures, VMs at the same sites, in the same groups, at the same prices.</summary>
    public bool IsDrawnAs(ApplicationView before) =>
        ReferenceEquals(Traffic, before.Traffic)
        && Status.Version == before.Status.Version && Status.Vms.Select(vm => vm.At?.Site).SequenceEqual(before.Status.Vms.Select(vm => vm.At?.Site))
        && Sites.Select(site => (site.Site.Id, site.Revision)).SequenceEqual(before.Sites.Select(site => (site.Site.Id, site.Revision)))
        && (Groups?.History.Length, Groups?.Groups.Length) == (before.Groups?.History.Length, before.Groups?.Groups.Length);

    /// <summary>Each VM with its place, in the application's order.</summary>
    public IEnumerable<(VmId Vm, VmStatus Status)> Vms => Status.Application.Vms.Select(vm => vm.Id).Zip(Status.Vms);

    /// <summary>What a VM costs an hour at a place now; null: the price is not known.</summary>
    public decimal? PriceAt(Location place) => Sites.FirstOrDefault(site => site.Site.Id == place.Site)?.Site is { } site
        ? (site.OfferNamed(place.Offer) ?? site.Withdrawn.FirstOrDefault(offer => offer.Name == place.Offer))?.Price.At(At)
        : null;

    /// <summary>The currency of all figures.</summary>
    public string Currency => Sites.FirstOrDefault()?.Site.Currency ?? "";
}

/// <summary>An application's traffic over a period, or why there is none. Compared by reference.</summary>
/// <param name="Period">What was asked for; null: nothing was ever reported.</param>
/// <param name="Known">The newest window of each VM when it was asked for.</param>
/// <param name="Answer">The figures; null: there are none.</param>
/// <param name="Why">Why there are none; null: there are, or nothing was ever reported.</param>
public sealed record TrafficSeen(TrafficQuery? Period, ImmutableArray<Window?> Known, TrafficAnswer? Answer, string? Why)
{
    /// <summary>The mean of a window.</summary>
    public TrafficMatrix? Matrix => Answer?.Matrices.FirstOrDefault()?.Matrix;

    /// <summary>VMs of which a part of the period is not known, or all: silence is not zero.</summary>
    public int Silent => Answer?.Windows.SelectMany(window => window.Silent).Distinct().Count() ?? 0;

    internal static async Task<TrafficSeen> Ask(FederationSession calls, ApplicationStatus status, TrafficChoice choice, TrafficSeen? before, CancellationToken cancel)
    {
        if ((choice.Until ?? status.LastWindow?.End) is not { } end)
        {
            return new(null, status.LastWindows, null, null);
        }

        var query = choice.QueryUntil(end);
        if (before is { Answer: not null } && before.Period == query && before.Known.SequenceEqual(status.LastWindows))
        {
            return before;
        }

        return await calls.Traffic(status.Application.Id, query, cancel) switch
        {
            QueryOutcome.Answered answered => new(query, status.LastWindows, answered.Answer, null),
            QueryOutcome.Rejected rejected => new(query, status.LastWindows, null, RefusalText.Of(rejected.Refusal)),
            _ => new(query, status.LastWindows, null, "not all of it has been reported yet"),
        };
    }
}
