using System.Collections.Immutable;
using System.Text.Json;
using Federation.Contracts;
using Federation.Domain;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Plans;
using Federation.Domain.Json;
using Federation.Domain.Reconciling;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Grains.Access;
using Federation.Grains.Placing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Federation.Grains;

/// <inheritdoc cref="ISiteGrain"/>
[SitePlacement]
public sealed partial class SiteGrain(
    [PersistentState("site", GrainStateSerializer.StorageName)] IPersistentState<SiteGrain.Stored> state,
    EventRecorder events,
    IOptions<ReservationOptions> reservations,
    SiteViews views,
    IHypervisor hypervisor,
    TimeProvider clock,
    ILogger<SiteGrain> log) : Grain, ISiteGrain, IRemindable
{
    private const string ReminderName = "expire";

    // What the newest copy was made of, which tells whether it still holds.
    private (Guid Stamp, Site? Site, SiteLedger Ledger, SiteHosts Hosts) copied = (Guid.Empty, null, new(), SiteHosts.None);

    private SiteId Id => new(this.GetPrimaryKeyString());

    private Door? Door => Bounded is { } site ? new Door(site, state.State.Approvals, clock.GetUtcNow()) { Hosts = state.State.Hosts } : null;

    // As its hosts limit it.
    private Site? Bounded => state.State.Site is { } site ? state.State.Hosts.Bounded(site, state.State.Ledger) : null;

    /// <inheritdoc/>
    public async Task<SiteChange> Apply(Site site, long? revision = null)
    {
        if (state.State.Leaves)
        {
            // Its old life ends before the new one begins: the currency may be another one.
            await Leave();
        }

        var created = state.State.Site is null;
        site = site with { Withdrawn = [] };
        if (state.State.Site is { } old && Text(old with { Withdrawn = [] }) == Text(site))
        {
            // Told again, the others are told again too: a crash may have come between the two.
            await GrainFactory.Federation().RegisterSite(Id, site.Currency);
            await GrainFactory.Federation().Describe(old);
            return new(state.State.Revision, Created: false, Changed: false);
        }

        var now = created ? 0 : state.State.Revision;
        if (revision is { } known && known != now)
        {
            return new(now, Created: false, Changed: false, Refusal.RevisionDiffers(Id, now));
        }

        var registered = await GrainFactory.Federation().RegisterSite(Id, site.Currency);
        if (registered.Refusal is { } refusal)
        {
            return new(state.State.Revision, Created: false, Changed: false, refusal);
        }

        site = site with { Withdrawn = Withdrawn(state.State.Site, site) };
        var impact = state.State.Site is { } before ? SiteImpact.Between(before, site, clock.GetUtcNow()) : null;
        state.State.Site = site;
        state.State.Revision++;
        await this.Store(state);
        await GrainFactory.Federation().Describe(site);
        await events.Record(
            created ? "site.created" : "site.changed",
            $"site {Id} {(created ? "joined" : "changed")} (revision {state.State.Revision})",
            site: Id);
        if (created)
        {
            views.Forget();
        }
        else
        {
            foreach (var outside in state.State.Ledger.Outside(site, clock.GetUtcNow()))
            {
                await events.Record(
                    "site.outside", $"{outside.Vm} stays at {Id}, where it could not come any more: {outside.Refusal}", outside.Vm.Application, Id);
            }

            await GrainFactory.Federation().SiteChanged(impact!, OccupantsOf(impact!));
        }

        return new(state.State.Revision, created, Changed: true);
    }

    /// <inheritdoc/>
    public Task<SiteStatus?> Get() => Task.FromResult(state.State.Site is { } site ? Seen.By(CallerContext.Current, StatusOf(site, clock.GetUtcNow())) : null);

    /// <inheritdoc/>
    public Task<SiteFigures?> Figures() =>
        Task.FromResult(state.State.Site is { } site ? SiteFigures.Of(site, state.State.Hosts, state.State.Ledger, clock.GetUtcNow()) : null);

    /// <inheritdoc/>
    public Task<SiteCopy?> Copy(Guid known)
    {
        if (!ReferenceEquals(copied.Site, state.State.Site) || !ReferenceEquals(copied.Ledger, state.State.Ledger)
            || !copied.Hosts.GivesTheSameAs(state.State.Hosts) || copied.Stamp == Guid.Empty)
        {
            copied = (Guid.NewGuid(), state.State.Site, state.State.Ledger, state.State.Hosts);
        }

        return Task.FromResult(copied.Stamp == known ? null
            : new SiteCopy(copied.Stamp, Bounded, SiteUse.Of(copied.Ledger, clock.GetUtcNow()), copied.Hosts.Silent is { IsEmpty: false } silent ? silent : null));
    }

    /// <inheritdoc/>
    public Task<Verdict> Admit(ImmutableArray<AdmissionRequest> requests) =>
        Change((ledger, door) => ledger.Admit(door, requests, reservations.Value.Lifetime));

    /// <inheritdoc/>
    public Task<Verdict> WouldAdmit(ImmutableArray<AdmissionRequest> requests) => Task.FromResult(Door is { } door
        ? state.State.Ledger.Admit(door, requests, reservations.Value.Lifetime).Verdict
        : Verdict.Reject(Refusal.SiteUnknown(Id)));

    /// <inheritdoc/>
    public Task<Verdict> Confirm(VmRef vm, ReservationId reservation) => Change((ledger, door) => ledger.Confirm(door, vm, reservation));

    /// <inheritdoc/>
    public Task<Verdict> Arrive(VmRef vm, ReservationId reservation) => Change((ledger, door) => ledger.Arrive(door, vm, reservation));

    /// <inheritdoc/>
    public Task Cancel(ReservationId reservation) => Change((ledger, _) => (ledger.Cancel(reservation), Verdict.Feasible));

    /// <inheritdoc/>
    public Task<Verdict> BeginLeaving(VmRef vm, MigrationId by) => Change((ledger, door) => ledger.BeginLeaving(door, vm, by));

    /// <inheritdoc/>
    public Task CancelLeaving(VmRef vm, MigrationId by) => Change((ledger, _) => (ledger.CancelLeaving(vm, by), Verdict.Feasible));

    /// <inheritdoc/>
    public Task Depart(VmRef vm, MigrationId by) => Change((ledger, door) => (ledger.Depart(vm, by, door.Now), Verdict.Feasible));

    /// <inheritdoc/>
    public Task Release(ImmutableArray<VmRef> vms) => Change((ledger, door) =>
        (vms.Aggregate(ledger, (left, vm) => left.Release(vm, door.Now)), Verdict.Feasible));

    /// <inheritdoc/>
    public Task ReleaseAll(AppId application) => Change((ledger, door) => (ledger.ReleaseAll(application, door.Now), Verdict.Feasible));

    /// <inheritdoc/>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (reminderName == HostsReminder)
        {
            // That it is awake is enough: it looks after its hosts by itself.
            await (state.State.Hosts.IsEmpty ? this.Forget(HostsReminder) : Task.CompletedTask);
            return;
        }

        if (reminderName == LeavingReminder)
        {
            await (state.State.Leaves ? Leave() : this.Forget(LeavingReminder));
            return;
        }

        var before = state.State.Ledger;
        await Change((ledger, door) => (ledger.Expire(door.Now), Verdict.Feasible));
        foreach (var gone in before.Allocations.Values.Where(allocation => !state.State.Ledger.Allocations.ContainsKey(allocation.Vm)))
        {
            await events.Record(
                "reservation.expired", $"{gone.Reservation} did not confirm its place for {gone.Vm} at {Id} in time", gone.Vm.Application, Id);
        }

        var approvals = state.State.Approvals;
        await Store(state.State.Ledger, approvals.Expire(clock.GetUtcNow()));
        foreach (var gone in SiteApprovals.ExpiredBetween(approvals, state.State.Approvals, clock.GetUtcNow()).Where(gone => gone.State == ApprovalState.Given))
        {
            // A plan asks again by itself for what it was not given, and believes that it has what it was given.
            GrainFactory.Plan(gone.Plan).ApprovalChanged(Id).Ignore();
        }

        if (!HasExpiring(state.State.Ledger, state.State.Approvals))
        {
            await this.Forget(ReminderName);
        }
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<PlaceLook>> Places()
    {
        var (now, ledger) = (clock.GetUtcNow(), state.State.Ledger);
        var outside = (state.State.Site is { } site ? ledger.Outside(site, now) : []).ToDictionary(vm => vm.Vm, vm => vm.Refusal);
        return Task.FromResult<ImmutableArray<PlaceLook>>([.. ledger.Allocations.Values.Select(allocation => new PlaceLook(
            allocation.Vm, allocation.Offer, allocation.Reservation.Key, allocation.IsHere, allocation.HasExpired(now), outside.GetValueOrDefault(allocation.Vm)))]);
    }

    /// <inheritdoc/>
    public Task Repair(ImmutableArray<Repair> repairs) => Change((ledger, door) =>
        (repairs.Aggregate(ledger, (left, repair) => left.Repaired(door, repair)), Verdict.Feasible));

    private ImmutableArray<WantedLook> OccupantsOf(SiteImpact impact) =>
    [
        .. state.State.Ledger.Allocations.Values.GroupBy(place => place.Vm.Application)
            .Select(places => new WantedLook(places.Key, impact.WorthToOccupant(places.Select(place => place.Offer)))),
    ];

    // Stored before it is answered: a place that was given out is never given out again.
    private async Task<Verdict> Change(Func<SiteLedger, Door, (SiteLedger Ledger, Verdict Verdict)> step)
    {
        if (Door is not { } door)
        {
            return Verdict.Reject(Refusal.SiteUnknown(Id));
        }

        var (ledger, verdict) = step(state.State.Ledger, door);
        await Store(ledger, state.State.Approvals);
        return verdict;
    }

    private async Task Store(SiteLedger ledger, SiteApprovals approvals)
    {
        var (ledgerBefore, approvalsBefore) = (state.State.Ledger, state.State.Approvals);
        if (ReferenceEquals(ledger, ledgerBefore) && ReferenceEquals(approvals, approvalsBefore))
        {
            return;
        }

        if (HasExpiring(ledger, approvals) && !HasExpiring(ledgerBefore, approvalsBefore) && await this.GetReminder(ReminderName) is null)
        {
            // Before they are stored: a crash leaves a reminder of nothing, never a place that nobody frees.
            var every = TimeSpan.FromTicks(Math.Max(reservations.Value.Lifetime.Ticks, TimeSpan.TicksPerMinute));
            await this.RegisterOrUpdateReminder(ReminderName, every, every);
        }

        (state.State.Ledger, state.State.Approvals) = (ledger, approvals);
        await this.Store(state);
        foreach (var gone in SiteApprovals.ExpiredBetween(approvalsBefore, approvals, clock.GetUtcNow()))
        {
            var what = gone.State == ApprovalState.Given ? $"the approval of site {Id} for plan {gone.Plan} has expired" : $"site {Id} did not decide on plan {gone.Plan} in time";
            await events.Record("approval.expired", what, gone.Plan.Application, Id);
        }
    }

    private SiteStatus StatusOf(Site site, DateTimeOffset now)
    {
        var ledger = state.State.Ledger.Expire(now);
        return new(site, state.State.Revision, ledger, ledger.Outside(site, now), ledger.Occupied(now));
    }

    private static bool HasExpiring(SiteLedger ledger, SiteApprovals approvals) => ledger.HasExpiring || approvals.HasExpiring;

    // What VMs are on stays known, so that plans can say what it costs to stay there and what it gains to leave.
    private ImmutableArray<Offer> Withdrawn(Site? before, Site after) => before is null ? [] :
    [
        .. before.Offers.Concat(before.Withdrawn).Where(offer => after.OfferNamed(offer.Name) is null
            && state.State.Ledger.Allocations.Values.Any(allocation => allocation.IsOn(offer.Name))),
    ];

    private static string Text(Site site) => JsonSerializer.Serialize(site, DomainJson.Options);

    /// <summary>What is stored of a site.</summary>
    public sealed class Stored
    {
        /// <summary>Its description; null before the first.</summary>
        public Site? Site { get; set; }

        /// <summary>Counts the description's changes, over all its lives.</summary>
        public long Revision { get; set; }

        /// <summary>Whether it was deleted and the directory may not know yet.</summary>
        public bool Leaves { get; set; }

        /// <summary>Who holds what.</summary>
        public SiteLedger Ledger { get; set; } = new();

        /// <summary>Its hosts.</summary>
        public SiteHosts Hosts { get; set; } = SiteHosts.None;

        /// <summary>What was lost with hosts and not everybody knows yet, and which plans empty hosts.</summary>
        public HostLosses Losses { get; set; } = HostLosses.None;

        /// <summary>Which plans want to come, and what was said to that.</summary>
        public SiteApprovals Approvals { get; set; } = SiteApprovals.None;
    }
}
