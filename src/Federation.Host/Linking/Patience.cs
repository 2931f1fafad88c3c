using Polly;
using Polly.Retry;

namespace Federation.Host.Linking;

/// <summary>How often something is tried again that the service does not take: until it does, with growing waits. For one thread.</summary>
internal sealed class Patience
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly ResiliencePipeline pipeline;
    private readonly Action? resumed;

    /// <summary>Prepares.</summary>
    /// <param name="clock">Times the waits.</param>
    /// <param name="seed">Of the waits' jitter.</param>
    /// <param name="failed">Hears of a first failure, and of each for another reason, with the wait that follows.</param>
    /// <param name="resumed">Hears that it goes well again.</param>
    public Patience(TimeProvider clock, int seed, Action<string, TimeSpan> failed, Action? resumed = null)
    {
        this.resumed = resumed;
        pipeline = new ResiliencePipelineBuilder { TimeProvider = clock }.AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            Delay = First,
            MaxDelay = Longest,
            UseJitter = true,
            Randomizer = new Random(seed).NextDouble,
            ShouldHandle = new PredicateBuilder().Handle<LinkException>(),
            OnRetry = attempt =>
            {
                var reason = attempt.Outcome.Exception!.Message;
                if (Failure != reason)
                {
                    failed(reason, attempt.RetryDelay);
                }

                Failure = reason;
                return default;
            },
        }).Build();
    }

    /// <summary>Why it does not go well; null: it does.</summary>
    public string? Failure { get; private set; }

    /// <summary>Tries until it goes well.</summary>
    public async Task<T> Try<T>(Func<CancellationToken, ValueTask<T>> what, CancellationToken cancel)
    {
        var result = await pipeline.ExecuteAsync(what, cancel);
        if (Failure is not null)
        {
            Failure = null;
            resumed?.Invoke();
        }

        return result;
    }
}
