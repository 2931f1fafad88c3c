using Federation.Domain.Identity;

namespace Federation.Domain.Refusals;

// What a site refuses.
public sealed partial record Refusal
{
    /// <summary>No site has this name.</summary>
    public static Refusal SiteUnknown(SiteId site) => new(RefusalCode.SiteUnknown, new() { Site = site });

    /// <summary>The site's policy does not admit the tenant.</summary>
    public static Refusal PolicyTenant(SiteId site, TenantId tenant) => new(RefusalCode.PolicyTenant, new() { Site = site, Tenant = tenant });

    /// <summary>The application lets the VM be at some sites only.</summary>
    public static Refusal AllowedSites(SiteId site, VmId vm, IEnumerable<SiteId> allowed) =>
        new(RefusalCode.AllowedSites, new() { Site = site, Vm = vm, Sites = NameList.Of(allowed) });

    /// <summary>The site lacks residency tags that the VM asks for.</summary>
    public static Refusal ResidencyMissing(SiteId site, VmId vm, IEnumerable<string> missing) =>
        new(RefusalCode.ResidencyMissing, new() { Site = site, Vm = vm, Names = NameList.Of(missing) });

    /// <summary>The site sells no offer of this name.</summary>
    public static Refusal OfferUnknown(SiteId site, string offer) => new(RefusalCode.OfferUnknown, new() { Site = site, Offer = offer });

    /// <summary>The offer has fewer vCPUs than the VM needs.</summary>
    public static Refusal NeedsVcpus(Location at, VmId vm, int has, int needed) =>
        new(RefusalCode.NeedsVcpus, new() { Site = at.Site, Offer = at.Offer, Vm = vm, Limit = has, Needed = needed });

    /// <summary>The offer has less memory than the VM needs, in bytes.</summary>
    public static Refusal NeedsMemory(Location at, VmId vm, long has, long needed) =>
        new(RefusalCode.NeedsMemory, new() { Site = at.Site, Offer = at.Offer, Vm = vm, Limit = has, Needed = needed });

    /// <summary>The site is not available at this time.</summary>
    public static Refusal SiteUnavailable(SiteId site, DateTimeOffset at) => new(RefusalCode.SiteUnavailable, new() { Site = site, At = at });

    /// <summary>The site's availability ends too early, in seconds from now.</summary>
    public static Refusal AvailabilityTooShort(SiteId site, double left, double needed) =>
        new(RefusalCode.AvailabilityTooShort, new() { Site = site, Limit = left, Needed = needed });

    /// <summary>No arrival window is open.</summary>
    public static Refusal ArrivalWindowClosed(SiteId site, DateTimeOffset at) =>
        new(RefusalCode.ArrivalWindowClosed, new() { Site = site, At = at });

    /// <summary>No departure window is open.</summary>
    public static Refusal DepartureWindowClosed(SiteId site, DateTimeOffset at) =>
        new(RefusalCode.DepartureWindowClosed, new() { Site = site, At = at });

    /// <summary>None of the offer is available.</summary>
    public static Refusal CapacityOfferNone(Location at) => new(RefusalCode.CapacityOfferNone, new() { Site = at.Site, Offer = at.Offer, Limit = 0 });

    /// <summary>One application may hold so many of the offer; <paramref name="needed"/> in all, where it is known.</summary>
    public static Refusal CapacityOfferTaken(Location at, AppId application, int limit, int? needed = null) => new(
        RefusalCode.CapacityOfferTaken, new() { Site = at.Site, Offer = at.Offer, Application = application, Limit = limit, Needed = needed });

    /// <summary>The site has so many vCPUs for all tenants.</summary>
    public static Refusal CapacitySiteVcpus(SiteId site, double limit, double needed) =>
        new(RefusalCode.CapacitySiteVcpus, new() { Site = site, Limit = limit, Needed = needed });

    /// <summary>The site has so much memory for all tenants, in bytes.</summary>
    public static Refusal CapacitySiteMemory(SiteId site, double limit, double needed) =>
        new(RefusalCode.CapacitySiteMemory, new() { Site = site, Limit = limit, Needed = needed });

    /// <summary>The site has room for so many VMs of all tenants.</summary>
    public static Refusal CapacitySiteVms(SiteId site, double limit, double needed) =>
        new(RefusalCode.CapacitySiteVms, new() { Site = site, Limit = limit, Needed = needed });

    /// <summary>A quota of an amount: one of the four codes, in its own unit (vCPUs, bytes, VMs, core-hours).</summary>
    /// <param name="code">Which quota.</param>
    /// <param name="site">The site.</param>
    /// <param name="tenant">Whose quota.</param>
    /// <param name="limit">The quota.</param>
    /// <param name="needed">What the tenant would hold, or holds.</param>
    /// <param name="vm">The VM that would exceed it; null: several together.</param>
    /// <exception cref="ArgumentOutOfRangeException">The code is none of a quota.</exception>
    public static Refusal Quota(RefusalCode code, SiteId site, TenantId tenant, double limit, double needed, VmRef? vm = null) =>
        code is RefusalCode.QuotaVcpus or RefusalCode.QuotaMemory or RefusalCode.QuotaVms or RefusalCode.QuotaCoreHours
            ? new(code, new() { Site = site, Tenant = tenant, Limit = limit, Needed = needed, Application = vm?.Application, Vm = vm?.Vm })
            : throw new ArgumentOutOfRangeException(nameof(code), code, "not a quota");

