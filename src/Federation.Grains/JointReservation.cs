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
    /// <summary>Asks each site in turn; a no of one gives back what the others keep, and is told.</summary>
    /// <returns>What stood in the way; null if every place is kept.</returns>
    public async Task<Refusal?> Admit(ReservationId reservation, IReadOnlyList<(SiteId Site, ImmutableArray<AdmissionRequest> Requests)> wanted)
    {
        for (var next = 0; next < wanted.Count; next++)
        {
            var (site, requests) = wanted[next];
            if (await Admit(site, requests) is { } refusal)
            {
                // The one that said no as well: it may have been away before, when it had said yes.
                await Cancel(reservation, wanted.Take(next + 1).Select(earlier => earlier.Site));
                return Refusal.NoPlace(site, refusal);
            }
        }

        return null;
    }

    /// <summary>Gives back what has not arrived. A site that is offline does so by itself, when the places' time is over.</summary>
    public async Task Cancel(ReservationId reservation, IEnumerable<SiteId> sites)
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

    private async Task<Refusal?> Admit(SiteId site, ImmutableArray<AdmissionRequest> requests)
    {
        try
        {
            return (await grains.Site(site).Admit(requests)).Refusal;
        }
        catch (SiteOfflineException)
        {
            return Refusal.SiteOffline(site);
        }
    }
}
