namespace Federation.Domain.Refusals;

// What makes a traffic query unanswerable.
public sealed partial record Refusal
{
    /// <summary>The period has too many windows or none.</summary>
    public static Refusal QueryPeriod(int limit, int asked) => new(RefusalCode.QueryPeriod, new() { Limit = limit, Needed = asked });

    /// <summary>The wait is out of bounds.</summary>
    public static Refusal QueryWait(TimeSpan limit, TimeSpan asked) =>
        new(RefusalCode.QueryWait, new() { Limit = limit.TotalSeconds, Needed = asked.TotalSeconds });

    /// <summary>The coefficient is no number above 0.</summary>
    public static Refusal QueryCoefficient(double asked) => new(RefusalCode.QueryCoefficient, new() { Needed = asked });

    /// <summary>The last window closes after the wait; an approximate answer would do without.</summary>
    /// <param name="window">The window.</param>
    /// <param name="wait">How long the query may wait.</param>
    /// <param name="closesIn">How long it would have to.</param>
    /// <param name="answerable">The end of the newest period that could be asked for.</param>
    public static Refusal QueryWindowOpen(string window, TimeSpan wait, TimeSpan closesIn, DateTimeOffset answerable) =>
        Window(RefusalCode.QueryWindowOpen, window, wait, closesIn, answerable);

    /// <summary>The same where an approximate answer was asked for, and the window has not begun.</summary>
    public static Refusal QueryWindowAhead(string window, TimeSpan wait, TimeSpan closesIn, DateTimeOffset answerable) =>
        Window(RefusalCode.QueryWindowAhead, window, wait, closesIn, answerable);

    /// <summary>No VM has reported any window of the period.</summary>
    /// <param name="first">The first window.</param>
    /// <param name="last">The last window.</param>
    /// <param name="answerable">The end of the newest window that was reported; null: none was.</param>
    public static Refusal QueryNothingReported(string first, string last, DateTimeOffset? answerable) =>
        new(RefusalCode.QueryNothingReported, new() { Names = NameList.Of([first, last]), At = answerable });

    private static Refusal Window(RefusalCode code, string window, TimeSpan wait, TimeSpan closesIn, DateTimeOffset answerable) =>
        new(code, new() { Detail = window, Limit = wait.TotalSeconds, Needed = closesIn.TotalSeconds, At = answerable });
}
