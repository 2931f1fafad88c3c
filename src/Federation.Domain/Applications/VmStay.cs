using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Domain.Applications;

/// <summary>A host of a site.</summary>
/// <param name="Site">The site.</param>
/// <param name="Host">Its name at the site; null: the site tells none, as one that has a single host.</param>
public readonly record struct HostPlace(SiteId Site, string? Host)
{
    /// <summary>As <c>rennes/host1</c>, or <c>rennes</c>.</summary>
    public override string ToString() => Host is null ? Site.Value : $"{Site}/{Host}";
}

/// <summary>That a VM was on a host.</summary>
/// <param name="Place">The host.</param>
/// <param name="From">From when, as the service was told.</param>
/// <param name="Until">Until when; null: it still is.</param>
public readonly record struct VmStay(HostPlace Place, DateTimeOffset From, DateTimeOffset? Until)
{
    /// <summary>Stays that are remembered: a sensor that was cut off for days may still report windows of as many moves ago.</summary>
    public const int Remembered = 64;

    // The service is told of a move after it happened, or before; a sensor hears of it some seconds later still.
    private static readonly TimeSpan Tolerance = Window.Length;

    /// <summary>Whether the VM may have been there in a window.</summary>
    /// <param name="window">The window.</param>
    /// <param name="now">The clock. What began ahead of it began before it was set back, nobody knows when; so with an end.</param>
    public bool Covers(Window window, DateTimeOffset now) =>
        (window.End + Tolerance > From || From > now) && (Until is not { } until || window.Start - Tolerance < until || until < From);

    /// <summary>Whether a VM may have been in several places in a window, so that a sensor of each may report it.</summary>
    /// <param name="stays">Where it was.</param>
    /// <param name="window">The window.</param>
    /// <param name="now">The clock, as in <see cref="Covers"/>.</param>
    public static bool MayHaveMoved(ImmutableArray<VmStay> stays, Window window, DateTimeOffset now) =>
        stays.Where(stay => stay.Covers(window, now)).Select(stay => stay.Place).Distinct().Skip(1).Any();

    /// <summary>The stays once a VM is somewhere else, or nowhere, from an instant on; the oldest are forgotten.</summary>
    /// <param name="stays">The stays so far, oldest first.</param>
    /// <param name="place">Where it is now; null: nowhere.</param>
    /// <param name="now">From when on.</param>
    public static ImmutableArray<VmStay> Moved(ImmutableArray<VmStay> stays, HostPlace? place, DateTimeOffset now)
    {
        var known = stays.IsDefault ? [] : stays;
        if (known is [.., { Until: null } last])
        {
            if (last.Place == place)
            {
                return known;
            }

            known = known.SetItem(known.Length - 1, last with { Until = now });
        }

        known = place is { } there ? known.Add(new VmStay(there, now, null)) : known;
        return known.Length > Remembered ? known[^Remembered..] : known;
    }
}
