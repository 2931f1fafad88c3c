using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Domain.Traffic;

namespace Federation.Domain.Estimation;

/// <summary>The world as the planner sees it at one moment: all that a plan depends on, so that it can be stored and replayed.</summary>
/// <remarks>Immutable; holds collections, so that two views are compared by reference.</remarks>
public sealed record PlacementView
{
    /// <summary>The application, each VM with where it runs now.</summary>
    public required Application Application { get; init; }

    /// <summary>Counts the changes of the application's description; 0 where nobody does.</summary>
    public long Revision { get; init; }

    /// <summary>Every site of the federation, in any order; names unique.</summary>
    public required ImmutableArray<Site> Sites { get; init; }

    /// <summary>The application's traffic, taken as what goes on for the remaining time.</summary>
    public required TrafficMatrix Traffic { get; init; }

    /// <summary>How much of the traffic is known, and how old it is; null: it was given as what goes on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TrafficKnown? TrafficKnown { get; init; }

    /// <summary>The moment of planning.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>
    /// What the same tenant's other applications occupy at each site, with all core-hours that the tenant has used up; a site that is not in it:
    /// nothing.
    /// </summary>
    public ImmutableSortedDictionary<SiteId, Occupancy> UsedByOthers { get; init; } =
        ImmutableSortedDictionary<SiteId, Occupancy>.Empty;

    /// <summary>What the applications of all tenants but this one occupy at each site that has a capacity; one that is not in it: nothing.</summary>
    public ImmutableSortedDictionary<SiteId, Occupancy> UsedByAllOthers { get; init; } =
        ImmutableSortedDictionary<SiteId, Occupancy>.Empty;

    /// <summary>Sites that cannot be reached now: no VM can come or leave, those that are there stay; usually empty.</summary>
    public ImmutableSortedSet<SiteId> Offline { get; init; } = [];

    /// <summary>The communication groups, each its VMs; may be empty.</summary>
    public ImmutableArray<ImmutableArray<VmId>> Groups { get; init; } = [];

    /// <summary>
    /// VMs that have moved lately and stay where they are until then, unless the application cannot stay as it is; usually empty.
    /// </summary>
    public ImmutableSortedDictionary<VmId, DateTimeOffset> CoolingDown { get; init; } = ImmutableSortedDictionary<VmId, DateTimeOffset>.Empty;

    /// <summary>VMs that cannot stay where they are, which the application's quiet hours do not hold; usually empty.</summary>
    internal ImmutableSortedSet<VmId> Restless { get; init; } = [];

    /// <summary>VMs that keep their offer while they stay at their site, although their application allows restarts; usually empty.</summary>
    internal ImmutableSortedSet<VmId> Seated { get; init; } = [];

    /// <summary>A VM that may not stay on the offer where it is: for what comes second to staying; null: none.</summary>
    internal VmId? Elsewhere { get; init; }

    /// <summary>The move that somebody wants, whether or not it pays; null: what is best is wanted.</summary>
    public WantedMove? Wanted { get; init; }

    /// <summary>VMs that have to leave a host, whether or not that pays; null: none has to.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HostDrain? Drain { get; init; }

    /// <summary>
    /// The compute left for each VM, in seconds of the reference core and the application's order, where it is known better than by the time
    /// that is left; empty: worked out from that.
    /// </summary>
    public ImmutableArray<double> Work { get; init; } = [];

    /// <summary>How many migrations may be under way at once over one link, at least 1. Default 1: an estimate counts on the whole link.</summary>
    public int MigrationsPerLink { get; init; } = 1;

    /// <summary>How long before a reservation's end the last VM has left, in seconds. Default 120.</summary>
    public double LeaveEarlySeconds { get; init; } = 120;

    /// <summary>In which time prices are expected to come back to their mean, in seconds; 0, the default: the present ones hold on.</summary>
    public double PriceReversionSeconds { get; init; }

    /// <summary>The constants of the migration model.</summary>
    public PreCopyOptions PreCopy { get; init; } = new();

    /// <summary>Whether VMs may change to another offer of their site: never where somebody wants a move, or that a host is left, and all others stay.</summary>
    internal bool MayRestart => Application.Restarts is not null && Wanted is null && Drain is null;

    /// <summary>The same without the application's quiet hours: for what somebody asks for, and what goes on with what has begun.</summary>
    internal PlacementView WithoutQuiet() => Application.Quiet.IsEmpty ? this : this with { Application = Application with { Quiet = [] } };

    /// <summary>Whether it is a quiet hour for a VM at an instant: it does not begin to move then.</summary>
    internal bool IsQuiet(VmId vm, DateTimeOffset instant) =>
        !Application.Quiet.IsEmpty && !Restless.Contains(vm) && Application.Quiet.Any(window => window.Holds(instant));

    /// <summary>The sites with the prices that are expected, and with every offer that a VM is on.</summary>
    internal IEnumerable<Site> ExpectedSites() => Sites.Select(site => WithCarbon(site with
    {
        Offers = PriceReversionSeconds > 0 ? [.. site.Offers.Select(Expected)] : site.Offers,
        Withdrawn = [.. site.Withdrawn.Concat(Lost(site)).Select(offer => PriceReversionSeconds > 0 ? Expected(offer) : offer)],
    }));

    /// <summary>A site with what its emissions cost the application in its prices.</summary>
    internal Site WithCarbon(Site site) => Application.CarbonPrice is not { } perTonne || site.Energy is not { } energy ? site : site with
    {
        Offers = [.. site.Offers.Select(offer => energy.WithCarbon(offer, perTonne))],
        Withdrawn = [.. site.Withdrawn.Select(offer => energy.WithCarbon(offer, perTonne))],
    };

    private Offer Expected(Offer offer) =>
        offer with { Price = PriceForecast.Of(offer.Price, Now, TimeSpan.FromSeconds(PriceReversionSeconds)) };

    // Nobody knows any more what such an offer was: as much as its VM needs, and free, so that leaving it can be planned.
    private IEnumerable<Offer> Lost(Site site) =>
        from vm in Application.Vms
        where vm.At?.Site == site.Id && !site.Offers.Concat(site.Withdrawn).Any(offer => offer.Name == vm.At!.Value.Offer)
        group vm by vm.At!.Value.Offer into vms
        select new Offer(vms.Key, vms.Max(vm => vm.Vcpus), vms.Max(vm => vm.MemoryBytes), 1, 0, PriceSchedule.Always(0));
}
