using System.Collections.Immutable;
using Federation.Domain.Identity;

namespace Federation.Contracts;

/// <summary>Keeps since when sites are without a silo, and tells of their loss and return in the event log, once each.</summary>
[Alias("Federation.ISiteWatchGrain")]
public interface ISiteWatchGrain : IGrainWithIntegerKey
{
    /// <summary>Looks which sites no silo serves now; those sites, and since when.</summary>
    [Alias("Look")]
    Task<ImmutableArray<LostSite>> Look();
}

/// <summary>A site without a silo.</summary>
/// <param name="Site">Which.</param>
/// <param name="Since">When it was first seen to be without one.</param>
[GenerateSerializer, Immutable, Alias("Federation.LostSite")]
public sealed record LostSite([property: Id(0)] SiteId Site, [property: Id(1)] DateTimeOffset Since);
