using System.Collections.Immutable;
using System.Text.Json;
using Federation.Contracts;
using Federation.Domain;
using Federation.Domain.Identity;
using Federation.Domain.Json;
using Federation.Domain.Sites;

namespace Federation.Grains;

/// <inheritdoc cref="ISiteGrain"/>
public sealed class SiteGrain(
    [PersistentState("site", GrainStateSerializer.StorageName)] IPersistentState<SiteGrain.Stored> state,
    Happenings happenings,
    TimeProvider clock) : Grain, ISiteGrain
{
    private SiteId Id => new(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public async Task<SiteChange> Apply(Site site)
    {
        var created = state.State.Site is null;
        if (state.State.Site is { } old && Text(old) == Text(site))
        {
            // Told again, the others are told again too: a crash may have come between the two.
            await GrainFactory.Federation().RegisterSite(Id, site.Currency);
            return new(state.State.Revision, Created: false, Changed: false);
        }

        var registered = await GrainFactory.Federation().RegisterSite(Id, site.Currency);
        if (registered.Reason is { } reason)
        {
            return new(state.State.Revision, Created: false, Changed: false, reason);
        }

        state.State.Site = site;
        state.State.Revision++;
        await state.WriteStateAsync();
        await happenings.Note(
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
    public Task<SiteStatus?> Get() =>
        Task.FromResult(state.State.Site is { } site ? new SiteStatus(site, state.State.Revision, state.State.Ledger) : null);

    /// <inheritdoc/>
    public Task<SiteView?> View(TenantId tenant, AppId except) => Task.FromResult(
        state.State.Site is { } site ? new SiteView(site, state.State.Ledger.OccupiedBy(site, tenant, except)) : null);

    /// <inheritdoc/>
    public Task<Verdict> Reserve(ImmutableArray<Hold> holds) => Change((ledger, site) => ledger.Reserve(site, holds));

    /// <inheritdoc/>
    public Task Arrive(VmRef vm) => Change((ledger, _) => (ledger.Arrive(vm, clock.GetUtcNow()), Verdict.Feasible));

    /// <inheritdoc/>
    public Task<Verdict> BeginLeaving(VmRef vm) => Change((ledger, site) => ledger.BeginLeaving(site, vm, clock.GetUtcNow()));

    /// <inheritdoc/>
    public Task CancelLeaving(VmRef vm) => Change((ledger, _) => (ledger.CancelLeaving(vm, clock.GetUtcNow()), Verdict.Feasible));

    /// <inheritdoc/>
    public Task Release(ImmutableArray<VmRef> vms) => Change((ledger, site) =>
        (vms.Aggregate(ledger, (left, vm) => left.Release(site, vm, clock.GetUtcNow())), Verdict.Feasible));

    // Stored before it is answered: a place that was given out is never given out again.
    private async Task<Verdict> Change(Func<SiteLedger, Site, (SiteLedger Ledger, Verdict Verdict)> step)
    {
        if (state.State.Site is not { } site)
        {
            return Verdict.Reject($"there is no site {Id}");
        }

        var (ledger, verdict) = step(state.State.Ledger, site);
        if (!ReferenceEquals(ledger, state.State.Ledger))
        {
            state.State.Ledger = ledger;
            await state.WriteStateAsync();
        }

        return verdict;
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
