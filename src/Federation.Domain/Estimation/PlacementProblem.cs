using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Domain.Traffic;

namespace Federation.Domain.Estimation;

/// <summary>One offer of one site, numbered over the whole federation: what a VM is assigned to.</summary>
/// <param name="Index">Its place in <see cref="PlacementProblem.Seats"/>.</param>
/// <param name="SiteIndex">Its site's place in <see cref="PlacementProblem.Sites"/>.</param>
/// <param name="Site">Its site.</param>
/// <param name="Offer">The offer.</param>
/// <param name="IsSold">Whether the site still sells it: otherwise VMs may be on it, and none may be there next.</param>
public sealed record Seat(int Index, int SiteIndex, Site Site, Offer Offer, bool IsSold = true)
{
    /// <summary>The same by names.</summary>
    public Location Location => new(Site.Id, Offer.Name);
}

/// <summary>What a VM receives from another, as a rate.</summary>
/// <param name="Source">The sender's place in the application's list of VMs.</param>
/// <param name="WaitsPerSecond">How often a second its receiver waits for it.</param>
/// <param name="BytesPerSecond">Bytes per second.</param>
public readonly record struct Inflow(int Source, double WaitsPerSecond, double BytesPerSecond);

/// <summary>A <see cref="PlacementView"/> in numbered form, with everything worked out that does not depend on the placement.</summary>
/// <remarks>
/// VMs are numbered in the application's order; sites, and seats within them, by name and by the site's own order. An
/// assignment is an array that gives each VM its seat. Immutable and safe for use by several threads.
/// </remarks>
public sealed class PlacementProblem
{
    /// <summary>A VM that is nowhere yet.</summary>
    public const int Nowhere = -1;

    private readonly Link?[,] links;

    /// <summary>Numbers a view. O(VMs x offers + pairs).</summary>
    /// <exception cref="ArgumentException">
    /// A VM is at a site that does not exist, or a traffic pair, a rule of affinity or a wanted move names an unknown VM or site.
    /// </exception>
    public PlacementProblem(PlacementView view)
    {
        View = view;
        Sites = [.. view.ExpectedSites().OrderBy(site => site.Id)];
        Seats = NumberSeats(Sites);
        links = NumberLinks(Sites);
        var seatAt = Seats.ToDictionary(seat => seat.Location, seat => seat.Index);
        CurrentSeats = [.. view.Application.Vms.Select(vm => vm.At is not { } at ? Nowhere
            : seatAt.TryGetValue(at, out var seat) ? seat
            : throw new ArgumentException($"no site offers {at}, where a VM of {view.Application.Id} is said to be"))];
        (Inflows, Outflows) = NumberFlows(view);
        (Together, Apart) = Affinity.Number(view.Application);
        Endpoints = new(this);
        Preferences = new(this);
        BytesPerSecondOutside = [.. view.Application.Vms.Select((vm, i) =>
            (view.Traffic.SentOutside.GetValueOrDefault(vm.Id).Bytes / view.Traffic.Period.TotalSeconds) + Endpoints.BytesPerSecondElsewhere[i])];
        Work = view.Work.IsDefaultOrEmpty ? [.. Enumerable.Range(0, VmCount).Select(WorkLeft)] : view.Work;
        HasWindows = Sites.Any(site => !site.Policy.Arrivals.IsEmpty || !site.Policy.Departures.IsEmpty) || !view.Application.Quiet.IsEmpty;
        Room = new(this);
        WantedSites = view.Wanted?.SitesOf(this) ?? [];
        Candidates = SeatCandidates.Of(this);
    }

    /// <summary>What it was made from.</summary>
    public PlacementView View { get; }

    /// <summary>The sites, by name, with the prices that are expected.</summary>
    public ImmutableArray<Site> Sites { get; }

    /// <summary>Every offer of every site, at each site those that are sold first.</summary>
    public ImmutableArray<Seat> Seats { get; }

    /// <summary>How many VMs there are.</summary>
    public int VmCount => View.Application.Vms.Length;

    /// <summary>T0, the run time still needed where the VMs are, in seconds.</summary>
    public double RemainingSeconds => View.Application.Remaining.TotalSeconds;

    /// <summary>Where each VM is now: a seat, or <see cref="Nowhere"/>.</summary>
    public ImmutableArray<int> CurrentSeats { get; }

    /// <summary>Whether every VM runs somewhere, so that staying is an answer.</summary>
    public bool IsPlaced => !CurrentSeats.Contains(Nowhere);

    /// <summary>What each VM receives from the others, by sender.</summary>
    public ImmutableArray<ImmutableArray<Inflow>> Inflows { get; }

    /// <summary>What each VM sends to the others, by receiver: <see cref="Inflow.Source"/> is the receiver here.</summary>
    public ImmutableArray<ImmutableArray<Inflow>> Outflows { get; }

