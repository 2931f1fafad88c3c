using System.Collections.Immutable;
using Federation.Domain.Sites;
using Federation.Sites.Quantities;
using Federation.Sites.Scalars;
using Federation.Sites.Shapes;

namespace Federation.Sites.SiteFiles;

/// <summary>Reads what a site sells.</summary>
/// <param name="prices">Reads its prices.</param>
internal sealed class OfferReader(PriceReader prices)
{
    /// <summary>The offers, in the file's order; it is a fault if there are none.</summary>
    public ImmutableArray<Offer> Read(Section file)
    {
        file.RefuseEmpty("offers", "write at least one offer");
        var names = new HashSet<string>();
        return [.. file.Sections("offers", SiteShapes.Offer).Select(section => ReadOffer(section, names))];
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
            offer.Read("vcpus", Numbers.Count, 1),
            offer.Read("memory", Sizes.PositiveBytes, 1),
            offer.Read("speed", Numbers.Positive, 1),
            offer.ReadOptional("available", Numbers.CountOrZero),
            offer.Find("price") is { } price ? prices.Read(price, name) : PriceSchedule.Always(0));
    }
}
