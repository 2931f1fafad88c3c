using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Access;
using Federation.Domain.Sites;

namespace Federation.Grains.Access;

/// <summary>What of a grain's state a caller sees.</summary>
internal static class Seen
{
    /// <summary>A site: who else is there is between them and the site.</summary>
    public static SiteStatus By(Caller caller, SiteStatus status) => caller.SeesAll || caller.Administrates(status.Site.Id)
        ? status
        : status with
        {
            Ledger = new SiteLedger { Allocations = status.Ledger.Allocations.Where(place => caller.Sees(place.Key.Application.Tenant)).ToImmutableSortedDictionary() },
        };
}
