using Federation.Domain.Identity;

namespace Federation.Domain.Refusals;

// What stands against a placement, and what a move waits for.
public sealed partial record Refusal
{
    /// <summary>The site is offline: no place can be reserved there.</summary>
    public static Refusal OfflineArrival(SiteId site) => new(RefusalCode.OfflineArrival, new() { Site = site });

    /// <summary>The site is offline: the VM cannot leave it.</summary>
    public static Refusal OfflineDeparture(SiteId site, VmId vm) => new(RefusalCode.OfflineDeparture, new() { Site = site, Vm = vm });

    /// <summary>The VM has moved lately.</summary>
    public static Refusal CoolDown(VmId vm, DateTimeOffset until) => new(RefusalCode.CoolDown, new() { Vm = vm, At = until });

    /// <summary>No link leads where the VM would move.</summary>
    public static Refusal LinkForMove(SiteId from, SiteId to, VmId vm) => new(RefusalCode.LinkForMove, new() { Site = from, To = to, Vm = vm });

    /// <summary>More VMs of an application would move within 24 hours than are to without being asked for.</summary>
    /// <param name="most">How many may.</param>
    /// <param name="made">How many have moved in the last 24 hours.</param>
    /// <param name="wanted">How many would.</param>
    public static Refusal MovesPerDay(int most, int made, int wanted) => new(RefusalCode.MovesPerDay, new() { Limit = most, Needed = made + wanted });

    /// <summary>It is a time in which no VM of the application begins to move.</summary>
    public static Refusal QuietHours(VmId vm, DateTimeOffset at) => new(RefusalCode.QuietHours, new() { Vm = vm, At = at });

    /// <summary>No link carries what a VM sends to another one.</summary>
    public static Refusal LinkForTraffic(SiteId from, SiteId to, VmId sender, VmId receiver) =>
        new(RefusalCode.LinkForTraffic, new() { Site = from, To = to, Vm = sender, Other = receiver });

    /// <summary>More VMs of a set are at one site than may be.</summary>
    public static Refusal AffinityCrowded(SiteId site, IEnumerable<VmId> vms, int most, int count) =>
        new(RefusalCode.AffinityCrowded, new() { Site = site, Names = NameList.Of(vms), Limit = most, Needed = count });

    /// <summary>The offers cost more an hour together than they may, in currency, from an instant on.</summary>
    public static Refusal BudgetPerHour(double limit, double needed, DateTimeOffset at) => new(RefusalCode.BudgetPerHour, new() { Limit = limit, Needed = needed, At = at });

    /// <summary>The application leaves the site out.</summary>
    public static Refusal SiteLeftOut(SiteId site) => new(RefusalCode.SiteLeftOut, new() { Site = site });

    /// <summary>No link carries what a VM exchanges with endpoints.</summary>
    /// <param name="from">Where what is exchanged leaves.</param>
    /// <param name="to">Where it goes.</param>
    /// <param name="vm">The VM.</param>
    /// <param name="endpoints">The endpoints of its application at the other of the two sites.</param>
    public static Refusal LinkForEndpoint(SiteId from, SiteId to, VmId vm, IEnumerable<string> endpoints) =>
        new(RefusalCode.LinkForEndpoint, new() { Site = from, To = to, Vm = vm, Names = NameList.Of(endpoints) });

    /// <summary>Some link is missing that the VM's traffic needs.</summary>
    public static Refusal LinkForTrafficOf(VmId vm) => new(RefusalCode.LinkForTrafficOfVm, new() { Vm = vm });

    /// <summary>The VM rewrites its memory faster than the link carries it, both in bytes per second.</summary>
    public static Refusal MigrationNeverEnds(SiteId from, SiteId to, VmId vm, double link, double dirty) =>
        new(RefusalCode.MigrationNeverEnds, new() { Site = from, To = to, Vm = vm, Limit = link, Needed = dirty });

    /// <summary>One of two sites lets no VM move live.</summary>
    public static Refusal MoveNotLive(SiteId from, SiteId to, VmId vm, SiteId forbids) =>
        new(RefusalCode.MoveNotLive, new() { Site = from, To = to, Vm = vm, Sites = NameList.Of([forbids]) });

    /// <summary>Of two sites one has no hosts, and the other has.</summary>
    public static Refusal MoveWithoutHosts(SiteId from, SiteId to, VmId vm, SiteId without) =>
        new(RefusalCode.MoveWithoutHosts, new() { Site = from, To = to, Vm = vm, Sites = NameList.Of([without]) });

    /// <summary>The hosts of two sites have not in common what the VM could believe to run on, as <c>the CPU model Skylake</c>.</summary>
    public static Refusal MoveHardware(SiteId from, SiteId to, VmId vm, string lacks) =>
        new(RefusalCode.MoveHardware, new() { Site = from, To = to, Vm = vm, Detail = lacks });

    /// <summary>A live move would make the VM stand still for longer than it may, both in seconds.</summary>
    public static Refusal MoveDowntime(SiteId from, SiteId to, VmId vm, double limit, double needed) =>
        new(RefusalCode.MoveDowntime, new() { Site = from, To = to, Vm = vm, Limit = limit, Needed = needed });