    /// <summary>What each VM sends to addresses outside the application.</summary>
    public ImmutableArray<double> BytesPerSecondOutside { get; }

    /// <summary>What each VM exchanges with endpoints.</summary>
    public EndpointTraffic Endpoints { get; }

    /// <summary>What it counts that VMs are not where their application would have them.</summary>
    public Preferences Preferences { get; }

    /// <summary>The compute left for each VM, W_v, in seconds of the reference core.</summary>
    public ImmutableArray<double> Work { get; }

    /// <summary>Whether some site lets VMs come or go at some times only.</summary>
    public bool HasWindows { get; }

    /// <summary>The room that the application finds.</summary>
    public RoomTable Room { get; }

    /// <summary>The seats that each VM could take as far as it alone is concerned, ascending.</summary>
    public ImmutableArray<ImmutableArray<int>> Candidates { get; }

    /// <summary>At which site each VM has to be because somebody wants a move; -1: anywhere; empty: nobody does.</summary>
    public ImmutableArray<int> WantedSites { get; private set; } = [];

    /// <summary>Sets of VMs that have to be at one site each, by number, ascending.</summary>
    public ImmutableArray<ImmutableArray<int>> Together { get; }

    /// <summary>Sets of VMs that have to be spread over sites.</summary>
    public ImmutableArray<NumberedSpread> Apart { get; }

    /// <summary>
    /// Whether the ends of reservations and the order of moves are left out of the rules: its best placement is no worse than that of the
    /// problem itself, and the same wherever it holds the rules left out.
    /// </summary>
    public bool IsRelaxed { get; private set; }

    /// <summary>The same with <see cref="IsRelaxed"/> set; shares everything, O(1).</summary>
    public PlacementProblem Relaxed()
    {
        var relaxed = (PlacementProblem)MemberwiseClone();
        relaxed.IsRelaxed = true;
        return relaxed;
    }

    /// <summary>Whether a VM that takes a seat comes to that seat's site from elsewhere.</summary>
    public bool Arrives(int vm, Seat seat) =>
        CurrentSeats[vm] == Nowhere || Seats[CurrentSeats[vm]].SiteIndex != seat.SiteIndex;

    /// <summary>Whether a VM that takes a seat has to move there: it runs on another one. To another site it is migrated, to another offer of its own restarted.</summary>
    public bool Moves(int vm, Seat seat) => CurrentSeats[vm] is not Nowhere and var at && at != seat.Index;

    /// <summary>Whether a VM that takes a seat is restarted there: it runs at that seat's site, on another offer.</summary>
    public bool Restarts(int vm, Seat seat) => Moves(vm, seat) && !Arrives(vm, seat);

    /// <summary>The network from a site to another, or within one; null if there is none.</summary>
    public Link? LinkBetween(int fromSite, int toSite) => links[fromSite, toSite];

    /// <summary>
    /// What moving a VM to a seat sends and takes, cold where its application allows that and it cannot be live, a restart to another offer of its own site;
    /// null if it cannot be moved there (no link, no end to it, a limit, no restarts).
    /// </summary>
    public MigrationEstimate? Migration(int vm, Seat seat) => MigrationBetween(vm, Seats[CurrentSeats[vm]].SiteIndex, seat.SiteIndex);

    /// <summary>The same from any site to another; of one and the same: a restart.</summary>
    public MigrationEstimate? MigrationBetween(int vm, int fromSite, int toSite) =>
        fromSite == toSite ? Restart(vm, toSite)
        : LinkBetween(fromSite, toSite) is { } link ? Prospects(vm, fromSite, toSite, link).Best()
        : null;

    /// <summary>What a restart on another offer of a site takes; null: none may be.</summary>
    /// <remarks>Where a site has hosts it goes to another one, and the disks are copied there: the old copy is kept until the new one works.</remarks>
    public MigrationEstimate? Restart(int vm, int site)
    {
        if (!View.MayRestart || View.Application.Restarts is not { } restarts || View.Seated.Contains(View.Application.Vms[vm].Id))
        {
            return null;
        }

        var bytes = Sites[site].HasHosts ? View.Application.Vms[vm].DiskBytesSent : 0;
        var seconds = restarts.Boot.TotalSeconds + (bytes / Sites[site].Network.BytesPerSecond);
        return new(bytes, seconds, seconds, 0) { IsCold = true, LostSeconds = restarts.LostWork.TotalSeconds };
    }

    /// <summary>Why a VM cannot move live from a site to another that it has a link to; null: it can.</summary>
    public Refusal? AgainstLive(int vm, int fromSite, int toSite) => Prospects(vm, fromSite, toSite, LinkBetween(fromSite, toSite)!.Value).AgainstLive();

