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
    private readonly SerialState<Stored> stored = new(state);

    /// <inheritdoc/>
    public async Task<Verdict> RegisterSite(SiteId site, string currency)
    {
        var verdict = Verdict.Feasible;
        await stored.Change(now =>
        {
            if (!now.Sites.IsEmpty && now.Currency != currency)
            {
                verdict = Verdict.Reject(Refusal.CurrencyDiffers(site, currency, now.Currency));
            }

            return !verdict.IsFeasible || now.Sites.Contains(site) ? now : now with { Currency = currency, Sites = now.Sites.Add(site) };
        });
        return verdict;
    }

    /// <inheritdoc/>
    public Task Describe(Site site) => stored.Change(now => now with { Descriptions = now.Descriptions.SetItem(site.Id, site) });

    /// <inheritdoc/>
    public Task<Site?> Description(SiteId site) => Task.FromResult(stored.Now.Descriptions.GetValueOrDefault(site));

    /// <inheritdoc/>
    public Task SiteChanged(SiteId site)
    {
        foreach (var application in stored.Now.Applications)
        {
            // Not waited for: planning takes seconds, and each application's failure is its own.
            GrainFactory.Placement(application).Reevaluate(DecisionTrigger.SitesChanged).Ignore();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task RegisterApplication(AppId application) => Put(known => known.Add(application));

    /// <inheritdoc/>
    public Task RemoveApplication(AppId application) => Put(known => known.Remove(application));

    /// <inheritdoc/>
    public Task<ImmutableArray<SiteId>> Sites() => Task.FromResult(stored.Now.Sites.ToImmutableArray());

    /// <inheritdoc/>
    public Task<ImmutableArray<AppId>> Applications()
    {
        var caller = CallerContext.Current;
        return Task.FromResult(stored.Now.Applications.Where(id => caller.Sees(id.Tenant)).ToImmutableArray());
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<AppId>> ApplicationsNamed(string name)
    {
        // Asked with each request that names no tenant, and they are in the order of their names: looked up, not searched for.
        var all = stored.Now.Applications;
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
        var views = await Task.WhenAll(stored.Now.Sites.Select(site => View(site, application)));
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
            return stored.Now.Descriptions.TryGetValue(site, out var last) ? new(last, default, IsOffline: true) : null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => stored.Dispose();

    private Task Put(Func<ImmutableSortedSet<AppId>, ImmutableSortedSet<AppId>> change) => stored.Change(now =>
        change(now.Applications) is var next && ReferenceEquals(next, now.Applications) ? now : now with { Applications = next });

    /// <summary>What is stored of the federation. Compared by reference.</summary>
    public sealed record Stored
    {
        /// <summary>The currency of all prices; that of the first site.</summary>
        public string Currency { get; init; } = "";

        /// <summary>The sites.</summary>
        public ImmutableSortedSet<SiteId> Sites { get; init; } = [];

        /// <summary>What each site last said of itself.</summary>
        public ImmutableSortedDictionary<SiteId, Site> Descriptions { get; init; } = ImmutableSortedDictionary<SiteId, Site>.Empty;

        /// <summary>The applications.</summary>
        public ImmutableSortedSet<AppId> Applications { get; init; } = [];
    }
}
