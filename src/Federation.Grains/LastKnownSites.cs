using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Grains.Placing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Federation.Grains;

/// <summary>Sites that nobody can be asked about, as they last stored themselves: every silo reads the same database.</summary>
/// <param name="storage">Where grains keep their state; it is only read here.</param>
/// <param name="grains">How the site's grain is called.</param>
/// <param name="lost">Since when sites are without a silo.</param>
/// <param name="clock">Tells the time.</param>
public sealed class LastKnownSites(
    [FromKeyedServices(GrainStateSerializer.StorageName)] IGrainStorage storage, IGrainFactory grains, LostSites lost, TimeProvider clock)
{
    // As the site's grain calls it.
    private const string StateName = "site";

    /// <summary>A site as it last was; null: it never described itself.</summary>
    public async Task<SiteStatus?> Of(SiteId site)
    {
        var state = new GrainState<SiteGrain.Stored>(new());
        await storage.ReadStateAsync(StateName, grains.Site(site).GetGrainId(), state);
        var (known, now) = (state.State, clock.GetUtcNow());
        return known?.Site is { } last
            ? new(last, known.Revision, known.Ledger, known.Ledger.Outside(last, now), known.Ledger.Occupied(now), IsOffline: true, lost.Since(site))
            : null;
    }
}
