using System.Collections.Immutable;
using Federation.Backtest.Scenarios;
using Federation.Domain.Plans;

namespace Federation.Backtest.Policies;

/// <summary>The policies that a backtest compares.</summary>
public static class MovingPolicies
{
    /// <summary>The name of ours.</summary>
    public const string Ours = "ours";

    /// <summary>The name of the one that others are measured by.</summary>
    public const string Never = "never";

    /// <summary>The name of the one that takes every gain.</summary>
    public const string AnySaving = "any-saving";

    /// <summary>The name of the one that looks at prices alone.</summary>
    public const string PriceOnly = "price-only";

    /// <summary>The name of the one that knows what is to come: what regret is measured by.</summary>
    public const string Hindsight = "hindsight";

    private static readonly MovePolicy AtOnce = new() { PersistenceWindows = 1, CooldownSeconds = 0 };

    /// <summary>All of them, ours first.</summary>
    public static ImmutableArray<MovingPolicy> For(Scenario scenario) =>
    [
        new()
        {
            Name = Ours, Margin = scenario.Margin, MovingMargin = scenario.MovingMargin, Timing = scenario.Policy, Memory = scenario.Memory,
            Description = "moves when a gain beats the margins and has persisted, and not again while VMs cool down",
        },
        new() { Name = Never, Margin = 0, Timing = AtOnce, Moves = false, Description = "places applications as ours does, then leaves them" },
        new() { Name = AnySaving, Margin = 0, Timing = AtOnce, Description = "moves for any predicted gain, at once" },
        new()
        {
            Name = PriceOnly, Margin = scenario.Margin, MovingMargin = scenario.MovingMargin, Timing = scenario.Policy, SeesTraffic = false,
            Description = "as ours, but blind to who talks to whom",
        },
        new()
        {
            Name = Hindsight, Margin = 0, Timing = AtOnce, KnowsFuture = true,
            Description = "moves for any gain, and knows the prices and the mean traffic to come: what could have been had",
        },
    ];
}
