using System.Collections.Immutable;
using Federation.Backtest.Scenarios;
using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Domain.Traffic;

namespace Federation.Backtest.Policies;

/// <summary>A way to decide where VMs are and when they move. The decisions themselves are the domain's, as in the service.</summary>
public sealed record MovingPolicy
{
    /// <summary>Its name in reports.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, for people.</summary>
    public required string Description { get; init; }

    /// <summary>Whether running VMs move at all.</summary>
    public bool Moves { get; init; } = true;

    /// <summary>Whether it looks at who talks to whom.</summary>
    public bool SeesTraffic { get; init; } = true;

    /// <summary>Whether it knows the prices to come, and the mean of the traffic to come.</summary>
    public bool KnowsFuture { get; init; }

    /// <summary>Over how long it averages the traffic that it has seen; zero: it sees the present alone.</summary>
    public TimeSpan Memory { get; init; }

    /// <summary>The share of the objective that a migration has to gain.</summary>
    public required double Margin { get; init; }

    /// <summary>How many times what its moves cost a migration has to gain.</summary>
    public double MovingMargin { get; init; }

    /// <summary>What keeps VMs from bouncing.</summary>
    public required MovePolicy Timing { get; init; }

    /// <summary>Decides for one application at one moment, by the service's own loop.</summary>
    /// <param name="view">The world as the service would see it.</param>
    /// <param name="state">What the loop remembers of the application.</param>
    /// <param name="trigger">Why it looks.</param>
    /// <param name="solver">Who looks for the best placement.</param>
    /// <param name="options">How it looks.</param>
    public Decision Decide(PlacementView view, DecisionState state, DecisionTrigger trigger, IPlacementSolver solver, SolverOptions options)
    {
        var isPlaced = view.Application.Vms.All(vm => vm.At is not null);
        return isPlaced && !Moves
            ? Decision.None(state)
            : DecisionLoop.Decide(Timing with { AppliesPlans = true }, state, Seen(view), trigger, seen => Plan(seen, solver, options));
    }

    private PlacementView Seen(PlacementView view) => view with
    {
        Application = view.Application with { Margin = Margin, MovingMargin = MovingMargin },
        Traffic = SeesTraffic ? view.Traffic : TrafficMatrix.Empty(view.Traffic.Period),
        Groups = SeesTraffic ? view.Groups : [],
    };

    // Who never moves cannot leave in time: only what stays open will do.
    private Plan Plan(PlacementView seen, IPlacementSolver solver, SolverOptions options)
    {
        var plan = Planner.Plan(seen, solver, options, CancellationToken.None);
        return Moves || plan.LeaveAt is null
            ? plan
            : Planner.Plan(
                seen with { Sites = [.. seen.Sites.Where(site => site.AvailableUntil(seen.Now) == DateTimeOffset.MaxValue)] },
                solver, options, CancellationToken.None);
    }
}

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
