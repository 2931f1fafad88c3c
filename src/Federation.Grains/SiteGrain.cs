using System.Collections.Immutable;
using System.Text.Json;
using Federation.Contracts;
using Federation.Domain;
using Federation.Domain.Identity;
using Federation.Domain.Json;
using Federation.Domain.Reconciling;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Grains.Placing;
using Microsoft.Extensions.Options;

namespace Federation.Grains;

/// <inheritdoc cref="ISiteGrain"/>
[SitePlacement]
public sealed class SiteGrain(
    [PersistentState("site", GrainStateSerializer.StorageName)] IPersistentState<SiteGrain.Stored> state,
    EventRecorder events,
    IOptions<ReservationOptions> reservations,
    TimeProvider clock) : Grain, ISiteGrain, IRemindable
{
    private const string ReminderName = "expire";

    private SiteId Id => new(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public async Task<SiteChange> Apply(Site site)
    {
        var created = state.State.Site is null;
        if (state.State.Site is { } old && Text(old) == Text(site))
        {
            // Told again, the others are told again too: a crash may have come between the two.
            await GrainFactory.Federation().RegisterSite(Id, site.Currency);
            await GrainFactory.Federation().Describe(old);
            return new(state.State.Revision, Created: false, Changed: false);
        }

        var registered = await GrainFactory.Federation().RegisterSite(Id, site.Currency);
        if (registered.Refusal is { } refusal)
        {
            return new(state.State.Revision, Created: false, Changed: false, refusal);
        }

        state.State.Site = site;
        state.State.Revision++;
        await state.WriteStateAsync();
        await GrainFactory.Federation().Describe(site);
        await events.Record(
            created ? "site.created" : "site.changed",
            $"site {Id} {(created ? "joined" : "changed")} (revision {state.State.Revision})",
            site: Id);
        if (!created)
        {
            await GrainFactory.Federation().SiteChanged(Id);
        }

        return new(state.State.Revision, created, Changed: true);
    }

    /// <inheritdoc/>
    public Task<SiteStatus?> Get() => Task.FromResult(
        state.State.Site is { } site ? new SiteStatus(site, state.State.Revision, state.State.Ledger.Expire(clock.GetUtcNow())) : null);

    /// <inheritdoc/>
    public Task<SiteView?> View(TenantId tenant, AppId except) => Task.FromResult(state.State.Site is { } site
        ? new SiteView(site, state.State.Ledger.Expire(clock.GetUtcNow()).OccupiedBy(site, tenant, except))
        : null);

    /// <inheritdoc/>
    public async Task<Verdict> Reserve(ImmutableArray<Allocation> allocations)
    {
        if (!state.State.Ledger.HasExpiring && await this.GetReminder(ReminderName) is null)
        {
            // Before the places are stored: a crash leaves a reminder of nothing, never a place that nobody frees.
            var every = TimeSpan.FromTicks(Math.Max(reservations.Value.Lifetime.Ticks, TimeSpan.TicksPerMinute));
            await this.RegisterOrUpdateReminder(ReminderName, every, every);
        }

        return await Change((ledger, site) => ledger.Reserve(site, allocations, clock.GetUtcNow(), reservations.Value.Lifetime));
    }

    /// <inheritdoc/>
    public Task<Verdict> Confirm(VmRef vm, string reservation) =>
        Change((ledger, site) => ledger.Confirm(site, vm, reservation, clock.GetUtcNow()));

    /// <inheritdoc/>
    public Task Cancel(string reservation) => Change((ledger, _) => (ledger.Cancel(reservation), Verdict.Feasible));

    /// <inheritdoc/>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        var before = state.State.Ledger;
        await Change((ledger, _) => (ledger.Expire(clock.GetUtcNow()), Verdict.Feasible));
        foreach (var gone in before.Allocations.Values.Where(allocation => !state.State.Ledger.Allocations.ContainsKey(allocation.Vm)))
        {
            await events.Record(
                "reservation.expired", $"{gone.Reservation} did not confirm its place for {gone.Vm} at {Id} in time", gone.Vm.Application, Id);
        }

        if (!state.State.Ledger.HasExpiring && await this.GetReminder(ReminderName) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }

    /// <inheritdoc/>
    public Task Arrive(VmRef vm) => Change((ledger, _) => (ledger.Arrive(vm, clock.GetUtcNow()), Verdict.Feasible));

    /// <inheritdoc/>
    public Task<Verdict> BeginLeaving(VmRef vm) => Change((ledger, site) => ledger.BeginLeaving(site, vm));

    /// <inheritdoc/>
    public Task CancelLeaving(VmRef vm) => Change((ledger, _) => (ledger.CancelLeaving(vm), Verdict.Feasible));

    /// <inheritdoc/>
    public Task Release(ImmutableArray<VmRef> vms) => Change((ledger, site) =>
        (vms.Aggregate(ledger, (left, vm) => left.Release(site, vm, clock.GetUtcNow())), Verdict.Feasible));

    /// <inheritdoc/>
    public Task ReleaseAll(AppId application) => Change((ledger, site) => (ledger.ReleaseAll(site, application, clock.GetUtcNow()), Verdict.Feasible));

    /// <inheritdoc/>
    public Task<ImmutableArray<PlaceLook>> Places()
    {
        var now = clock.GetUtcNow();
        return Task.FromResult<ImmutableArray<PlaceLook>>([.. state.State.Ledger.Allocations.Values.Select(allocation => new PlaceLook(
            allocation.Vm, allocation.Offer, allocation.Reservation, allocation.State != AllocationState.Arriving, allocation.HasExpired(now)))]);
    }

    /// <inheritdoc/>
    public Task Repair(ImmutableArray<Repair> repairs) => Change((ledger, site) =>
        (repairs.Aggregate(ledger, (left, repair) => left.Repaired(site, repair, clock.GetUtcNow())), Verdict.Feasible));

    // Stored before it is answered: a place that was given out is never given out again.
    private async Task<Verdict> Change(Func<SiteLedger, Site, (SiteLedger Ledger, Verdict Verdict)> step)
    {
        if (state.State.Site is not { } site)
        {
            return Verdict.Reject(Refusal.SiteUnknown(Id));
        }

        var (ledger, verdict) = step(state.State.Ledger, site);
        if (!ReferenceEquals(ledger, state.State.Ledger))
        {
            await Store(ledger);
        }

        return verdict;
    }

    private async Task Store(SiteLedger ledger)
    {
        var before = state.State.Ledger;
        state.State.Ledger = ledger;
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            // What may not have been stored must not be answered from memory when it is asked for again.
            state.State.Ledger = before;
            throw;
        }
    }

    private static string Text(Site site) => JsonSerializer.Serialize(site, DomainJson.Options);

    /// <summary>What is stored of a site.</summary>
    public sealed class Stored
    {
        /// <summary>Its description; null before the first.</summary>
        public Site? Site { get; set; }

        /// <summary>Counts the description's changes.</summary>
        public long Revision { get; set; }

        /// <summary>Who holds what.</summary>
        public SiteLedger Ledger { get; set; } = new();
    }
}
