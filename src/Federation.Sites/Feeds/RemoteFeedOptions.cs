namespace Federation.Sites.Feeds;

/// <summary>How price feeds are fetched over the network.</summary>
public sealed record RemoteFeedOptions
{
    /// <summary>How often each is fetched. Default 5 minutes.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How old the last good fetch may be before the prices are unknown. Default 1 hour.</summary>
    public TimeSpan StaleAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long one attempt may take. Default 10 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a failed attempt is repeated within one fetch. Default 2.</summary>
    public int Retries { get; init; } = 2;

    /// <summary>The pause before the first repetition; each next one is twice as long. Default 1 s.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Failed attempts in a row after which a feed is left alone for a while. Default 6.</summary>
    public int FailuresToBreak { get; init; } = 6;

    /// <summary>How long it is left alone. Default 10 minutes.</summary>
    public TimeSpan Break { get; init; } = TimeSpan.FromMinutes(10);
}
