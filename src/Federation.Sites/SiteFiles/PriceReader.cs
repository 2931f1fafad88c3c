using Federation.Domain.Sites;
using Federation.Sites.Feeds;
using Federation.Sites.Quantities;
using Federation.Sites.Scalars;
using Federation.Sites.Shapes;
using Federation.Sites.Yaml;

namespace Federation.Sites.SiteFiles;

/// <summary>Reads a price: a number, a schedule, or a reference to a feed.</summary>
/// <param name="feeds">Where feeds are.</param>
/// <param name="currency">The site's currency.</param>
internal sealed class PriceReader(PriceFeeds feeds, string currency)
{
    private static readonly PriceSchedule StandIn = PriceSchedule.Always(0);

    /// <summary>The price of an offer; a stand-in, and a fault, if it cannot be read.</summary>
    public PriceSchedule Read(Element price, string offer) => price.Node switch
    {
        YamlNode.Sequence => ReadSchedule(price),
        YamlNode.Mapping => ReadFeed(price, offer),
        _ => PriceSchedule.Always(price.Read(Numbers.Money, 0)),
    };

    private static PriceSchedule ReadSchedule(Element price)
    {
        var entries = new SortedDictionary<DateTimeOffset, PriceEntry>();
        var items = price.Items();
        foreach (var section in items.Select(item => item.AsSection(SiteShapes.Entry)).OfType<Section>())
        {
            var from = section.ReadOptional("from", Times.Instant);
            var perHour = section.Read("perHour", Numbers.Money, 0);
            if (from is { } start && !entries.TryAdd(start, new(start, perHour)))
            {
                section.Refuse("from", "is the start of two prices", "keep one of the two");
            }
        }

        if (items.IsEmpty)
        {
            price.Refuse("is empty", "write at least one { from: TIME, perHour: PRICE }, or a number");
        }

        return entries.Count > 0 ? new(entries.Values) : StandIn;
    }

    private PriceSchedule ReadFeed(Element price, string offer)
    {
        if (price.AsSection(SiteShapes.Feed) is not { } section || section.Find("feed") is not { } path)
        {
            return StandIn;
        }

        if (currency != PriceFeed.Currency)
        {
            price.Refuse($"is a feed in {PriceFeed.Currency} at a site that bills in {currency}", "write the prices into this file");
        }

        var wanted = new PriceFeed.Key(
            section.Find("zone")?.Read(Names.Label, ""),
            section.Read("instanceType", Names.Label, offer));
        return feeds.Load(path)?.ScheduleOf(wanted, price) ?? StandIn;
    }
}
