namespace Federation.Domain.Refusals;

/// <summary>What a refusal is about. A code tells one kind of obstacle; its figures are the refusal's arguments.</summary>
/// <remarks>Written as its name in camelCase, stored and shown to other programs: a name stays, a new obstacle gets a new code.</remarks>
public enum RefusalCode
{
    // What a site looks at when a VM wants a place.

    /// <summary>No site has this name.</summary>
    SiteUnknown,

    /// <summary>The site's policy does not admit the tenant.</summary>
    PolicyTenant,

    /// <summary>The application lets the VM be at other sites only.</summary>
    AllowedSites,

    /// <summary>The site lacks residency tags that the VM asks for.</summary>
    ResidencyMissing,

    /// <summary>The site sells no offer of this name.</summary>
    OfferUnknown,

    /// <summary>The offer has fewer vCPUs than the VM needs.</summary>
    NeedsVcpus,

    /// <summary>The offer has less memory than the VM needs.</summary>
    NeedsMemory,

    /// <summary>The site is not available at this time.</summary>
    SiteUnavailable,

    /// <summary>The site's availability ends before the application does.</summary>
    AvailabilityTooShort,

    /// <summary>No arrival window of the site is open.</summary>
    ArrivalWindowClosed,

    /// <summary>No departure window of the site is open.</summary>
    DepartureWindowClosed,

    /// <summary>None of the offer is available.</summary>
    CapacityOfferNone,

    /// <summary>The application holds all that it may have of the offer (<c>available</c>).</summary>
    CapacityOfferTaken,

    /// <summary>The site has too few vCPUs left, over all tenants.</summary>
    CapacitySiteVcpus,

    /// <summary>The site has too little memory left, over all tenants.</summary>
    CapacitySiteMemory,

    /// <summary>The site has no room for one more VM, over all tenants.</summary>
    CapacitySiteVms,

    /// <summary>No host of the site can take the VM.</summary>
    CapacityHosts,

    /// <summary>No host of the site is large enough for the VM, were it empty.</summary>
    HostTooSmall,

    /// <summary>No host of the site that is large enough has the hardware that the VM asks for.</summary>
    HostLacksHardware,

    /// <summary>The VM names no disk or kernel, and the site's hosts start nothing without.</summary>
    GuestMissing,

    /// <summary>The host of a VM is told by its agent, and by nobody else.</summary>
    HostFromAgent,

    /// <summary>The tenant's quota of vCPUs.</summary>
    QuotaVcpus,

    /// <summary>The tenant's quota of memory.</summary>
    QuotaMemory,

    /// <summary>The tenant's quota of VMs.</summary>
    QuotaVms,

    /// <summary>The tenant's quota of core-hours.</summary>
    QuotaCoreHours,

    /// <summary>As many VMs arrive by migration as the site's policy allows at once.</summary>
    MigrationsInFull,

    /// <summary>As many VMs leave by migration as the site's policy allows at once.</summary>
    MigrationsOutFull,

    /// <summary>A site's policy allows no migration this way at all.</summary>
    MigrationsForbidden,

    /// <summary>Sites have to approve the plan first.</summary>
    ApprovalMissing,

    /// <summary>A site has rejected the plan.</summary>
    ApprovalRejected,

    /// <summary>A site's approval is too old.</summary>
    ApprovalExpired,

    /// <summary>A site's administrator has taken the approval back.</summary>
    ApprovalWithdrawn,

    /// <summary>No plan has asked the site for this approval.</summary>
    ApprovalNotRequested,

    /// <summary>The site takes VMs by approved plans only, none because a file says so.</summary>
    ApprovalNeedsPlan,

    /// <summary>The reservation has run out, was given back or never was.</summary>
    ReservationLost,

    /// <summary>The VM has a place at the site under another reservation.</summary>
    PlaceHeld,

    /// <summary>The VM is not at the site: it cannot leave it.</summary>
    VmNotHere,

    /// <summary>The VM leaves the site already, by another migration.</summary>
    VmLeaves,

