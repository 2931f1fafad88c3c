using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Grains.Access;
using Orleans.Concurrency;

namespace Federation.Grains;

/// <inheritdoc cref="IFederationGrain"/>
/// <remarks>Reentrant: what it stores is written one after another, and nobody who only reads waits for that.</remarks>
[Reentrant]
public sealed class FederationGrain(
    [PersistentState("federation", GrainStateSerializer.StorageName)] IPersistentState<FederationGrain.Stored> state) : Grain, IFederationGrain, IDisposable
{
    // More of them tell nobody more.
    private const int MostSharing = 8;

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
    public async Task<SiteRemoval> RemoveSite(SiteId site)
    {
        var isListed = false;
        await stored.Change(now =>
        {
            isListed = now.Sites.Contains(site);
            return isListed || now.Descriptions.ContainsKey(site) ? now.Without(site) : now;
        });
        return new(isListed, [.. stored.Now.Descriptions.Values.Where(other => other.Links.ContainsKey(site)).Select(other => other.Id)]);
    }

    /// <inheritdoc/>
    public Task Describe(Site site) => stored.Change(now => now with { Descriptions = now.Descriptions.SetItem(site.Id, site) });

    /// <inheritdoc/>
    public Task<Site?> Description(SiteId site) => Task.FromResult(stored.Now.Descriptions.GetValueOrDefault(site));

    /// <inheritdoc/>
    public Task SiteChanged(SiteImpact impact, ImmutableArray<WantedLook> occupants)
    {
        var there = occupants.Select(look => look.Application).ToHashSet();
        var coming = impact.Attracts.IsEmpty ? [] :
            from application in stored.Now.Applications
            where !there.Contains(application)
            let needs = stored.Now.Needs.GetValueOrDefault(application)
            where needs?.CouldUse(impact.Site, application.Tenant, impact.Attracts) ?? impact.Site.Policy.Admits(application.Tenant)
            select new WantedLook(application, impact.WorthToArrival(needs?.Vms ?? 1));
        return GrainFactory.Reevaluation().Want([.. occupants, .. coming]);
    }

    /// <inheritdoc/>
    public Task RegisterApplication(AppId application, ApplicationNeeds? needs) => stored.Change(now =>
    {
        var (all, known) = (now.Applications.Add(application), needs is null ? now.Needs : now.Needs.SetItem(application, needs));
        return ReferenceEquals(all, now.Applications) && ReferenceEquals(known, now.Needs) ? now : now with { Applications = all, Needs = known };
    });

    /// <inheritdoc/>
    public Task RemoveApplication(AppId application) => stored.Change(now => !now.Applications.Contains(application) ? now : now with
    {
        Applications = now.Applications.Remove(application),
        Needs = now.Needs.Remove(application),
    });

    /// <inheritdoc/>
    public Task<ImmutableArray<SiteId>> Sites() => Task.FromResult(stored.Now.Sites.ToImmutableArray());

    /// <inheritdoc/>
    public Task<ImmutableArray<AppId>> Applications()
    {
        var caller = CallerContext.Current;
        return Task.FromResult(stored.Now.Applications.Where(id => caller.Sees(id.Tenant)).ToImmutableArray());
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<SharedAddress>> SharingAddresses(AppId application, ApplicationNeeds needs) => Task.FromResult<ImmutableArray<SharedAddress>>(
    [
        .. (from other in stored.Now.Needs
            where other.Key.Named != application.Named
            let address = needs.SharedWith(other.Value, other.Key.Tenant == application.Tenant)
            where address is not null
            select new SharedAddress(other.Key, address.Value)).Take(MostSharing),
    ]);

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
    public void Dispose() => stored.Dispose();

    /// <summary>What is stored of the federation. Compared by reference.</summary>
    public sealed record Stored
    {
        /// <summary>The currency of all prices; that of the first site.</summary>
        public string Currency { get; init; } = "";

        /// <summary>The sites.</summary>
        public ImmutableSortedSet<SiteId> Sites { get; init; } = [];

        /// <summary>The same without a site. Without any the currency is nobody's.</summary>
        public Stored Without(SiteId site)
        {
            var sites = Sites.Remove(site);
            return this with { Sites = sites, Descriptions = Descriptions.Remove(site), Currency = sites.IsEmpty ? "" : Currency };
        }

        /// <summary>What each site last said of itself.</summary>
        public ImmutableSortedDictionary<SiteId, Site> Descriptions { get; init; } = ImmutableSortedDictionary<SiteId, Site>.Empty;

        /// <summary>The applications.</summary>
        public ImmutableSortedSet<AppId> Applications { get; init; } = [];

        /// <summary>What sites can be of use to each; one that is missing was described before this was kept.</summary>
        public ImmutableSortedDictionary<AppId, ApplicationNeeds> Needs { get; init; } = ImmutableSortedDictionary<AppId, ApplicationNeeds>.Empty;
    }
}
