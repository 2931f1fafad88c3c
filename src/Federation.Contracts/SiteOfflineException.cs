using Federation.Domain.Identity;

namespace Federation.Contracts;

/// <summary>No silo of a site is in the federation: what only that site may decide has to wait. All else goes on.</summary>
/// <remarks>Where the silo went away while it was asked, it may have done what it was asked to: ask again, every call can be repeated.</remarks>
[GenerateSerializer, Alias("Federation.SiteOfflineException")]
public sealed class SiteOfflineException : Exception
{
    /// <summary>Names the site.</summary>
    public SiteOfflineException(SiteId site, Exception? inner = null)
        : base($"site {site} is offline: no silo of it is in the federation", inner) => Site = site.Value;

    /// <summary>The site's name.</summary>
    [Id(0)]
    public string Site { get; }

    /// <summary>
    /// Whether a call to a site failed because nobody answers there: it is offline, or its silo went away just now and the others have not
    /// agreed on that yet.
    /// </summary>
    public static bool Explains(Exception fault) => fault is SiteOfflineException or SiloUnavailableException or OrleansMessageRejectionException;
}