    /// <summary>Why a VM cannot move from a site to another that it has a link to, neither live nor cold; only where it cannot.</summary>
    public Refusal AgainstMove(int vm, int fromSite, int toSite) => Prospects(vm, fromSite, toSite, LinkBetween(fromSite, toSite)!.Value).Against();

    private MoveProspects Prospects(int vm, int fromSite, int toSite, Link link) =>
        new(View.Application.Vms[vm], View.Application, Sites[fromSite], Sites[toSite], link, View.PreCopy);

    /// <summary>The time that an inflow takes over the whole remaining time, in seconds, over a link.</summary>
    public double ReceiveSeconds(Inflow inflow, Link link) =>
        (inflow.WaitsPerSecond * RemainingSeconds * link.LatencySeconds)
        + (inflow.BytesPerSecond * RemainingSeconds / link.BytesPerSecond);

    /// <summary>The assignment by names, in the application's order.</summary>
    public ImmutableArray<Location> Locations(IReadOnlyList<int> assignment) =>
        [.. assignment.Select(seat => Seats[seat].Location)];

    private double WorkLeft(int vm)
    {
        if (CurrentSeats[vm] == Nowhere)
        {
            return RemainingSeconds;
        }

        var here = Seats[CurrentSeats[vm]];
        // What comes from a VM that is nowhere yet does not come: it adds nothing. Nor does what has no link to come by.
        var receiving = Inflows[vm]
            .Where(inflow => CurrentSeats[inflow.Source] != Nowhere)
            .Sum(inflow => LinkBetween(Seats[CurrentSeats[inflow.Source]].SiteIndex, here.SiteIndex) is { } link
                ? ReceiveSeconds(inflow, link)
                : 0);
        return Math.Max(RemainingSeconds - receiving - Endpoints.ReceiveSeconds(vm, here.SiteIndex), 0) * here.Offer.Speed;
    }

    private static ImmutableArray<Seat> NumberSeats(ImmutableArray<Site> sites)
    {
        var seats = ImmutableArray.CreateBuilder<Seat>();
        for (var site = 0; site < sites.Length; site++)
        {
            foreach (var offer in sites[site].Offers)
            {
                seats.Add(new(seats.Count, site, sites[site], offer));
            }

            foreach (var offer in sites[site].Withdrawn)
            {
                seats.Add(new(seats.Count, site, sites[site], offer, IsSold: false));
            }
        }

        return seats.ToImmutable();
    }

    private static Link?[,] NumberLinks(ImmutableArray<Site> sites)
    {
        var links = new Link?[sites.Length, sites.Length];
        for (var from = 0; from < sites.Length; from++)
        {
            for (var to = 0; to < sites.Length; to++)
            {
                links[from, to] = from == to
                    ? new Link(sites[from].Network.LatencySeconds, sites[from].Network.BytesPerSecond, 0)
                    : LinkBetween(sites[from], sites[to]);
            }
        }

        return links;
    }

    private static Link? LinkBetween(Site from, Site to) => !from.Links.TryGetValue(to.Id, out var link)
        ? null
        : link.Used(to.Links.TryGetValue(from.Id, out var back) ? back : null);

    private static (ImmutableArray<ImmutableArray<Inflow>> In, ImmutableArray<ImmutableArray<Inflow>> Out) NumberFlows(PlacementView view)
    {
        var vms = view.Application.Vms;
        var number = vms.Select((vm, index) => (vm.Id, index)).ToDictionary(entry => entry.Id, entry => entry.index);
        var inflows = vms.Select(_ => new List<Inflow>()).ToArray();
        var outflows = vms.Select(_ => new List<Inflow>()).ToArray();
        var seconds = view.Traffic.Period.TotalSeconds;
        foreach (var (pair, flow) in view.Traffic.Pairs)
        {
            if (!number.TryGetValue(pair.Source, out var source) || !number.TryGetValue(pair.Destination, out var destination))
            {
                throw new ArgumentException($"traffic from {pair.Source} to {pair.Destination}: {view.Application.Id} has no such VM");
            }

            if (flow.IsNone)
            {
                continue;
            }

            var waits = Waits.Of(flow, view.Traffic[pair.Destination, pair.Source], view.Application.PacketsPerExchange);
            inflows[destination].Add(new(source, waits / seconds, flow.Bytes / seconds));
            outflows[source].Add(new(destination, waits / seconds, flow.Bytes / seconds));
        }

        return (Ordered(inflows), Ordered(outflows));

        static ImmutableArray<ImmutableArray<Inflow>> Ordered(List<Inflow>[] flows) =>
            [.. flows.Select(list => list.OrderBy(flow => flow.Source).ToImmutableArray())];
    }
}
