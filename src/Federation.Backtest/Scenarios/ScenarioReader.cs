using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Sites;
using Federation.Yaml.Quantities;
using Federation.Yaml.Scalars;
using Federation.Yaml.Shapes;

namespace Federation.Backtest.Scenarios;

/// <summary>Reads the mapping of a scenario file as a scenario.</summary>
/// <param name="sites">The federation; null: it has faults of its own, and names of sites are not checked.</param>
internal sealed class ScenarioReader(ImmutableSortedDictionary<SiteId, Site>? sites)
{
    private static readonly TimeSpan DefaultNotice = TimeSpan.FromMinutes(30);

    // Some ten years of hours; more is a slip of the pen and would not end.
    private static readonly ScalarType<TimeSpan> Length =
        Durations.PositiveSpan.That(span => span <= TimeSpan.FromDays(400), "is longer than 400d", "write a duration such as 30d");

    private static readonly ScalarType<TimeSpan> Step =
        Durations.PositiveSpan.That(span => span >= TimeSpan.FromMinutes(1), "is less than 1m", "write a duration such as 1h");

    /// <summary>The scenario; it holds stand-ins wherever the report got a fault.</summary>
    public Scenario Read(Section file)
    {
        file.RefuseEmpty("applications", "write at least one kind of applications");
        var policy = file.Inner("policy", ScenarioShapes.Policy);
        return new()
        {
            Name = file.Read("scenario", Names.Line, ""),
            Start = file.Read("start", Times.Instant, default),
            Length = file.Read("length", Length, TimeSpan.FromDays(1)),
            Seed = file.Read("seed", Numbers.CountOrZero, 0),
            Sites = sites ?? ImmutableSortedDictionary<SiteId, Site>.Empty,
            Prices = file.Inner("prices", ScenarioShapes.Prices) is { } prices ? ReadPrices(prices) : null,
            Reservations = ReadReservations(file),
            Closures = [.. file.Sections("closures", ScenarioShapes.Closure).Select(ReadClosure)],
            Applications = [.. file.Sections("applications", ScenarioShapes.Application).Select(ApplicationClassReader.Read)],
            Margin = policy?.Read("margin", Numbers.Share, 0.05) ?? 0.05,
            MovingMargin = policy?.Read("movingMargin", Numbers.RealOrZero, 0) ?? 0,
            Memory = policy?.ReadOptional("memory", Durations.Span) ?? TimeSpan.Zero,
            Policy = ReadPolicy(policy),
        };
    }

    private static MovePolicy ReadPolicy(Section? policy)
    {
        var otherwise = new MovePolicy();
        return policy is null ? otherwise : otherwise with
        {
            PersistenceWindows = policy.Read("persistence", Numbers.Count, otherwise.PersistenceWindows),
            CooldownSeconds = policy.ReadOptional("cooldown", Durations.Span)?.TotalSeconds ?? otherwise.CooldownSeconds,
            PriceReversionSeconds = policy.ReadOptional("priceReversion", Durations.PositiveSpan)?.TotalSeconds ?? otherwise.PriceReversionSeconds,
        };
    }

    private PriceModel ReadPrices(Section prices) => new(
        prices.Read("volatility", Numbers.RealOrZero, 0),
        prices.Read("reversion", Durations.PositiveSpan, TimeSpan.FromHours(1)),
        prices.Read("step", Step, TimeSpan.FromHours(1)),
        prices.Find("sites") is { } list ? [.. list.Items().Select(ReadSite)] : null);

    private ImmutableSortedDictionary<SiteId, ImmutableArray<Availability>> ReadReservations(Section file) =>
        file.Sections("reservations", ScenarioShapes.Reservation)
            .Select(section => (Site: SiteOf(section), Interval: ReadInterval(section)))
            .GroupBy(entry => entry.Site, entry => new Availability(entry.Interval.From, entry.Interval.Until))
            .Where(entry => entry.Key != default)
            .ToImmutableSortedDictionary(entry => entry.Key, entry => Availability.Merged(entry));

    private Closure ReadClosure(Section closure)
    {
        var (from, until) = ReadInterval(closure);
        return new(SiteOf(closure), from, until, closure.Read("notice", Durations.Span, DefaultNotice));
    }

    private static (DateTimeOffset From, DateTimeOffset Until) ReadInterval(Section section)
    {
        var from = section.ReadOptional("from", Times.Instant);
        var until = section.ReadOptional("until", Times.Instant);
        if (until <= from)
        {
            section.Refuse("until", "is not after 'from'", "write the first instant after the interval");
        }

        return (from ?? default, until ?? default);
    }

    private SiteId SiteOf(Section section) => section.Find("site") is { } named ? ReadSite(named) : default;

    private SiteId ReadSite(Element named)
    {
        var site = named.Read(Names.Site, default);
        if (sites is not null && site != default && !sites.ContainsKey(site))
        {
            named.Refuse("is no site of this federation", Nearest.Advice(site.Value, sites.Keys.Select(known => known.Value)));
        }

        return site;
    }
}
