using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Sites;
using Federation.Grains.Placing;

namespace Federation.Grains;

/// <inheritdoc cref="ISiteWatchGrain"/>
public sealed class SiteWatchGrain(
    [PersistentState("siteWatch", GrainStateSerializer.StorageName)] IPersistentState<SiteAbsences> state,
    SiloSites silos,
    EventRecorder events,
    TimeProvider clock) : Grain, ISiteWatchGrain
{
    /// <inheritdoc/>
    public async Task<ImmutableArray<LostSite>> Look()
    {
        var away = (await GrainFactory.Federation().Sites()).Where(silos.IsOffline).ToList();
        var news = state.State.After(away, clock.GetUtcNow());
        foreach (var site in news.Lost)
        {
            await events.Record(
                "site.lost", $"site {site} is lost: no silo of it is in the federation since {news.Next.Away[site].Since.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}. Its state is not known", site: site);
        }

        foreach (var site in news.Returned)
        {
            await events.Record("site.returned", $"site {site} is back, after {Lasted(state.State.Away[site].Since)}", site: site);
        }

        if (!news.Next.IsSameAs(state.State))
        {
            // After the events: a crash in between tells them again, never not at all.
            state.State = news.Next;
            await this.Store(state);
        }

        return [.. news.Next.Away.Select(entry => new LostSite(entry.Key, entry.Value.Since))];
    }

    private string Lasted(DateTimeOffset since) => $"{Math.Max(0, (long)(clock.GetUtcNow() - since).TotalSeconds)} s";
}
