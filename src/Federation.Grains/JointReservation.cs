using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;

namespace Federation.Grains;

/// <summary>Keeps places at several sites under one reservation: at all of them or at none.</summary>
/// <remarks>
/// Whoever crashes in between asks again under the same reservation, or never comes back: then the sites give the places back by
/// themselves when their time is over.
/// </remarks>
internal sealed class JointReservation(IGrainFactory grains)
{
    /// <summary>Reserves at each site in turn; a no of one gives back what the others keep, and is told.</summary>
    /// <returns>What stood in the way; null if every place is kept.</returns>
    public async Task<Refusal?> Reserve(string reservation, IReadOnlyList<(SiteId Site, ImmutableArray<Allocation> Allocations)> wanted)
    {
        for (var next = 0; next < wanted.Count; next++)
        {
            var (site, allocations) = wanted[next];
            if (await Reserve(site, allocations) is { } refusal)
            {
                // The one that said no as well: it may have been away before, when it had said yes.
                await Cancel(reservation, wanted.Take(next + 1).Select(earlier => earlier.Site));
                return Refusal.NoPlace(site, refusal);
            }
        }

        return null;
    }

    /// <summary>Gives back what has not arrived. A site that is offline does so by itself, when the places' time is over.</summary>
    public async Task Cancel(string reservation, IEnumerable<SiteId> sites)
    {
        foreach (var site in sites)
        {
            try
            {
                await grains.Site(site).Cancel(reservation);
            }
            catch (SiteOfflineException)
            {
                continue;
            }
        }
    }

    private async Task<Refusal?> Reserve(SiteId site, ImmutableArray<Allocation> allocations)
    {
        try
        {
            return (await grains.Site(site).Reserve(allocations)).Refusal;
        }
        catch (SiteOfflineException)
        {
            return Refusal.SiteOffline(site);
        }
    }
}
