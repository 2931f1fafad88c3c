namespace Federation.Domain.Applications;

/// <summary>How much of an application's run is left. It counts down by the clock while the application runs, and stands still before.</summary>
/// <remarks>
/// What is left is run time where the VMs are: a plan that was applied replaces it by the run time that it predicts for the new place.
/// The owner's own figure, applied anew, replaces it too: that is how an application reports its progress. A clock that is set back to before the
/// run began leaves all of it, and never more.
/// </remarks>
/// <param name="Left">Run time that was left at <paramref name="RunningSince"/>; more than zero.</param>
/// <param name="RunningSince">Since when it has been running down; null: the application does not run yet.</param>
/// <param name="Due">When the application has to be done; null: no limit.</param>
public sealed record RunProgress(TimeSpan Left, DateTimeOffset? RunningSince, DateTimeOffset? Due)
{
    /// <summary>What is left of a run that has outlasted its estimate: so little that no move pays any more.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    /// <summary>The progress of an application as it is described now, for the first time or with other figures.</summary>
    public static RunProgress Of(Application application, bool runs, DateTimeOffset now) =>
        new(application.Remaining, runs ? now : null, application.Deadline is { } deadline ? now + deadline : null);

    /// <summary>A new description's figures where they differ from the old one's, what was there before otherwise.</summary>
    public RunProgress Described(Application old, Application application, bool runs, DateTimeOffset now)
    {
        var described = Of(application, runs, now);
        return new(
            old.Remaining == application.Remaining ? Left : described.Left,
            old.Remaining == application.Remaining ? RunningSince : described.RunningSince,
            old.Deadline == application.Deadline ? Due : described.Due);
    }

    /// <summary>The VMs run from now on where a plan has put them, and that much run time is left there.</summary>
    public RunProgress Runs(TimeSpan left, DateTimeOffset now) =>
        this with { Left = left > Least ? left : Least, RunningSince = now };

    /// <summary>The application with what is left of its run and of its deadline at an instant.</summary>
    public Application At(Application application, DateTimeOffset now)
    {
        var left = RunningSince is { } since && now > since ? Left - (now - since) : Left;
        return application with
        {
            Remaining = left > Least ? left : Least,
            Deadline = Due is not { } due ? null : due > now ? due - now : TimeSpan.Zero,
        };
    }
}
