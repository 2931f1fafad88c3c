using System.Collections.Immutable;
using System.Diagnostics;
using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Domain.Sites;

namespace Federation.Grains;

/// <summary>A silo's own copy of all sites: what planners see of them, without asking anybody for all of it each time.</summary>
/// <remarks>
/// A copy is at most <see cref="MostAge"/> old; where the newest is wanted each site is asked whether its copy still holds, which is a small call.
/// The list of the sites itself is as old: a site that has just joined is planned with a second later. Its own age a copy counts by the machine's
/// clock: it has nothing to do with the time that the service plans for. Safe for all threads.
/// </remarks>
/// <param name="grains">Where sites are asked.</param>
public sealed class SiteViews(IGrainFactory grains)
{
    /// <summary>How old a copy may be.</summary>
    public static readonly TimeSpan MostAge = TimeSpan.FromSeconds(1);

    // Used up core-hours go on growing while nothing else of a ledger changes.
    private static readonly TimeSpan LongestHeld = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<SiteId, Look<Copy>> copies = [];
    private Look<ImmutableArray<SiteId>>? sites;

    /// <summary>Every site, with what others than an application have of it. One that is offline is as it last described itself.</summary>
    /// <param name="application">The application; a copy of a site knows all of them.</param>
    /// <param name="newest">Whether each site is asked; false: a copy of up to <see cref="MostAge"/> will do.</param>
    public async Task<ImmutableArray<SiteView>> Of(AppId application, bool newest)
    {
        var known = await Sites();
        var found = await Task.WhenAll(known.Select(site => Copied(site, newest)));
        return
        [
            .. from copy in found
               let site = copy.Site
               where site is not null
               select new SiteView(site, copy.Use?.ByOthersThan(site, application) ?? default, copy.Use is null),
        ];
    }

    /// <summary>Since when it is not known what runs on a host; null: it is known, or there is no such host. Up to <see cref="MostAge"/> old.</summary>
    public async Task<DateTimeOffset?> HostLostSince(SiteId site, string host) =>
        (await Copied(site, newest: false)).LostHosts is { } lost && lost.TryGetValue(host, out var since) ? since : null;

    /// <summary>
    /// What a site has agreed with the others about the traffic between them: whether it is encrypted (those with which it is not are left out), and to which sites it goes by a relay where
    /// there is little. Up to <see cref="MostAge"/> old.
    /// </summary>
    public async Task<(ImmutableSortedDictionary<SiteId, LinkEncryption> Encryption, ImmutableSortedSet<SiteId> Stars)> PathsFrom(SiteId site)
    {
        var links = await LinksFrom(site);
        return (links.Select(link => KeyValuePair.Create(link.To, Link.EncryptionOf(link.There, link.Back))).Where(pair => pair.Value != LinkEncryption.Off).ToImmutableSortedDictionary(),
            [.. links.Where(link => Link.PathOf(link.There, link.Back) == LinkPath.Star).Select(link => link.To)]);
    }

    /// <summary>Looks the list of the sites up again at the next need: one has joined.</summary>
    public void Forget()
    {
        lock (gate)
        {
            sites = null;
        }
    }

    private async Task<IReadOnlyList<(SiteId To, Link? There, Link? Back)>> LinksFrom(SiteId site)
    {
        var found = (await Task.WhenAll((await Sites()).Select(each => Copied(each, newest: false)))).Select(copy => copy.Site).OfType<Site>().ToList();
        return found.Find(each => each.Id == site) is not { } here ? [] : [.. found.Where(other => other.Id != site).Select(other => (other.Id, LinkOf(here, other.Id), LinkOf(other, site)))];
    }

    private static Link? LinkOf(Site from, SiteId to) => from.Links.TryGetValue(to, out var link) ? link : null;

    private Task<ImmutableArray<SiteId>> Sites()
    {
        lock (gate)
        {
            return (sites?.IsFresh(MostAge) is true ? sites : sites = new(grains.Federation().Sites())).Task;
        }
    }

    private Task<Copy> Copied(SiteId site, bool newest)
    {
        lock (gate)
        {
            var last = copies.GetValueOrDefault(site);
            return (last?.IsFresh(MostAge) is true && !newest ? last : copies[site] = new(Fetch(site, last?.Done))).Task;
        }
    }

    private async Task<Copy> Fetch(SiteId site, Copy? last)
    {
        var at = Stopwatch.GetTimestamp();
        var known = last is { Use: not null } && Stopwatch.GetElapsedTime(last.TakenAt) < LongestHeld ? last : null;
        try
        {
            return await grains.Site(site).Copy(known?.Stamp ?? Guid.Empty) is not { } copy ? known! : new(copy.Stamp, copy.Site, copy.Use, at, copy.LostHosts);
        }
        catch (Exception away) when (SiteOfflineException.Explains(away))
        {
            return new(Guid.Empty, await grains.Federation().Description(site), null, at);
        }
    }

    // A use of null: the site is offline. No site: nobody has described it yet.
    private sealed record Copy(Guid Stamp, Site? Site, SiteUse? Use, long TakenAt, ImmutableSortedDictionary<string, DateTimeOffset>? LostHosts = null);
}
