using System.Collections.Immutable;
using Federation.Domain;
using Federation.Domain.Sites;
using Federation.Files.Feeds;
using Federation.Files.Quantities;
using Federation.Yaml;
using Federation.Yaml.Quantities;
using Federation.Yaml.Scalars;
using Federation.Yaml.Shapes;

namespace Federation.Files.SiteFiles;

/// <summary>Reads what a site sells.</summary>
/// <param name="prices">Reads its prices.</param>
internal sealed class OfferReader(PriceReader prices)
{
    /// <summary>The offers, in the file's order; it is a fault if there are none.</summary>
    public ImmutableArray<Offer> Read(Section file)
    {
        file.RefuseEmpty("offers", "write at least one offer");
        var names = new HashSet<string>();
        ImmutableArray<Offer> offers = [.. file.Sections("offers", SiteShapes.Offer).Select(section => ReadOffer(section, names))];
        if (offers.Sum(offer => offer.Price.Entries.Length) is var steps && steps > Limits.Site.AllPriceSteps)
        {
            file.Refuse("offers", $"have {steps} price steps together, more than {Limits.Site.AllPriceSteps}", "write fewer steps, or fewer offers with a schedule");
        }

        return offers;
    }

    private Offer ReadOffer(Section offer, HashSet<string> names)
    {
        var name = offer.Read("name", Names.Label, "");
        if (name.Length > 0 && !names.Add(name))
        {
            offer.Refuse("name", "is the name of another offer", "give every offer a name of its own");
        }

        return new(
            name,
            offer.Read("vcpus", Machine.Vcpus, 1),
            offer.Read("memory", Machine.Memory, 1),
            offer.Read("speed", Machine.Speed, 1),
            offer.ReadOptional("available", Numbers.CountOrZero),
            offer.Find("price") is { } price ? prices.Read(price, name) : PriceSchedule.Always(0));
    }
}

/// <summary>Reads a price: a number, a schedule, or a reference to a feed.</summary>
/// <param name="feeds">Where feeds are.</param>
/// <param name="currency">The site's currency.</param>
internal sealed class PriceReader(PriceFeeds feeds, string currency)
{
    private static readonly PriceSchedule StandIn = PriceSchedule.Always(0);

    /// <summary>The price of an offer; a stand-in, and a fault, if it cannot be read.</summary>
    public PriceSchedule Read(Element price, string offer) => price.Node switch
    {
        YamlNode.Sequence => ReadSchedule(price, SiteShapes.Entry, "perHour", "prices"),
        YamlNode.Mapping mapping when mapping.Entries.Any(entry => entry.Key == "feed") => ReadFeed(price, offer),
        YamlNode.Mapping => Refused(price),
        _ => PriceSchedule.Always(price.Read(Numbers.Money, 0)),
    };

    private static PriceSchedule Refused(Element price)
    {
        price.Refuse("is neither a number nor a feed", "write 0.21, [{ from: 2026-11-01T00:00Z, perHour: 0.21 }], or { feed: feeds/rennes.csv }");
        return StandIn;
    }

    /// <summary>What one value, or several each from an instant on, says over time; a stand-in, and a fault, if it cannot be read.</summary>
    public static PriceSchedule ReadSteps(Element steps, Shape entry, string key, string what) =>
        steps.Node is YamlNode.Sequence ? ReadSchedule(steps, entry, key, what) : PriceSchedule.Always(steps.Read(Numbers.Money, 0));

    private static PriceSchedule ReadSchedule(Element price, Shape entry, string key, string what)
    {
        var entries = new SortedDictionary<DateTimeOffset, PriceEntry>();
        var items = price.Items();
        foreach (var section in items.TakeWhile(_ => !price.Report.IsFull).Select(item => item.AsSection(entry)).OfType<Section>())
        {
            var from = section.ReadOptional("from", Times.Instant);
            var perHour = section.Read(key, Numbers.Money, 0);
            if (from is { } start && !entries.TryAdd(start, new(start, perHour)))
            {
                section.Refuse("from", $"is the start of two {what}", "keep one of the two");
            }
        }

        if (items.IsEmpty)
        {
            price.Refuse("is empty", $"write at least one {{ from: TIME, {key}: {(key == "perHour" ? "PRICE" : "NUMBER")} }}, or a number");
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
