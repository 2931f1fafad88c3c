using Federation.Domain.Guests;
using Federation.Domain.Sites;

namespace Federation.Domain.Applications;

/// <summary>What a move of an application's VM from one site to another has to keep to: the strictest of what the three of them say.</summary>
/// <param name="Limits">The application's.</param>
/// <param name="From">The old site's.</param>
/// <param name="To">The new site's.</param>
public readonly record struct MoveTerms(MoveLimits Limits, SiteMoves From, SiteMoves To)
{
    /// <summary>Bytes a second at most; null: as many as the link carries.</summary>
    public double? BytesPerSecond => Least(null, From.BytesPerSecond, To.BytesPerSecond);

    /// <summary>The longest that the VM may stand still, seconds; null: nobody says.</summary>
    public double? DowntimeSeconds => Least(Limits.Downtime?.TotalSeconds, From.Downtime?.TotalSeconds, To.Downtime?.TotalSeconds);

    /// <summary>The longest that a move may take, seconds; null: any time.</summary>
    public double? DurationSeconds => Least(Limits.Duration?.TotalSeconds, From.Duration?.TotalSeconds, To.Duration?.TotalSeconds);

    /// <summary>Whether processors may be slowed down.</summary>
    public bool AutoConverge => Limits.AutoConverge && From.AutoConverge && To.AutoConverge;

    /// <summary>What a hypervisor is told.</summary>
    /// <remarks>
    /// Where nobody says how long the VM may stand still, or its application lets the limit be exceeded, it may for as long as was estimated, or the copying
    /// would not end; neither is it cancelled then for taking longer.
    /// </remarks>
    /// <param name="isLive">Whether it moves live.</param>
    /// <param name="downtimeSeconds">The downtime that was estimated, seconds.</param>
    public TransferTerms Of(bool isLive, double downtimeSeconds)
    {
        var exceeds = Limits.WhenMissed == MissedLimit.Exceed;
        var usual = Math.Max(DowntimeSeconds ?? new TransferTerms().DowntimeSeconds, downtimeSeconds);
        return new()
        {
            IsLive = isLive,
            BytesPerSecond = BytesPerSecond is { } rate ? (long)rate : null,
            DowntimeSeconds = exceeds || DowntimeSeconds is null ? usual : DowntimeSeconds.Value,
            DurationSeconds = isLive && !exceeds ? DurationSeconds : null,
            AutoConverge = isLive && AutoConverge,
        };
    }

    private static double? Least(double? one, double? other, double? third)
    {
        var least = Math.Min(one ?? double.PositiveInfinity, Math.Min(other ?? double.PositiveInfinity, third ?? double.PositiveInfinity));
        return double.IsPositiveInfinity(least) ? null : least;
    }
}
