namespace Federation.Domain.Sites;

/// <summary>How a site lets VMs move to it and away from it. Of two sites, and of the application, the stricter one holds.</summary>
public sealed record SiteMoves
{
    /// <summary>Whether VMs can move live. Default true; false, as between many public clouds: cold ones only.</summary>
    public bool Live { get; init; } = true;

    /// <summary>Bytes a second that one move may send at most; null: as many as the link carries.</summary>
    public double? BytesPerSecond { get; init; }

    /// <summary>The longest that a VM may stand still; null: no limit of the site's.</summary>
    public TimeSpan? Downtime { get; init; }

    /// <summary>The longest that a move may take; null: any time.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Whether processors may be slowed down where an application allows it. Default true.</summary>
    public bool AutoConverge { get; init; } = true;
}
