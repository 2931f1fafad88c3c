using System.Collections.Concurrent;
using Federation.Domain;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace Federation.Files.Feeds;

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

/// <summary>Price feeds on the network: the files that name one ask for it, a fetch gets it, and a price that cannot be had is unknown, never zero.</summary>
/// <param name="http">Fetches; stays the caller's.</param>
/// <param name="options">How.</param>
/// <param name="clock">Tells the time, and waits.</param>
public sealed class RemoteFeeds(HttpClient http, RemoteFeedOptions options, TimeProvider clock)
{
    private readonly ConcurrentDictionary<Uri, Entry> entries = new();

    /// <summary>The feeds whose last fetch failed, and why.</summary>
    public IReadOnlyDictionary<Uri, string> Failing =>
        entries.Where(entry => entry.Value.Failure is not null).ToDictionary(entry => entry.Key, entry => entry.Value.Failure!);

    /// <summary>Fetches the feeds that were asked for and are due; whether any of them may read otherwise than before.</summary>
    public async Task<bool> Refresh(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var due = entries.Where(entry => entry.Value.NextAt <= now).ToList();
        var changed = await Task.WhenAll(due.Select(entry => Fetch(entry.Key, entry.Value, cancel)));
        return changed.Any(does => does);
    }

    /// <summary>A feed's text as it was last fetched; null: it is not known, or too old. From now on it is fetched.</summary>
    internal string? Find(Uri feed)
    {
        var entry = entries.GetOrAdd(feed, _ => new Entry(PipelineFor()));
        return entry.Text is { } text && clock.GetUtcNow() - entry.FetchedAt <= options.StaleAfter ? text : null;
    }

    private async Task<bool> Fetch(Uri feed, Entry entry, CancellationToken cancel)
    {
        entry.NextAt = clock.GetUtcNow() + options.Interval;
        var before = entry.Text;
        try
        {
            entry.Text = await entry.Pipeline.ExecuteAsync(async token => await Get(feed, token), cancel);
            (entry.FetchedAt, entry.Failure) = (clock.GetUtcNow(), null);
        }
        catch (Exception fault) when (!cancel.IsCancellationRequested)
        {
            entry.Failure = fault.Message;
        }

        return entry.Text != before;
    }

    private async Task<string> Get(Uri feed, CancellationToken cancel)
    {
        using var response = await http.GetAsync(feed, HttpCompletionOption.ResponseHeadersRead, cancel);
        response.EnsureSuccessStatusCode();
        if (response.Content.Headers.ContentLength > Limits.Files.FeedBytes)
        {
            throw new HttpRequestException($"the feed is larger than {Limits.Files.FeedBytes >> 20} MiB");
        }

        await response.Content.LoadIntoBufferAsync(Limits.Files.FeedBytes, cancel);
        return await response.Content.ReadAsStringAsync(cancel);
    }

    // A feed has a breaker of its own: one that is away says nothing of the others.
    private ResiliencePipeline PipelineFor() => new ResiliencePipelineBuilder { TimeProvider = clock }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = options.Retries,
            Delay = options.Pause,
            BackoffType = DelayBackoffType.Exponential,
            ShouldHandle = new PredicateBuilder().Handle<Exception>(fault => fault is not (OperationCanceledException or BrokenCircuitException)),
        })
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            FailureRatio = 1,
            MinimumThroughput = options.FailuresToBreak,
            SamplingDuration = options.Interval * options.FailuresToBreak,
            BreakDuration = options.Break,
        })
        .AddTimeout(options.Timeout)
        .Build();

    private sealed class Entry(ResiliencePipeline pipeline)
    {
        public ResiliencePipeline Pipeline { get; } = pipeline;

        public string? Text { get; set; }

        public DateTimeOffset FetchedAt { get; set; }

        public DateTimeOffset NextAt { get; set; }

        public string? Failure { get; set; }
    }
}