    /// <summary>The site's prices are in another currency than the federation's.</summary>
    CurrencyDiffers,

    /// <summary>No silo of the site is in the federation.</summary>
    SiteOffline,

    /// <summary>VMs are at the site that is to be deleted.</summary>
    SiteHasVms,

    /// <summary>Places are kept for VMs that come to the site that is to be deleted.</summary>
    SiteAwaitsVms,

    /// <summary>Plans that have not ended count on the site that is to be deleted.</summary>
    SiteInPlans,

    // What an advice to empty hosts runs into.

    /// <summary>Moves to other sites would harm their application more than its limits let them.</summary>
    AdviceHarms,

    /// <summary>No other site takes the VMs.</summary>
    AdviceNowhere,

    // What an order about a host runs into.

    /// <summary>The site has no host of this name.</summary>
    HostUnknown,

    /// <summary>The host is fenced.</summary>
    HostFenced,

    /// <summary>The host's agent is not heard of.</summary>
    HostLost,

    /// <summary>The host's agent is heard of: what runs there runs.</summary>
    HostHeard,

    /// <summary>VMs have places on the host that is to be taken off.</summary>
    HostHasVms,

    // What a planner looks at besides.

    /// <summary>The site is offline: no place can be reserved there.</summary>
    OfflineArrival,

    /// <summary>The site is offline: no VM can leave it.</summary>
    OfflineDeparture,

    /// <summary>The VM has moved lately.</summary>
    CoolDown,

    /// <summary>No link leads where the VM would move.</summary>
    LinkForMove,

    /// <summary>No link carries what two VMs exchange.</summary>
    LinkForTraffic,

    /// <summary>Some link is missing that the VM's traffic needs.</summary>
    LinkForTrafficOfVm,

    /// <summary>The VM rewrites its memory faster than the link carries it.</summary>
    MigrationNeverEnds,

    /// <summary>A site lets no VM move live.</summary>
    MoveNotLive,

    /// <summary>Of the two sites of a move only one has hosts.</summary>
    MoveWithoutHosts,

    /// <summary>The hosts of two sites have no hardware in common for a live move.</summary>
    MoveHardware,

    /// <summary>A live move would make the VM stand still for longer than it may.</summary>
    MoveDowntime,

    /// <summary>A cold move would make the VM stand still for longer than it may.</summary>
    ColdDowntime,

    /// <summary>A live move would take longer than it may.</summary>
    MoveDuration,

    /// <summary>Neither the site nor the application says where an image of the VM is to be had.</summary>
    ImageMissing,

    /// <summary>A VM that stays at its site keeps its offer.</summary>
    OfferKept,

    /// <summary>A VM restarts on another host only, and its site has no other.</summary>
    RestartNeedsHost,

    /// <summary>Somebody wants the VM at another site.</summary>
    WantedElsewhere,

    /// <summary>The offer has no price yet.</summary>
    PriceUnknown,

    /// <summary>VMs that belong together are at several sites.</summary>
    AffinityTogether,

    /// <summary>VMs that have to be spread are at too few sites.</summary>
    AffinityApart,

    /// <summary>More VMs of a set are at one site than may be.</summary>
    AffinityCrowded,

    /// <summary>The offers cost more an hour than they may together.</summary>
    BudgetPerHour,

    /// <summary>The application leaves the site out.</summary>
    SiteLeftOut,

    /// <summary>More VMs of an application would move within 24 hours than are to without being asked for.</summary>
    MovesPerDay,

    /// <summary>It is a time in which no VM of the application begins to move.</summary>
    QuietHours,

    /// <summary>No link leads between a site and an endpoint that the VM exchanges with.</summary>
    LinkForEndpoint,

    /// <summary>No site takes all VMs that have to be together.</summary>
    AffinityNoCommonSite,

    /// <summary>Too few sites take VMs that have to be spread.</summary>
    AffinityTooFewSites,

