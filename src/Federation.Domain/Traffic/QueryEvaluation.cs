using System.Collections.Immutable;
using Federation.Domain.Refusals;

namespace Federation.Domain.Traffic;

/// <summary>Decides what comes of a traffic query, given what is stored at an instant.</summary>
/// <remarks>
/// A collector evaluates, waits as long as it is told to or until a report comes, and evaluates again with the wait that is left:
/// with no wait left the outcome is an answer or a no. Source: Dib 2010, traffic queries of the virtual cluster's collector.
/// </remarks>
public static class QueryEvaluation
{
    /// <summary>What comes of a query at an instant.</summary>
    /// <remarks>
    /// An open last window is waited for if the wait allows; otherwise, if approximate is allowed, what it lacks is estimated from
    /// the window before it, in proportion to the time missing; otherwise the query is rejected. Missing reports of the newest
    /// closed window are waited for too, and their VMs are silent once the wait is over. Nobody waits for those of older windows:
    /// a sensor sends its windows in order, so that what has not come for them hardly will within the wait.
    /// </remarks>
    /// <param name="query">The query; its wait is what is left of it.</param>
    /// <param name="view">What is known.</param>
    /// <param name="now">The instant.</param>
    public static QueryOutcome Evaluate(TrafficQuery query, TrafficView view, DateTimeOffset now)
    {
        if (query.Check() is { Refusal: { } fault })
        {
            return new QueryOutcome.Rejected(fault, null);
        }

        var reports = new ReportTable(view);
        return OpenWindow(query, reports, now) ?? MissingReports(query, reports, now) ?? Answer(query, reports, view, now);
    }

    private static QueryOutcome? OpenWindow(TrafficQuery query, ReportTable reports, DateTimeOffset now)
    {
        var missing = query.Last.End - now;
        if (missing <= TimeSpan.Zero)
        {
            return null;
        }

        if (missing <= query.Wait)
        {
            return new QueryOutcome.MustWait(query.Last.End, query.Last, reports.MissingIn(query.Last));
        }

        // A window that has not even begun is a forecast, not an estimate of a missing part.
        return query.Approximate && query.Last.Start <= now ? null : TooEarly(query, now);
    }

    private static QueryOutcome.Rejected TooEarly(TrafficQuery query, DateTimeOffset now)
    {
        var answerable = query.Approximate ? now : Window.LastClosed(now).End;
        var missing = query.Last.End - now;
        return new(
            query.Approximate
                ? Refusal.QueryWindowAhead($"{query.Last}", query.Wait, missing, answerable)
                : Refusal.QueryWindowOpen($"{query.Last}", query.Wait, missing, answerable),
            answerable);
    }

    private static QueryOutcome.MustWait? MissingReports(TrafficQuery query, ReportTable reports, DateTimeOffset now)
    {
        var newestClosed = query.Last.End <= now ? query.Last : query.Last.Previous;
        var missing = reports.MissingIn(newestClosed);
        return missing.IsEmpty || query.Wait == TimeSpan.Zero ? null : new(now + query.Wait, newestClosed, missing);
    }

    private static QueryOutcome Answer(TrafficQuery query, ReportTable reports, TrafficView view, DateTimeOffset now)
    {
        var open = query.Last.End > now ? query.Last : (Window?)null;
        var windows = query.Windows.Select(window => WindowFigures.Of(window, reports, open == window)).ToImmutableArray();
        return windows.Any(window => window.HasFigures)
            ? new QueryOutcome.Answered(AnswerAssembly.Assemble(query.As, windows, view.Owner, view.Endpoint))
            : NothingReported(query, reports.Newest);
    }

    private static QueryOutcome.Rejected NothingReported(TrafficQuery query, Window? newest) => new(
        Refusal.QueryNothingReported($"{query.First}", $"{query.Last}", newest?.End), newest?.End);
}
