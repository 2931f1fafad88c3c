using System.Collections.Immutable;
using Federation.Domain.Applications;
using Federation.Domain.Sites;
using Federation.Files.Doubts;
using Federation.Yaml;

namespace Federation.Files;

/// <summary>What sound files say that is allowed and hardly meant. Nothing is refused for it.</summary>
public static class Warnings
{
    /// <summary>What is odd about a site.</summary>
    /// <param name="site">The site.</param>
    /// <param name="federation">The other sites, this one may be among them; links that only lead here are told too. Null: not known.</param>
    public static ImmutableArray<Warning> Of(Site site, IReadOnlyCollection<Site>? federation = null) =>
        [.. SiteDoubts.Alone(site), .. SiteDoubts.OneWay(site, federation ?? []), .. SiteDoubts.Unanswered(site, federation ?? [])];

    /// <summary>What is odd about each site of a federation, by site; each link without a way back is told once, where it is.</summary>
    /// <param name="federation">All its sites.</param>
    public static ImmutableArray<(Site Site, Warning Warning)> Among(IReadOnlyCollection<Site> federation) =>
        [.. federation.SelectMany(site => SiteDoubts.Alone(site).Concat(SiteDoubts.OneWay(site, federation)).Select(warning => (site, warning)))];

    /// <summary>What is odd about an application.</summary>
    /// <param name="application">The application.</param>
    /// <param name="federation">All sites: what none of them gives is told. Null or empty: not known.</param>
    public static ImmutableArray<Warning> Of(Application application, IReadOnlyCollection<Site>? federation = null) =>
        [.. ApplicationDoubts.Alone(application), .. federation is { Count: > 0 } ? ApplicationDoubts.Against(application, federation) : []];
}