    /// <summary>No order of the moves has room at every step.</summary>
    CapacityNoOrder,

    /// <summary>The application ends after its deadline.</summary>
    Deadline,

    /// <summary>The objective utilization harms the application beyond its limit.</summary>
    HarmLimit,

    /// <summary>The placement costs more than the budget.</summary>
    Budget,

    /// <summary>A gain was not seen in enough windows yet.</summary>
    GainHasToPersist,

    /// <summary>A planned move waits for the end of the VM's cool-down.</summary>
    MoveHasToCoolDown,

    // What keeps a plan from being made.

    /// <summary>As many plans of the tenant wait to be worked out as may on one silo.</summary>
    PlansOfTenantWaiting,

    /// <summary>As many plans of all tenants wait to be worked out as may on one silo.</summary>
    PlansWaiting,

    /// <summary>As many applications wait to be looked at by the service itself as may on one silo.</summary>
    LooksWaiting,

    /// <summary>It was asked for, and something failed while it was worked out.</summary>
    PlanNotMade,

    /// <summary>It is made already: there is no work left to cancel.</summary>
    PlanMade,

    // What keeps a plan from being applied, or stops it half-way.

    /// <summary>No plan has this name.</summary>
    PlanUnknown,

    /// <summary>The plan does nothing at the site.</summary>
    PlanNotAtSite,

    /// <summary>The plan has failed before.</summary>
    PlanFailed,

    /// <summary>The plan holds no placement.</summary>
    PlanInfeasible,

    /// <summary>Stale: the gain, computed anew, does not beat what it has to beat any more.</summary>
    PlanGainGone,

    /// <summary>Stale: a site refuses a step.</summary>
    PlanSiteRefuses,

    /// <summary>Stale: the plan breaks a limit of its application; the cause says which.</summary>
    PlanBreaksLimit,

    /// <summary>Stale: the application was described anew.</summary>
    PlanApplicationChanged,

    /// <summary>Stale: a VM runs elsewhere than the plan has it.</summary>
    PlanVmElsewhere,

    /// <summary>A newer plan took its place.</summary>
    PlanSuperseded,

    /// <summary>Somebody has cancelled it.</summary>
    PlanCancelled,

    /// <summary>Another plan of the application is being applied.</summary>
    PlanBusy,

    /// <summary>The application is being changed.</summary>
    ApplicationChanging,

    /// <summary>The application is being deleted.</summary>
    ApplicationDeleting,

    /// <summary>The application was deleted.</summary>
    ApplicationDeleted,

    /// <summary>A site gave no place; the cause says why.</summary>
    NoPlace,

    /// <summary>A migration has waited as long as it may; the cause says for what.</summary>
    WaitedTooLong,

    /// <summary>A VM's migration was rolled back; the cause says why.</summary>
    VmDidNotMove,

    /// <summary>A VM did not start; the cause says why.</summary>
    VmDidNotStart,

    /// <summary>A VM cannot be taken over where it is said to run; the cause says why.</summary>
    VmNotAdopted,

    /// <summary>A VM that runs is missing in a new description.</summary>
    VmLeftOut,

    /// <summary>The application has no VM of this name.</summary>
    VmUnknown,

    /// <summary>The VM runs nowhere yet.</summary>
    VmNowhere,

    /// <summary>The VM is at the site already.</summary>
    VmThere,

    /// <summary>The VM is the only one that its application has.</summary>
    LastVm,

    /// <summary>A VM is said to run elsewhere than it does.</summary>
    VmElsewhere,

    /// <summary>The description in force is another one than the caller named.</summary>
    VersionDiffers,

    /// <summary>A refusal of an earlier version, of which the sentence alone is known.</summary>
    Told,

    /// <summary>A hypervisor failed; the message is its own.</summary>
    Hypervisor,

    /// <summary>It is not known whether the call took effect.</summary>
    OutcomeUnknown,

    // Why a migration is taken back, and what it waits for.

    /// <summary>Somebody has taken the migration back.</summary>
    MigrationCancelled,

