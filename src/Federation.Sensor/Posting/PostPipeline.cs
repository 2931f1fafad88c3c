using System.Net;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Federation.Sensor.Posting;

/// <summary>The patience of a <see cref="WindowPoster"/>: growing waits between attempts, a time limit for each.</summary>
internal static class PostPipeline
{
    private const int FailuresBeforeBreak = 4;

    /// <summary>Builds it; <paramref name="retrying"/> hears of every repetition.</summary>
    public static ResiliencePipeline<HttpResponseMessage> Build(
        WindowPosterOptions options, TimeProvider time, Action<PostRetry>? retrying)
    {
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddRetry(Repetitions(options, time, retrying));
        return (options.BreaksCircuit ? builder.AddCircuitBreaker(Breaker(options)) : builder).AddTimeout(options.RequestTimeout).Build();
    }

    /// <summary>Whether an attempt failed in a way that the next one may not.</summary>
    public static bool MayPass(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || IsAway(status);

    /// <summary>Whether another address of the service may do better; a sensor that is too fast for one is so for all.</summary>
    public static bool IsAway(HttpStatusCode status) => (int)status >= 500;

    /// <summary>Whether an exception says that the service was not reached.</summary>
    public static bool IsUnreachable(Exception? failure) => failure is
        HttpRequestException or IOException or TimeoutRejectedException or BrokenCircuitException or
        OperationCanceledException { InnerException: TimeoutException };

    private static RetryStrategyOptions<HttpResponseMessage> Repetitions(
        WindowPosterOptions options, TimeProvider time, Action<PostRetry>? retrying) => new()
    {
        MaxRetryAttempts = options.Retries,
        BackoffType = DelayBackoffType.Exponential,
        Delay = options.FirstDelay,
        MaxDelay = options.MaxDelay,
        UseJitter = true,
        Randomizer = new Random(options.Seed).NextDouble,
        // A circuit that is open stays so for longer than the next wait.
        ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome.Exception is not BrokenCircuitException && IsFailure(attempt.Outcome)),
        DelayGenerator = attempt => ValueTask.FromResult(AskedDelay(attempt.Outcome.Result, options.MaxDelay, time)),
        OnRetry = attempt =>
        {
            retrying?.Invoke(new PostRetry(attempt.AttemptNumber + 1, attempt.RetryDelay, Reason(attempt.Outcome)));
            attempt.Outcome.Result?.Dispose();
            return default;
        },
    };

    /// <summary>After some failures in a row nobody asks for a while, for twice as long each time, so that a service that comes back can.</summary>
    private static CircuitBreakerStrategyOptions<HttpResponseMessage> Breaker(WindowPosterOptions options) => new()
    {
        FailureRatio = 1,
        MinimumThroughput = FailuresBeforeBreak,
        SamplingDuration = TimeSpan.FromMinutes(2),
        BreakDurationGenerator = broken => ValueTask.FromResult(TimeSpan.FromTicks(Math.Min(
            options.MaxDelay.Ticks, options.FirstDelay.Ticks << Math.Min(broken.HalfOpenAttempts + 2, 20)))),
        ShouldHandle = attempt => ValueTask.FromResult(IsFailure(attempt.Outcome)),
    };

    private static bool IsFailure(Outcome<HttpResponseMessage> outcome) =>
        outcome.Result is { } response ? MayPass(response.StatusCode) : IsUnreachable(outcome.Exception);

    /// <summary>What the service's Retry-After asks for, within the limit; null if it asks for nothing.</summary>
    private static TimeSpan? AskedDelay(HttpResponseMessage? response, TimeSpan limit, TimeProvider time)
    {
        var asked = response?.Headers.RetryAfter;
        var delay = asked?.Delta ?? (asked?.Date - time.GetUtcNow());
        return delay is { } wait ? TimeSpan.FromTicks(Math.Clamp(wait.Ticks, 0, limit.Ticks)) : null;
    }

    private static string Reason(Outcome<HttpResponseMessage> outcome) => outcome.Result is { } response
        ? $"{(int)response.StatusCode} {response.ReasonPhrase}"
        : outcome.Exception is { } fault ? ProblemText.Of(fault) : "no answer";
}
