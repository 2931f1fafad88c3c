using System.Collections.Immutable;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Sites;

namespace Federation.Domain.Plans;

/// <summary>What is known to happen at a site.</summary>
public enum KnownEventKind
{
    /// <summary>An offer's price falls, or begins to be known.</summary>
    PriceFalls,

    /// <summary>An offer's price rises.</summary>
    PriceRises,

    /// <summary>VMs may be there from then on.</summary>
    SiteOpens,

    /// <summary>No VM may be there any more.</summary>
    SiteCloses,

    /// <summary>VMs may arrive from then on.</summary>
    ArrivalsOpen,

    /// <summary>No VM may arrive any more.</summary>
    ArrivalsClose,

    /// <summary>VMs may leave from then on.</summary>
    DeparturesOpen,

    /// <summary>No VM may leave any more.</summary>
    DeparturesClose,
}

/// <summary>Something that is known to happen.</summary>
/// <param name="At">When.</param>
/// <param name="Kind">What.</param>
/// <param name="Site">Where.</param>
public sealed record KnownEvent(DateTimeOffset At, KnownEventKind Kind, SiteId Site)
{
    /// <summary>The offer whose price changes; null: it is not about a price.</summary>
    public string? Offer { get; init; }

    /// <summary>The price until then, per hour; null: it is not known, or it is not about a price.</summary>
    public decimal? Before { get; init; }

    /// <summary>The price from then on, per hour; null: it is not about a price.</summary>
    public decimal? After { get; init; }
}

/// <summary>What of the time to come is known: price schedules, reservations that begin and end, windows that open and close.</summary>
public static class KnownEvents
{
    // Windows repeat every week: what is further away is seen when it is nearer.
    private const int MostDays = 8;

    /// <summary>The events at the sites that a view's application may be at, after now and not after an instant, earliest first.</summary>
    public static ImmutableArray<KnownEvent> Of(PlacementView view, DateTimeOffset until)
    {
        var here = view.Application.Vms.Select(vm => vm.At?.Site).OfType<SiteId>().ToHashSet();
        return
        [
            .. view.Sites.Where(site => here.Contains(site.Id) || site.Policy.Admits(view.Application.Tenant))
                .SelectMany(site => Prices(view.WithCarbon(site)).Concat(Ends(site)).Concat(Windows(site, view.Now, until)))
                .Where(known => known.At > view.Now && known.At <= until)
                .OrderBy(known => known.At).ThenBy(known => known.Site).ThenBy(known => known.Kind).ThenBy(known => known.Offer, StringComparer.Ordinal),
        ];
    }

    /// <summary>When quiet hours of the application end, after now and not after an instant, earliest first.</summary>
    public static ImmutableArray<DateTimeOffset> EndsOfQuiet(PlacementView view, DateTimeOffset until) =>
        [.. Flips(view.Application.Quiet, instant => view.Application.Quiet.Any(window => window.Holds(instant)), view.Now, until).Where(flip => !flip.Opens).Select(flip => flip.At).Order()];

    /// <summary>When the world is next known to change while an application runs; null: nothing is known to happen before it ends.</summary>
    public static DateTimeOffset? Next(PlacementView view) =>
        Of(view, view.Now + view.Application.Remaining).Select(known => known.At).Concat(EndsOfQuiet(view, view.Now + view.Application.Remaining).Take(1))
            .Select(at => (DateTimeOffset?)at).Min();

    private static IEnumerable<KnownEvent> Prices(Site site) =>
        from offer in site.Offers.Concat(site.Withdrawn)
        from entry in offer.Price.Entries.Index()
        where entry.Item.From != DateTimeOffset.MinValue && entry.Item.From != DateTimeOffset.MaxValue
        let before = entry.Index > 0 ? offer.Price.Entries[entry.Index - 1].PerHour : (decimal?)null
        where before != entry.Item.PerHour
        select new KnownEvent(entry.Item.From, before is null || entry.Item.PerHour < before ? KnownEventKind.PriceFalls : KnownEventKind.PriceRises, site.Id)
        {
            Offer = offer.Name, Before = before, After = entry.Item.PerHour,
        };

    private static IEnumerable<KnownEvent> Ends(Site site) => site.Availability.SelectMany(open => new[]
    {
        new KnownEvent(open.From, KnownEventKind.SiteOpens, site.Id), new KnownEvent(open.Until, KnownEventKind.SiteCloses, site.Id),
    });

    private static IEnumerable<KnownEvent> Windows(Site site, DateTimeOffset now, DateTimeOffset until) =>
        Flips(site.Policy.Arrivals, site.Policy.AcceptsArrivalAt, now, until)
            .Select(flip => new KnownEvent(flip.At, flip.Opens ? KnownEventKind.ArrivalsOpen : KnownEventKind.ArrivalsClose, site.Id))
            .Concat(Flips(site.Policy.Departures, site.Policy.AcceptsDepartureAt, now, until)
                .Select(flip => new KnownEvent(flip.At, flip.Opens ? KnownEventKind.DeparturesOpen : KnownEventKind.DeparturesClose, site.Id)));

    private static IEnumerable<(DateTimeOffset At, bool Opens)> Flips(
        ImmutableArray<ArrivalWindow> windows, Func<DateTimeOffset, bool> isOpen, DateTimeOffset now, DateTimeOffset until)
    {
        var last = until < now.AddDays(MostDays) ? until : now.AddDays(MostDays);
        return windows.SelectMany(window => Edges(window, now, last)).Where(at => at > now && at <= last).Distinct()
            .Select(at => (At: at, Opens: isOpen(at))).Where(edge => edge.Opens != isOpen(edge.At.AddTicks(-1)));
    }

    // Each day's edges in the window's own zone; one that the clocks skip is taken where they go on.
    private static IEnumerable<DateTimeOffset> Edges(ArrivalWindow window, DateTimeOffset now, DateTimeOffset last)
    {
        var day = TimeZoneInfo.ConvertTime(now, window.Zone).Date.AddDays(-1);
        for (; day <= last.UtcDateTime.AddDays(1); day = day.AddDays(1))
        {
            foreach (var time in new[] { window.From, window.Until })
            {
                var local = DateTime.SpecifyKind(day + time.ToTimeSpan(), DateTimeKind.Unspecified);
                yield return new DateTimeOffset(local, window.Zone.GetUtcOffset(local)).ToUniversalTime();
            }
        }
    }
}
