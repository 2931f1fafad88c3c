using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;

namespace Federation.Domain.Estimation;

/// <summary>A change of the world that a plan is tried with. Nothing is kept of it.</summary>
/// <param name="Site">The site that changes.</param>
/// <param name="Factor">What the prices of its offers, present and scheduled, are multiplied by, 0 to <see cref="MostFactor"/>; null: it is closed from now on.</param>
public sealed record WhatIf(SiteId Site, decimal? Factor)
{
    /// <summary>The largest factor of prices.</summary>
    public const decimal MostFactor = 1_000_000;

    /// <summary>So many changes are tried at once at most.</summary>
    public const int MostChanges = 100;

    /// <summary>What it supposes, for people.</summary>
    [JsonIgnore]
    public string Text => Factor is { } factor
        ? string.Create(CultureInfo.InvariantCulture, $"the prices of {Site} are {factor} times what they are")
        : $"{Site} is closed";

    /// <summary>A world with changes in it, one after another.</summary>
    /// <returns>The world; or why not: the federation has no such site.</returns>
    public static (PlacementView? View, Refusal? Refusal) In(PlacementView view, ImmutableArray<WhatIf> changes) =>
        changes.FirstOrDefault(change => view.Sites.All(site => site.Id != change.Site)) is { } lost
            ? (null, Refusal.SiteUnknown(lost.Site))
            : (changes.Aggregate(view, (world, change) => world with { Sites = [.. world.Sites.Select(site => site.Id == change.Site ? change.Of(site, view.Now) : site)] }), null);

    private Site Of(Site site, DateTimeOffset now) => Factor is null
        ? site with { Availability = [new(DateTimeOffset.MinValue, now)] }
        : site with { Offers = [.. site.Offers.Select(Times)], Withdrawn = [.. site.Withdrawn.Select(Times)] };

    private Offer Times(Offer offer) => offer with { Price = new(offer.Price.Entries.Select(entry => entry with { PerHour = entry.PerHour * Factor!.Value })) };
}