    /// <summary>A cold move would make the VM stand still for longer than it may, both in seconds.</summary>
    public static Refusal ColdDowntime(SiteId from, SiteId to, VmId vm, double limit, double needed) =>
        new(RefusalCode.ColdDowntime, new() { Site = from, To = to, Vm = vm, Limit = limit, Needed = needed });

    /// <summary>A live move would take longer than it may, both in seconds.</summary>
    public static Refusal MoveDuration(SiteId from, SiteId to, VmId vm, double limit, double needed) =>
        new(RefusalCode.MoveDuration, new() { Site = from, To = to, Vm = vm, Limit = limit, Needed = needed });

    /// <summary>Nobody says where an image of the VM is to be had at a site.</summary>
    public static Refusal ImageMissing(SiteId site, VmId vm, string image) => new(RefusalCode.ImageMissing, new() { Site = site, Vm = vm, Detail = image });

    /// <summary>Somebody wants the VM at another site.</summary>
    public static Refusal WantedElsewhere(VmId vm, SiteId wanted) => new(RefusalCode.WantedElsewhere, new() { Vm = vm, Site = wanted });

    /// <summary>The VM keeps its offer while it stays at its site.</summary>
    public static Refusal OfferKept(VmId vm, Location at) => new(RefusalCode.OfferKept, new() { Vm = vm, Site = at.Site, Offer = at.Offer });

    /// <summary>The site has no other host on which the VM could restart.</summary>
    public static Refusal RestartNeedsHost(SiteId site, VmId vm) => new(RefusalCode.RestartNeedsHost, new() { Site = site, Vm = vm });

    /// <summary>The offer has no price yet.</summary>
    public static Refusal PriceUnknown(Location of, DateTimeOffset at) =>
        new(RefusalCode.PriceUnknown, new() { Site = of.Site, Offer = of.Offer, At = at });

    /// <summary>VMs that belong together are at several sites.</summary>
    public static Refusal AffinityTogether(IEnumerable<VmId> vms, IEnumerable<SiteId> sites) =>
        new(RefusalCode.AffinityTogether, new() { Names = NameList.Of(vms), Sites = NameList.Of(sites) });

    /// <summary>VMs have to be spread over more sites.</summary>
    public static Refusal AffinityApart(IEnumerable<VmId> vms, int needed, IEnumerable<SiteId> sites) =>
        new(RefusalCode.AffinityApart, new() { Names = NameList.Of(vms), Needed = needed, Sites = NameList.Of(sites) });

    /// <summary>No site takes all VMs that have to be together.</summary>
    /// <param name="vms">The VMs.</param>
    /// <param name="sites">The sites that take some of them.</param>
    public static Refusal AffinityNoCommonSite(IEnumerable<VmId> vms, IEnumerable<SiteId> sites) =>
        new(RefusalCode.AffinityNoCommonSite, new() { Names = NameList.Of(vms), Sites = NameList.Of(sites) });

    /// <summary>Too few sites take VMs that have to be spread.</summary>
    /// <param name="vms">The VMs.</param>
    /// <param name="most">Over how many sites they can be spread.</param>
    /// <param name="needed">Over how many they have to be.</param>
    /// <param name="sites">The sites that take some of them.</param>
    public static Refusal AffinityTooFewSites(IEnumerable<VmId> vms, int most, int needed, IEnumerable<SiteId> sites) =>
        new(RefusalCode.AffinityTooFewSites, new() { Names = NameList.Of(vms), Limit = most, Needed = needed, Sites = NameList.Of(sites) });

    /// <summary>No order of the moves has room at every step.</summary>
    public static Refusal CapacityNoOrder { get; } = new(RefusalCode.CapacityNoOrder, new());

    /// <summary>The same, and which VMs wait for each other's places.</summary>
    public static Refusal CapacityNoOrderOf(IEnumerable<VmId> vms) => new(RefusalCode.CapacityNoOrder, new() { Names = NameList.Of(vms) });

    /// <summary>The application runs longer than its deadline lets it, in seconds.</summary>
    public static Refusal Deadline(double limit, double needed) => new(RefusalCode.Deadline, new() { Limit = limit, Needed = needed });

    /// <summary>The application runs longer than the objective utilization may make it, in seconds.</summary>
    public static Refusal HarmLimit(double limit, double needed) => new(RefusalCode.HarmLimit, new() { Limit = limit, Needed = needed });

    /// <summary>The placement costs more than the budget, in currency.</summary>
    public static Refusal Budget(double limit, double needed) => new(RefusalCode.Budget, new() { Limit = limit, Needed = needed });

    /// <summary>The gain was seen in too few windows.</summary>
    public static Refusal GainHasToPersist(int seen, int needed, DateTimeOffset since) =>
        new(RefusalCode.GainHasToPersist, new() { Limit = seen, Needed = needed, At = since });

    /// <summary>A planned move waits for the end of the VM's cool-down.</summary>
    public static Refusal MoveHasToCoolDown(VmId vm, DateTimeOffset until) => new(RefusalCode.MoveHasToCoolDown, new() { Vm = vm, At = until });
}
