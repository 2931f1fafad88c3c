using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;

namespace Federation.Domain.Estimation;

/// <summary>A change of the world, or of what the application's owner wants, that a plan is tried with. Nothing is kept of it.</summary>
/// <remarks>One of a site, an objective, a margin and a deadline: <see cref="Fault"/> tells of any other.</remarks>
/// <param name="Site">The site that changes; none: a wish does.</param>
/// <param name="Factor">What the prices of its offers, present and scheduled, are multiplied by, 0 to <see cref="MostFactor"/>; null: it is closed from now on.</param>
public sealed record WhatIf([property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] SiteId Site, decimal? Factor)
{
    /// <summary>A change of no site: say what else.</summary>
    public WhatIf()
        : this(default, null)
    {
    }

    /// <summary>The largest factor of prices.</summary>
    public const decimal MostFactor = 1_000_000;

    /// <summary>The longest deadline, seconds: a hundred years.</summary>
    public const double MostDeadlineSeconds = 36_525 * 86_400.0;

    /// <summary>So many changes are tried at once at most.</summary>
    public const int MostChanges = 100;

    /// <summary>What is wanted most instead; null: this is no change of that.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Objective? Objective { get; init; }

    /// <summary>The share of the objective that a migration has to gain instead, [0, 1); null: this is no change of that.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Margin { get; init; }

    /// <summary>How long the application may still run instead, from now on, seconds; more than 0. Null: this is no change of that.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? DeadlineSeconds { get; init; }

    /// <summary>What it supposes, for people.</summary>
    [JsonIgnore]
    public string Text => Objective is { } objective ? $"the objective is {objective.ToString().ToLowerInvariant()}"
        : Margin is { } margin ? string.Create(CultureInfo.InvariantCulture, $"the margin is {margin}")
        : DeadlineSeconds is { } deadline ? string.Create(CultureInfo.InvariantCulture, $"the deadline is in {deadline} s")
        : Factor is { } factor ? string.Create(CultureInfo.InvariantCulture, $"the prices of {Site} are {factor} times what they are")
        : $"{Site} is closed";

    /// <summary>What is wrong with it, for whoever wrote it; null: nothing.</summary>
    [JsonIgnore]
    public string? Fault => (HasSite ? 1 : 0) + (Objective is null ? 0 : 1) + (Margin is null ? 0 : 1) + (DeadlineSeconds is null ? 0 : 1) != 1
            ? "each change of whatIf names a site, an objective, a margin or a deadlineSeconds, and one of them: { \"site\": \"rennes\" }"
        : Factor is < 0 or > MostFactor ? string.Create(CultureInfo.InvariantCulture, $"factor {Factor} of {Site} is not between 0 and {MostFactor}")
        : Factor is not null && !HasSite ? "factor is for a site's prices: { \"site\": \"rennes\", \"factor\": 2 }"
        : Objective is { } objective && !Enum.IsDefined(objective) ? "objective is none of cost, time, utilization"
        : Margin is { } margin && margin is not (>= 0 and < 1) ? string.Create(CultureInfo.InvariantCulture, $"margin {margin} is not from 0 to less than 1")
        : DeadlineSeconds is { } deadline && deadline is not (> 0 and <= MostDeadlineSeconds)
            ? string.Create(CultureInfo.InvariantCulture, $"deadlineSeconds {deadline} is not more than 0 and at most {MostDeadlineSeconds}")
        : null;

    private bool HasSite => !string.IsNullOrEmpty(Site.Value);

    /// <summary>A world with changes in it, one after another.</summary>
    /// <returns>The world; or why not: the federation has no such site.</returns>
    public static (PlacementView? View, Refusal? Refusal) In(PlacementView view, ImmutableArray<WhatIf> changes) =>
        changes.FirstOrDefault(change => change.HasSite && view.Sites.All(site => site.Id != change.Site)) is { } lost
            ? (null, Refusal.SiteUnknown(lost.Site))
            : (changes.Aggregate(view, (world, change) => change.In(world)), null);

    private PlacementView In(PlacementView world) => HasSite
        ? world with { Sites = [.. world.Sites.Select(site => site.Id == Site ? Of(site, world.Now) : site)] }
        : world with
        {
            Application = world.Application with
            {
                Objective = Objective ?? world.Application.Objective,
                Margin = Margin ?? world.Application.Margin,
                Deadline = DeadlineSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : world.Application.Deadline,
            },
        };

    private Site Of(Site site, DateTimeOffset now) => Factor is null
        ? site with { Availability = [new(DateTimeOffset.MinValue, now)] }
        : site with { Offers = [.. site.Offers.Select(Times)], Withdrawn = [.. site.Withdrawn.Select(Times)] };

    private Offer Times(Offer offer) => offer with { Price = new(offer.Price.Entries.Select(entry => entry with { PerHour = entry.PerHour * Factor!.Value })) };
}
