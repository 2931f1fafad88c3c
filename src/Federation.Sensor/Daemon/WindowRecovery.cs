using System.Collections.Immutable;
using Federation.Domain.Traffic;
using Federation.Sensor.Live;
using Federation.Sensor.Spool;

namespace Federation.Sensor.Daemon;

/// <summary>Brings to an end what an earlier process of this sensor has begun: reports its windows, and finds the one to go on with.</summary>
/// <remarks>
/// Every step is on disk before the next one empties a table in the kernel, so that it may be killed itself at any moment. A window may then be
/// reported twice, by two boots, in the same words; the service takes the first.
/// </remarks>
/// <param name="files">Where the open window was kept.</param>
/// <param name="capture">What counts.</param>
/// <param name="report">Puts a window that has ended where it cannot be lost.</param>
internal sealed class WindowRecovery(ISpoolFiles files, ILiveCapture capture, Action<WindowCount> report)
{
    // Later than this no cut is that belongs to a window's end.
    private static readonly TimeSpan Punctual = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan LeastCovered = TimeSpan.FromSeconds(1);

    private WindowCount? open = OpenWindowFile.Read(files);

    /// <summary>Does it.</summary>
    /// <param name="now">The present.</param>
    /// <exception cref="IOException">The disk failed; nothing is lost.</exception>
    public WindowBeginning Run(DateTimeOffset now)
    {
        var present = Window.Containing(now);
        var beginning = capture.Inherited is { } inherited ? GoOn(inherited, present, now) : BeginAnew(present, now);
        if (beginning.Continued is null && open is not null)
        {
            report(open);
        }

        return beginning;
    }

    private WindowBeginning BeginAnew(Window present, DateTimeOffset now) => open is { } kept && kept.Window == present && kept.Until <= now
        ? new(kept with { Gap = kept.Gap + (now - kept.Until) }, now, kept.Until, Counted: 0)
        : new(null, now, open?.Until, Counted: 0);

    private WindowBeginning GoOn(CaptureInheritance inherited, Window present, DateTimeOffset now)
    {
        open ??= Unkept(inherited);
        if (inherited.Before.Number > open.Counted)
        {
            Add(inherited.Before, inherited.BeforeBegun, inherited.Begun);
        }

        var isEarlier = Window.Containing(inherited.Begun).WindowsSince(present) < 0;
        if (isEarlier)
        {
            Add(capture.Cut(), inherited.Begun, now);
        }

        open = open with { Until = open.Window.End };
        return open.Window == present
            ? new(open, now, null, open.Counted)
            : new(null, isEarlier ? now : present.Start + Unpunctual(inherited.Begun - present.Start), null, open.Counted);
    }

    /// <summary>Adds a cut to the window that it began in, or to a later one if that one is closed. What belongs on which side of the window's end nobody knows: it must not look exact.</summary>
    private void Add(CaptureCut cut, DateTimeOffset from, DateTimeOffset until)
    {
        var (before, window) = (open!, Window.Containing(from));
        if (window.WindowsSince(before.Window) > 0)
        {
            report(before with { Until = before.Window.End });
            before = Empty(window) with { Gap = Unpunctual(from - window.Start), Vms = before.Vms, Peers = before.Peers };
        }

        var end = before.Window.End;
        open = before.With(cut) with { Until = end, Gap = Together(before.Gap, Unpunctual(until - end)) };
        OpenWindowFile.Write(files, open);
    }

    private static TimeSpan Unpunctual(TimeSpan late) => late > Punctual ? late : TimeSpan.Zero;

    // A window of which nothing was watched is not reported, and this one has figures.
    private static TimeSpan Together(TimeSpan gap, TimeSpan late) =>
        gap + late < Window.Length - LeastCovered ? gap + late : Window.Length - LeastCovered;

    // Where the file is lost, the last cut may have been reported or not: counted twice would be worse than not.
    private static WindowCount Unkept(CaptureInheritance inherited)
    {
        var window = Window.Containing(inherited.Begun);
        return Empty(window) with { Gap = inherited.Begun - window.Start, Counted = inherited.Before.Number };
    }

    private static WindowCount Empty(Window window) =>
        new(window, window.End, TimeSpan.Zero, ImmutableDictionary<string, TimeSpan>.Empty, 0, [], [], [], 0);
}

/// <summary>How the present window begins.</summary>
/// <param name="Continued">As far as it was counted before; null: nobody has.</param>
/// <param name="WatchedFrom">From when on it is watched, where nobody has begun it.</param>
/// <param name="UnwatchedSince">When the watching ended before it began again; null: it did not.</param>
/// <param name="Counted">The number of the last cut that is in this window or in one before.</param>
internal sealed record WindowBeginning(WindowCount? Continued, DateTimeOffset WatchedFrom, DateTimeOffset? UnwatchedSince, long Counted);
