using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Grains.Access;
using Orleans.Concurrency;

namespace Federation.Grains;

/// <inheritdoc cref="IFederationGrain"/>
/// <remarks>Reentrant: a site that registers itself while the view is being taken must not wait for it.</remarks>
[Reentrant]
public sealed class FederationGrain(
    [PersistentState("federation", GrainStateSerializer.StorageName)] IPersistentState<FederationGrain.Stored> state) : Grain, IFederationGrain, IDisposable
{
    private readonly SemaphoreSlim turn = new(1);

    /// <inheritdoc/>
    public async Task<Verdict> RegisterSite(SiteId site, string currency)
    {
        if (state.State.Sites.Count > 0 && state.State.Currency != currency)
        {
            return Verdict.Reject(Refusal.CurrencyDiffers(site, currency, state.State.Currency));
        }

        if (!state.State.Sites.Contains(site))
        {
            state.State.Currency = currency;
            state.State.Sites = state.State.Sites.Add(site);
            await Save();
        }

        return Verdict.Feasible;
    }

    /// <inheritdoc/>
    public async Task Describe(Site site)
    {
        state.State.Descriptions = state.State.Descriptions.SetItem(site.Id, site);
        await Save();
    }

    /// <inheritdoc/>
    public Task<Site?> Description(SiteId site) => Task.FromResult(state.State.Descriptions.GetValueOrDefault(site));

    /// <inheritdoc/>
    public Task SiteChanged(SiteId site)
    {
        foreach (var application in state.State.Applications)
        {
            // Not waited for: planning takes seconds, and each application's failure is its own.
            GrainFactory.Placement(application).Reevaluate(DecisionTrigger.SitesChanged).Ignore();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task RegisterApplication(AppId application) => Put(state.State.Applications.Add(application));

    /// <inheritdoc/>
    public Task RemoveApplication(AppId application) => Put(state.State.Applications.Remove(application));

    /// <inheritdoc/>
    public Task<ImmutableArray<SiteId>> Sites() => Task.FromResult(state.State.Sites.ToImmutableArray());

    /// <inheritdoc/>
    public Task<ImmutableArray<AppId>> Applications()
    {
        var caller = CallerContext.Current;
        return Task.FromResult(caller.SeesAll ? [.. state.State.Applications] : state.State.Applications.Where(id => caller.Sees(id.Tenant)).ToImmutableArray());
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<AppId>> ApplicationsNamed(string name)
    {
        // Asked with each request that names no tenant, and they are in the order of their names: looked up, not searched for.
        var all = state.State.Applications;
        var first = all.IndexOf(new(default, name));
        var found = ImmutableArray.CreateBuilder<AppId>();
        for (var place = first < 0 ? ~first : first; place < all.Count && all[place].Name == name; place++)
        {
            found.Add(all[place]);
        }

        return Task.FromResult(found.ToImmutable());
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<SiteView>> View(AppId application)
    {
        var views = await Task.WhenAll(state.State.Sites.Select(site => View(site, application)));
        return [.. views.OfType<SiteView>()];
    }

    private async Task<SiteView?> View(SiteId site, AppId application)
    {
        try
        {
            return await GrainFactory.Site(site).View(application);
        }
        catch (Exception away) when (SiteOfflineException.Explains(away))
        {
            return state.State.Descriptions.TryGetValue(site, out var last) ? new(last, default, IsOffline: true) : null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => turn.Dispose();

    // Calls interleave, writes must not: the second would be refused as of a state that is no more.
    private async Task Save()
    {
        await turn.WaitAsync();
        try
        {
            await state.WriteStateAsync();
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task Put(ImmutableSortedSet<AppId> applications)
    {
        if (!ReferenceEquals(applications, state.State.Applications))
        {
            state.State.Applications = applications;
            await Save();
        }
    }

    /// <summary>What is stored of the federation.</summary>
    public sealed class Stored
    {
        /// <summary>The currency of all prices; that of the first site.</summary>
        public string Currency { get; set; } = "";

        /// <summary>The sites.</summary>
        public ImmutableSortedSet<SiteId> Sites { get; set; } = [];

        /// <summary>What each site last said of itself.</summary>
        public ImmutableSortedDictionary<SiteId, Site> Descriptions { get; set; } = ImmutableSortedDictionary<SiteId, Site>.Empty;

        /// <summary>The applications.</summary>
        public ImmutableSortedSet<AppId> Applications { get; set; } = [];
    }
}
