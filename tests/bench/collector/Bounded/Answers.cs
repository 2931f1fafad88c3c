using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace Federation.Collector.Bench.Bounded;

/// <summary>What kind of call it was.</summary>
internal enum Call
{
    Read,
    ReadSites,
    Health,
    Ingest,
    OtherPlan,
    Disturbance,
}

/// <summary>How a call ended: with what was asked for, with a no that says why, or in any other way.</summary>
internal enum Ending
{
    Yes,
    Reason,
    Else,
}

/// <summary>A call that has ended.</summary>
/// <param name="Kind">What kind of call.</param>
/// <param name="Ms">How long it took.</param>
/// <param name="Ending">How it ended.</param>
/// <param name="Outcome">Status and title, or what was thrown.</param>
internal readonly record struct Answer(Call Kind, double Ms, Ending Ending, string Outcome);

/// <summary>The calls that were begun in one span of time. Safe for all threads.</summary>
internal sealed class Answers
{
    private readonly ConcurrentQueue<Answer> ended = new();
    private int underWay;

    /// <summary>Calls that have not ended.</summary>
    public int UnderWay => Volatile.Read(ref underWay);

    /// <summary>Those that have.</summary>
    public IReadOnlyCollection<Answer> Ended => ended;

    /// <summary>Makes a call and notes how it ends. Throws nothing.</summary>
    /// <returns>The body of a yes, otherwise null.</returns>
    public async Task<string?> Ask(Call kind, Func<Task<HttpResponseMessage>> ask, Func<string, string?>? faultOf = null)
    {
        Interlocked.Increment(ref underWay);
        var began = Stopwatch.GetTimestamp();
        string? body = null;
        Ending ending;
        string outcome;
        try
        {
            using var response = await ask();
            body = await response.Content.ReadAsStringAsync();
            (ending, outcome) = EndingOf(response, body, faultOf);
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException or IOException)
        {
            (ending, outcome) = (Ending.Else, fault is OperationCanceledException ? "no answer in time" : $"no answer: {(fault.InnerException ?? fault).GetType().Name}");
        }

        ended.Enqueue(new(kind, Stopwatch.GetElapsedTime(began).TotalMilliseconds, ending, outcome));
        Interlocked.Decrement(ref underWay);
        return ending == Ending.Yes ? body : null;
    }

    /// <summary>Waits until all have ended, or half a minute has passed.</summary>
    public async Task Drain()
    {
        for (var began = Stopwatch.GetTimestamp(); UnderWay > 0 && Stopwatch.GetElapsedTime(began).TotalSeconds < 30;)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    /// <summary>How long the calls of some kinds took, the shortest first.</summary>
    public List<double> Took(params Call[] kinds) => [.. ended.Where(answer => kinds.Contains(answer.Kind)).Select(answer => answer.Ms).Order()];

    private static (Ending Ending, string Outcome) EndingOf(HttpResponseMessage response, string body, Func<string, string?>? faultOf)
    {
        var status = (int)response.StatusCode;
        if (response.IsSuccessStatusCode)
        {
            return faultOf?.Invoke(body) is { } fault ? (Ending.Reason, $"{status}, {fault}") : (Ending.Yes, $"{status}");
        }

        var title = TitleOf(response, body);
        return (title is not null && status != 500 ? Ending.Reason : Ending.Else, $"{status} {title ?? "without a reason"}");
    }

    // Of a problem that says what is wrong; the health address says it by its status alone.
    private static string? TitleOf(HttpResponseMessage response, string body)
    {
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            return body is "Unhealthy" or "Degraded" ? body : null;
        }

        using var problem = JsonDocument.Parse(body);
        return problem.RootElement.TryGetProperty("detail", out var detail) && detail.GetString() is { Length: > 0 }
            ? problem.RootElement.GetProperty("title").GetString()
            : null;
    }
}
