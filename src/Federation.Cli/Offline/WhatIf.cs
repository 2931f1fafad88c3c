using System.Globalization;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Yaml.Scalars;

namespace Federation.Cli.Offline;

/// <summary>A change of the world that a plan is tried with: <c>close=SITE</c>, or <c>price=SITE*FACTOR</c>. Nothing is kept of it.</summary>
/// <param name="Site">The site that changes.</param>
/// <param name="Factor">What the prices of its offers are multiplied by, 0 or more; null: it is closed.</param>
internal sealed record WhatIf(SiteId Site, decimal? Factor)
{
    private const decimal MostFactor = 1_000_000;

    /// <summary>How it is written.</summary>
    public static ScalarType<WhatIf> Type { get; } = new(Read);

    /// <summary>What it supposes, for people.</summary>
    public string Text => Factor is { } factor
        ? string.Create(CultureInfo.InvariantCulture, $"the prices of {Site} are {factor} times what they are")
        : $"{Site} is closed";

    /// <summary>A world with the change in it.</summary>
    /// <exception cref="CommandFailure">The federation has no such site.</exception>
    public PlacementView In(PlacementView view) => view.Sites.Any(site => site.Id == Site)
        ? view with { Sites = [.. view.Sites.Select(site => site.Id != Site ? site : Factor is not null ? Priced(site) : site with { Availability = [new(DateTimeOffset.MinValue, view.Now)] })] }
        : throw new CommandFailure($"--what-if: the federation has no site {Site}; {Nearest.Advice(Site.Value, view.Sites.Select(site => site.Id.Value))}");

    private Site Priced(Site site) => site with { Offers = [.. site.Offers.Select(Times)], Withdrawn = [.. site.Withdrawn.Select(Times)] };

    private static Reading<WhatIf> Read(string text)
    {
        var (kind, rest) = text.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? (text[..at], text[(at + 1)..]) : ("", "");
        var times = rest.LastIndexOf('*');
        return kind == "close" && Names.Site.Read(rest) is { Problem: null } closed ? Reading.Of(new WhatIf(closed.Value, null))
            : kind == "price" && times > 0 && Names.Site.Read(rest[..times]) is { Problem: null } priced
                && decimal.TryParse(rest[(times + 1)..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var factor) && factor <= MostFactor
                ? Reading.Of(new WhatIf(priced.Value, factor))
            : Reading.No<WhatIf>("is no change that is known", "write close=SITE, or price=SITE*2");
    }

    private Offer Times(Offer offer) => offer with { Price = new(offer.Price.Entries.Select(entry => entry with { PerHour = entry.PerHour * Factor!.Value })) };
}
