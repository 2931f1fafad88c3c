using System.Collections.Immutable;
using Federation.Domain.Networks;

namespace Federation.Host.Paths;

/// <summary>Which way a host's frames take to another one, and what was so far. Pure; times are spans of one clock.</summary>
/// <remarks>
/// Both hosts receive by all relays always, and directly before either sends so and for some time after: so a change of the way loses nothing. A way that works is not
/// left for another of the same kind. Where none is known to work, it stays as it is.
/// </remarks>
/// <param name="Kind">How they go.</param>
/// <param name="Relay">The relay that they go by; null: none.</param>
/// <param name="Demand">How much there is.</param>
internal sealed record PathState(PathKind Kind, VtepId? Relay, Demand Demand)
{
    /// <summary>How long something has to be heard on the direct path before frames go there: longer than a path that is silent is taken for a living one.</summary>
    public static readonly TimeSpan Proof = TimeSpan.FromSeconds(7);

    /// <summary>The same for a direct path that went silent once.</summary>
    public static readonly TimeSpan ProofAgain = TimeSpan.FromSeconds(30);

    /// <summary>How long relays are waited for before hosts on a star link try the direct path for want of one.</summary>
    public static readonly TimeSpan RelayPatience = TimeSpan.FromSeconds(10);

    /// <summary>How long a host receives on a direct path that it wants no more: the other one hears nothing there by then, and has left it.</summary>
    public static readonly TimeSpan Hold = TimeSpan.FromMinutes(1);

    /// <summary>Nothing goes to a host that was not heard of before.</summary>
    public static PathState None { get; } = new(PathKind.None, null, default);

    /// <summary>Why they go so.</summary>
    public PathReason Why { get; init; } = PathReason.NotMet;

    /// <summary>The relay that was left as it was silent, while frames go by another one; null: none.</summary>
    public VtepId? Silent { get; init; }

    /// <summary>Since when no relay is heard by both; null: one is.</summary>
    public TimeSpan? RelaylessSince { get; init; }

    /// <summary>Whether the direct path was left as it was silent.</summary>
    public bool HasFailed { get; init; }

    /// <summary>When the direct path was last wanted or used; null: never.</summary>
    public TimeSpan? WantedAt { get; init; }

    /// <summary>Whether the two are to have a direct path that both keep alive.</summary>
    public bool KeepsDirect { get; init; }

    /// <summary>Whether this host is to receive on a direct path.</summary>
    public bool ReceivesDirect(TimeSpan now) => KeepsDirect || now - WantedAt < Hold;

    /// <summary>The state after another look.</summary>
    /// <param name="view">What is seen.</param>
    /// <param name="now">The clock.</param>
    public PathState Next(PathView view, TimeSpan now)
    {
        TimeSpan? relayless = view.Relays.Any(relay => relay.IsUsable) ? null : RelaylessSince ?? now;
        var wants = !view.IsStar || Demand.IsHigh || now - relayless >= RelayPatience;
        var chosen = (this with { RelaylessSince = relayless }).Choose(view, wants);
        var keeps = wants || chosen.Kind == PathKind.Direct;
        return chosen with { KeepsDirect = keeps, WantedAt = keeps ? now : WantedAt };
    }

    private PathState Choose(PathView view, bool wants)
    {
        var usable = view.Relays.Where(relay => relay.IsUsable).Select(relay => (VtepId?)relay.Id).ToImmutableArray();
        if (usable.IsEmpty)
        {
            return WithoutRelay(view);
        }

        if (wants && IsProven(view.Direct))
        {
            return Directly(view);
        }

        var next = Relay is { } current && usable.Contains(current) ? current : usable[0];
        var hasFailed = HasFailed || (wants && Kind == PathKind.Direct);
        var silent = Relay is { } left && left != next ? left : Relay == next ? Silent : null;
        return this with { Kind = PathKind.Relay, Relay = next, Silent = silent, HasFailed = hasFailed, Why = WhyByRelay(view, hasFailed, silent) };
    }

    // Nothing is certain: whatever is heard is better than what is not, and what is encrypted than what is not.
    private PathState WithoutRelay(PathView view) =>
        view.Direct.IsMet && (view.Direct.LiveFor is not null || Kind != PathKind.Relay || !view.Relays.Any(relay => relay.Id == Relay)) ? Directly(view)
        : Kind == PathKind.Relay && view.Relays.Any(relay => relay.Id == Relay) ? this with { Why = PathReason.NoRelay }
        : this with { Kind = view.IsRequired ? PathKind.None : PathKind.Plain, Relay = null, Silent = null, Why = view.IsStar ? PathReason.NoRelay : PathReason.NotMet };

    private bool IsProven(DirectSight direct) => direct.IsMet && (Kind == PathKind.Direct ? direct.LiveFor is not null : direct.LiveFor >= (HasFailed ? ProofAgain : Proof));

    private PathState Directly(PathView view) => this with
    {
        Kind = PathKind.Direct,
        Relay = null,
        Silent = null,
        HasFailed = false,
        Why = !view.IsStar ? PathReason.Met : Demand.IsHigh ? PathReason.Busy : PathReason.NoRelay,
    };

    private PathReason WhyByRelay(PathView view, bool hasFailed, VtepId? silent) =>
        silent is not null ? PathReason.RelaySilent
        : hasFailed && (!view.IsStar || Demand.IsHigh) ? PathReason.DirectSilent
        : !view.IsStar ? PathReason.NotMet
        : Demand.IsHigh ? PathReason.BusyNotMet
        : PathReason.Star;
}
