using Federation.Domain.Refusals;

namespace Federation.Domain.Traffic;

/// <summary>What somebody wants to know about an application's traffic, and how fresh and how exact it has to be.</summary>
/// <param name="Until">
/// The end of the period, itself not in it. The last window is the one that holds the instant before: until 17:51:12 it is the
/// one from 17:51:00, until 17:51:00 the one from 17:50:30.
/// </param>
/// <param name="WindowCount">The length of the period in windows: [1, <see cref="MaxWindows"/>].</param>
/// <param name="Wait">How long the answer may be waited for: [0, <see cref="MaxWait"/>].</param>
/// <param name="Approximate">Whether the part of the last window that is missing may be estimated.</param>
/// <param name="As">The form of the answer.</param>
public sealed record TrafficQuery(DateTimeOffset Until, int WindowCount, TimeSpan Wait, bool Approximate, AnswerForm As)
{
    /// <summary>The longest period: a week of windows.</summary>
    public const int MaxWindows = 7 * 24 * 60 * 2;

    /// <summary>The longest wait: 1 hour.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromHours(1);

    /// <summary>The last window of the period.</summary>
    public Window Last => Window.Containing(Until.AddTicks(-1));

    /// <summary>The first window of the period.</summary>
    public Window First => Last.Shift(1 - WindowCount);

    /// <summary>The windows of the period, oldest first.</summary>
    public IEnumerable<Window> Windows => Window.Ending(Last, WindowCount);

    /// <summary>The oldest window whose reports the answer may need: an estimate rests on the window before the last.</summary>
    public Window OldestNeeded => WindowCount == 1 && Approximate ? First.Previous : First;

    /// <summary>How many windows a period takes: a begun window counts whole.</summary>
    /// <remarks>Saturates at <see cref="int.MaxValue"/>, which <see cref="Check"/> rejects.</remarks>
    public static int WindowsIn(TimeSpan period) => (int)Math.Clamp(Math.Ceiling(period / Window.Length), 0, int.MaxValue);

    /// <summary>Whether the query makes sense at all, whatever has been counted.</summary>
    public Verdict Check()
    {
        if (WindowCount is < 1 or > MaxWindows)
        {
            return Verdict.Reject(Refusal.QueryPeriod(MaxWindows, WindowCount));
        }

        if (Wait < TimeSpan.Zero || Wait > MaxWait)
        {
            return Verdict.Reject(Refusal.QueryWait(MaxWait, Wait));
        }

        return As is AnswerForm.Weighted { Coefficient: var coefficient } && !(coefficient > 0 && coefficient <= Limits.Request.Coefficient)
            ? Verdict.Reject(Refusal.QueryCoefficient(coefficient))
            : Verdict.Feasible;
    }
}