    /// <summary>As many VMs arrive as the policy allows at once.</summary>
    public static Refusal MigrationsInFull(SiteId site, int limit) => new(RefusalCode.MigrationsInFull, new() { Site = site, Limit = limit });

    /// <summary>As many VMs leave as the policy allows at once.</summary>
    public static Refusal MigrationsOutFull(SiteId site, int limit) => new(RefusalCode.MigrationsOutFull, new() { Site = site, Limit = limit });

    /// <summary>The policy of one of the two sites allows no migration.</summary>
    public static Refusal MigrationsForbidden(SiteId from, SiteId to) => new(RefusalCode.MigrationsForbidden, new() { Site = from, To = to });

    /// <summary>The sites' administrators have to approve the plan first.</summary>
    public static Refusal ApprovalMissing(string plan, IEnumerable<SiteId> sites) =>
        new(RefusalCode.ApprovalMissing, new() { Plan = plan, Sites = NameList.Of(sites) });

    /// <summary>A site's administrator has rejected the plan.</summary>
    public static Refusal ApprovalRejected(string plan, SiteId site, string by) =>
        new(RefusalCode.ApprovalRejected, new() { Plan = plan, Site = site, By = by });

    /// <summary>A site's approval has expired.</summary>
    public static Refusal ApprovalExpired(string plan, SiteId site, DateTimeOffset at) =>
        new(RefusalCode.ApprovalExpired, new() { Plan = plan, Site = site, At = at });

    /// <summary>A site's administrator has taken the approval back.</summary>
    public static Refusal ApprovalWithdrawn(string plan, SiteId site, string by) =>
        new(RefusalCode.ApprovalWithdrawn, new() { Plan = plan, Site = site, By = by });

    /// <summary>No plan has asked the site for this approval.</summary>
    public static Refusal ApprovalNotRequested(string plan, SiteId site) =>
        new(RefusalCode.ApprovalNotRequested, new() { Plan = plan, Site = site });

    /// <summary>The site takes VMs by approved plans only, none because a file says so.</summary>
    public static Refusal ApprovalNeedsPlan(SiteId site, VmId vm) => new(RefusalCode.ApprovalNeedsPlan, new() { Site = site, Vm = vm });

    /// <summary>The VM is not at the site: it cannot leave it.</summary>
    public static Refusal VmNotHere(SiteId site, VmRef vm) =>
        new(RefusalCode.VmNotHere, new() { Site = site, Application = vm.Application, Vm = vm.Vm });

    /// <summary>The VM leaves the site already, by another migration.</summary>
    public static Refusal VmLeaves(SiteId site, VmRef vm, MigrationId by) =>
        new(RefusalCode.VmLeaves, new() { Site = site, Application = vm.Application, Vm = vm.Vm, Reservation = by.Key });

    /// <summary>The reservation holds no place for the VM any more.</summary>
    public static Refusal ReservationLost(SiteId site, VmRef vm, string reservation) =>
        new(RefusalCode.ReservationLost, new() { Site = site, Application = vm.Application, Vm = vm.Vm, Reservation = reservation });

    /// <summary>The VM has a place at the site under another reservation.</summary>
    public static Refusal PlaceHeld(SiteId site, VmRef vm, string reservation) =>
        new(RefusalCode.PlaceHeld, new() { Site = site, Application = vm.Application, Vm = vm.Vm, Reservation = reservation });

    /// <summary>The site's prices are in another currency than the federation's.</summary>
    public static Refusal CurrencyDiffers(SiteId site, string currency, string federation) =>
        new(RefusalCode.CurrencyDiffers, new() { Site = site, Detail = currency, Instead = federation });

    /// <summary>No silo of the site is in the federation.</summary>
    public static Refusal SiteOffline(SiteId site) => new(RefusalCode.SiteOffline, new() { Site = site });

    /// <summary>VMs are at the site: it cannot be deleted.</summary>
    public static Refusal SiteHasVms(SiteId site, IEnumerable<VmRef> vms) => new(RefusalCode.SiteHasVms, new() { Site = site, Names = NameList.Of(vms) });

    /// <summary>Places are kept at the site for VMs that come: it cannot be deleted.</summary>
    /// <param name="site">The site.</param>
    /// <param name="coming">The VMs, each with what its place is kept for.</param>
    public static Refusal SiteAwaitsVms(SiteId site, IEnumerable<string> coming) =>
        new(RefusalCode.SiteAwaitsVms, new() { Site = site, Names = NameList.Of(coming) });

    /// <summary>Plans that have not ended count on the site: it cannot be deleted.</summary>
    public static Refusal SiteInPlans(SiteId site, IEnumerable<PlanId> plans) => new(RefusalCode.SiteInPlans, new() { Site = site, Names = NameList.Of(plans) });
}