    /// <summary>There is no such migration for the caller.</summary>
    MigrationUnknown,

    /// <summary>The migration cannot be taken back any more: its VM was told to run elsewhere.</summary>
    MigrationTooLate,

    /// <summary>The migration has ended.</summary>
    MigrationHasEnded,

    /// <summary>One of two sites has hosts, the other none.</summary>
    HostsAtOneEnd,

    /// <summary>The copying failed.</summary>
    TransferFailed,

    /// <summary>The copying did not get on.</summary>
    TransferStuck,

    /// <summary>The copy at the destination is gone.</summary>
    CopyGone,

    /// <summary>The VM ran at its destination, and did not live.</summary>
    VmNotAlive,

    /// <summary>The only copy of the VM is gone.</summary>
    VmLostOnTheWay,

    /// <summary>A host does not tell what is there.</summary>
    HostSilent,

    /// <summary>A copy is complete and must not run before a silent host was fenced.</summary>
    WaitsForFencing,

    // What the networks of applications refuse.

    /// <summary>Hosts have not acknowledged where a VM comes, or goes.</summary>
    SegmentUnacknowledged,

    /// <summary>A host's packets are too short for the network of an application.</summary>
    SegmentMtu,

    /// <summary>Of two hosts one is on the overlay, the other is not.</summary>
    OverlayAtOneEnd,

    /// <summary>An address that a VM names is another VM's on its network.</summary>
    SegmentAddressTaken,

    /// <summary>The network of an application has no address left for a VM that names none.</summary>
    SegmentAddressesUsed,

    /// <summary>A VM wants a public address of a site that has no gateway.</summary>
    NoGateway,

    /// <summary>A site has no public address left.</summary>
    PublicAddressesUsed,

    /// <summary>A public address that a VM wants is no gateway's.</summary>
    PublicAddressUnknown,

    /// <summary>A public address that a VM wants is another VM's.</summary>
    PublicAddressTaken,

    /// <summary>A public address that a VM wants was another VM's a moment ago.</summary>
    PublicAddressRests,

    /// <summary>No gateway owns all the public addresses that an application's VMs want.</summary>
    PublicAddressesApart,

    /// <summary>An application that has no network yet lets no client in.</summary>
    ClientsNeedNetwork,

    /// <summary>A network has a client of that name.</summary>
    ClientKnown,

    /// <summary>A network has no client of that name.</summary>
    ClientUnknown,

    /// <summary>A network has as many clients as it can have.</summary>
    ClientsUsed,

    /// <summary>An address for a client is none of its network.</summary>
    ClientAddressOutside,

    /// <summary>An address for a client is somebody else's on its network.</summary>
    ClientAddressTaken,

    /// <summary>A client's packets are too short for its network.</summary>
    ClientMtu,

    // What makes a traffic query unanswerable.

    /// <summary>The period has too many windows or none.</summary>
    QueryPeriod,

    /// <summary>The wait is out of bounds.</summary>
    QueryWait,

    /// <summary>The coefficient is no number above 0.</summary>
    QueryCoefficient,

    /// <summary>The last window closes after the wait.</summary>
    QueryWindowOpen,

    /// <summary>The last window has not even begun when the wait ends: an estimate would be a forecast.</summary>
    QueryWindowAhead,

    /// <summary>No VM has reported any window of the period.</summary>
    QueryNothingReported,

    // Why a window that a sensor reports is not taken.

    /// <summary>There is no such application.</summary>
    ReportOfNoApplication,

    /// <summary>The application has no such VM.</summary>
    ReportOfUnknownVm,

    /// <summary>The window has not closed yet.</summary>
    ReportFromTheFuture,

    /// <summary>The token is another sensor's.</summary>
    ReportUnderOtherName,

    /// <summary>The VM was never on the sensor's host.</summary>
    ReportOfStranger,

    /// <summary>The VM was on the sensor's host at another time.</summary>
    ReportFromElsewhere,
}
