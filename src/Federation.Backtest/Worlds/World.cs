using System.Collections.Concurrent;
using System.Collections.Immutable;
using Federation.Backtest.Scenarios;
using Federation.Domain.Identity;
using Federation.Domain.Sites;

namespace Federation.Backtest.Worlds;

/// <summary>All that happens in a scenario whatever anybody decides: prices, sites that come and go, applications. Safe for several threads.</summary>
public sealed class World
{
    private readonly ConcurrentDictionary<(DateTimeOffset Instant, bool KnowsPrices, double Reversion), ImmutableArray<Site>> seen = new();

    /// <summary>Draws everything that chance decides. The same scenario gives the same world.</summary>
    /// <param name="scenario">The scenario.</param>
    public World(Scenario scenario)
    {
        Scenario = scenario;
        Applications = ApplicationDraw.All(scenario);

        // Applications that are there at the end run on: as long again as the longest of them on a core of half the speed.
        var longest = Applications.Length == 0 ? TimeSpan.Zero : Applications.Max(application => application.Spec.Remaining);
        End = scenario.End + (longest * 2) + TimeSpan.FromDays(1);
        Sites = [.. scenario.Sites.Values.Select(WithHistory)];
        Changes = [.. Instants().Where(instant => instant >= scenario.Start && instant < End).Distinct().Order()];
    }

    /// <summary>What it was drawn from.</summary>
    public Scenario Scenario { get; }

    /// <summary>The applications, by arrival.</summary>
    public ImmutableArray<SimulatedApplication> Applications { get; }

    /// <summary>The sites as they are: whole price histories, and when they are really there.</summary>
    public ImmutableArray<Site> Sites { get; }

    /// <summary>When something becomes known or comes true: prices, sites, notices. Ascending.</summary>
    public ImmutableArray<DateTimeOffset> Changes { get; }

    /// <summary>When the simulation stops, whoever is still running.</summary>
    public DateTimeOffset End { get; }

    /// <summary>A site as it is.</summary>
    public Site Site(SiteId id) => Sites.First(site => site.Id == id);

    /// <summary>The sites as they are known at an instant of <see cref="Changes"/>, or between two.</summary>
    /// <param name="instant">The instant.</param>
    /// <param name="knowsPrices">Whether prices to come are known too.</param>
    /// <param name="reversion">If not, in which time they are expected to come back to their mean, in seconds; 0: the present ones hold on.</param>
    public ImmutableArray<Site> SitesAt(DateTimeOffset instant, bool knowsPrices, double reversion = 0)
    {
        var index = Changes.BinarySearch(instant);
        index = index >= 0 ? index : ~index - 1;
        var known = index < 0 ? instant : Changes[index];
        return seen.GetOrAdd((known, knowsPrices, reversion), key => [.. Sites.Select(site => Known(site, key.Instant, key.KnowsPrices, key.Reversion))]);
    }

    private static PriceSchedule PresentOf(PriceSchedule history, DateTimeOffset instant, double reversion) =>
        history.At(instant) is not { } price ? new([history.Entries[0]])
        : reversion > 0 && history.Entries.Length > 1 ? PriceForecast.OfPast(history, instant, TimeSpan.FromSeconds(reversion))
        : PriceSchedule.Always(price);

    private Site Known(Site site, DateTimeOffset instant, bool knowsPrices, double reversion) => site with
    {
        Offers = knowsPrices
            ? site.Offers
            : [.. site.Offers.Select(offer => offer with { Price = PresentOf(offer.Price, instant, reversion) })],
        Availability = Without(
            Granted(site.Id), Scenario.Closures.Where(closure => closure.Site == site.Id && closure.From - closure.Notice <= instant)),
    };

    private Site WithHistory(Site site) => site with
    {
        Offers = [.. site.Offers.Select(offer => offer with { Price = HistoryOf(site.Id, offer) })],
        Availability = Without(Granted(site.Id), Scenario.Closures.Where(closure => closure.Site == site.Id)),
    };

    private PriceSchedule HistoryOf(SiteId site, Offer offer) =>
        Scenario.Prices is { } model && (model.Sites?.Contains(site) ?? true) && offer.Price.Entries.Any(entry => entry.PerHour > 0)
            ? PriceHistory.Around(offer.Price, model, Scenario.Start, End, Chance.Of(Scenario.Seed, $"{site}/{offer.Name}"))
            : offer.Price;

    private ImmutableArray<Availability> Granted(SiteId site) =>
        Scenario.Reservations.TryGetValue(site, out var reserved) ? reserved : Scenario.Sites[site].Availability;

    // Nothing granted means always; and never would read the same, so what is closed for good is open after the end of all time.
    private static ImmutableArray<Availability> Without(ImmutableArray<Availability> granted, IEnumerable<Closure> closures)
    {
        var always = new Availability(DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        var left = granted.IsEmpty ? [always] : granted.ToList();
        foreach (var closure in closures)
        {
            left = [.. left.SelectMany(interval => new[]
            {
                new Availability(interval.From, interval.Until < closure.From ? interval.Until : closure.From),
                new Availability(interval.From > closure.Until ? interval.From : closure.Until, interval.Until),
            }).Where(interval => interval.From < interval.Until)];
        }

        return left is [var only] && only == always ? [] : [.. left];
    }

    private IEnumerable<DateTimeOffset> Instants() =>
        Sites.SelectMany(site => site.Offers.SelectMany(offer => offer.Price.Entries.Select(entry => entry.From))
                .Concat(site.Availability.SelectMany(interval => new[] { interval.From, interval.Until })))
            .Concat(Scenario.Closures.Select(closure => closure.From - closure.Notice))
            .Append(Scenario.Start);
}
