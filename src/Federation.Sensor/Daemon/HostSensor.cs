using System.Collections.Immutable;
using Federation.Domain.Traffic;
using Federation.Sensor.Discovery;
using Federation.Sensor.Live;
using Federation.Sensor.Reporting;
using Federation.Sensor.Settings;
using Federation.Sensor.Spool;
using Microsoft.Extensions.Logging;

namespace Federation.Sensor.Daemon;

/// <summary>Counts a host's frames window by window and puts what was counted into the spool. Driven by <see cref="Tick"/>.</summary>
/// <remarks>
/// Windows are cut when the wall clock passes their end. In between, the open window is looked at and kept on disk, so that the end of
/// the process costs what came after the last look and nothing else; the next start goes on with it. Not safe for use by several threads,
/// but for <see cref="Status"/>.
/// </remarks>
internal sealed class HostSensor
{
    // A clock that was set back by more is set right: to wait until it has caught up would stop the windows.
    private static readonly TimeSpan LongestStretch = Window.Length;

    private readonly SensorSettings settings;
    private readonly ILiveCapture capture;
    private readonly HostVms vms;
    private readonly Func<IReadOnlyCollection<string>> interfaces;
    private readonly ISpoolFiles files;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly WallClock clock;
    private readonly ReportNumbering numbering;
    private readonly WindowReports reports;
    private readonly PendingReports pending;
    private readonly PointWatch points;
    private OpenWindow open;
    private DateTimeOffset lastTick;
    private DateTimeOffset lastSample;

    /// <summary>Begins to watch.</summary>
    /// <param name="settings">What to do.</param>
    /// <param name="capture">Counts; stays the caller's.</param>
    /// <param name="vms">Tells the VMs of this host.</param>
    /// <param name="interfaces">Tells the interfaces of this host.</param>
    /// <param name="files">Where the open window is kept.</param>
    /// <param name="spool">Where closed windows go.</param>
    /// <param name="boot">New at every start.</param>
    /// <param name="time">Tells the time.</param>
    /// <param name="log">Hears what happens.</param>
    public HostSensor(
        SensorSettings settings, ILiveCapture capture, HostVms vms, Func<IReadOnlyCollection<string>> interfaces, ISpoolFiles files,
        WindowSpool spool, Guid boot, TimeProvider time, ILogger log)
    {
        (this.settings, this.capture, this.vms, this.interfaces) = (settings, capture, vms, interfaces);
        (this.files, this.time, this.log) = (files, time, log);
        clock = new WallClock(time);
        numbering = new ReportNumbering(settings.Sensor, boot);
        reports = new WindowReports(settings);
        pending = new PendingReports(spool, log);
        points = new PointWatch(capture, log);
        lastTick = lastSample = time.GetUtcNow();
        Status = new SensorStatus { Sensor = settings.Sensor, Boot = boot, Backend = capture.Backend, StartedAt = lastTick };
        open = GoOn(new WindowRecovery(files, capture, Report).Run(lastTick));
        points.Update(WantedPoints());
        Keep(lastTick);
        Tell([], TimeSpan.Zero);
    }

    /// <summary>How it is doing; replaced whole.</summary>
    public SensorStatus Status { get; private set; }

    /// <summary>When there is something to do next at the latest.</summary>
    public DateTimeOffset Due => open.Window.End;

    /// <summary>Does what is due: notices VMs, interfaces and the clock, looks at the open window, closes it.</summary>
    /// <returns>Whether a window was closed.</returns>
    public bool Tick()
    {
        var (now, step) = clock.Read();
        var watchedUntil = step < TimeSpan.Zero ? lastTick : now;
        if (step != TimeSpan.Zero)
        {
            Stepped(step, now);
        }

        open.Presence.See(vms.View);
        NoteFaults(Earlier(now, open.Window.End));
        var closes = now >= open.Window.End || open.Window.Start - now > LongestStretch;
        if (closes)
        {
            Close(now, Earlier(watchedUntil, open.Window.End), step);
        }
        else if (now - lastSample >= settings.Capture.Sample || now < lastSample)
        {
            Look(now);
        }

        points.Update(WantedPoints());
        pending.Flush();
        lastTick = now;
        return closes;
    }

    /// <summary>Looks a last time and keeps the open window for the next start.</summary>
    public void Stop()
    {
        Tick();
        Look(time.GetUtcNow());
    }

    /// <param name="now">The present.</param>
    /// <param name="watchedFrom">From when on it is watched; before the window's start: all of it.</param>
    /// <param name="counted">The number of the last cut that is in a window before.</param>
    private OpenWindow Begin(DateTimeOffset now, DateTimeOffset watchedFrom, long counted) =>
        new(Window.Containing(now), vms.View, watchedFrom) { Counted = counted };

    private OpenWindow GoOn(WindowBeginning beginning)
    {
        var window = Begin(lastTick, beginning.WatchedFrom, beginning.Counted);
        if (beginning.Continued is { } begun)
        {
            window.Continue(begun);
            log.WindowResumed(begun.Window, begun.Gap);
        }
        else if (beginning.UnwatchedSince is { } since)
        {
            log.Gap(since, lastTick);
        }

        return window;
    }

    private void Stepped(TimeSpan step, DateTimeOffset now)
    {
        log.ClockStepped(step, open.Window);
        Status = Status with { Counts = Status.Counts with { ClockSteps = Status.Counts.ClockSteps + 1 } };
        if (step > TimeSpan.Zero)
        {
            // The time that was jumped over did not happen here: as much of the window as lies in it was not watched.
            open.Gap += Later(Earlier(now, open.Window.End) - (now - step), TimeSpan.Zero);
            lastTick += step;
        }
        else
        {
            // So much of the window happens twice: it has figures of more than 30 s, and must not look exact.
            open.Gap += -step <= LongestStretch ? Earlier(-step, Window.Length / 2) : TimeSpan.Zero;
            lastTick = now;
        }
    }

    private void NoteFaults(DateTimeOffset until)
    {
        if (until > lastTick && points.Faults.Count > 0)
        {
            open.AddGap(points.Faults.Keys, until - lastTick);
        }
    }

    /// <summary>Cuts, and adds what was counted to the open window.</summary>
    private ImmutableArray<FrameTally> Cut()
    {
        var cut = capture.Cut();
        open.Add(cut);
        points.Lost(cut.Lost);
        Status = Status with { Counts = Status.Counts.With(cut), LeftOut = Status.LeftOut.With(cut) };
        return [.. cut.Tallies];
    }

    private void Look(DateTimeOffset now)
    {
        var tallies = Cut();
        Keep(now);
        Tell(tallies, now - lastSample);
        lastSample = now;
    }

    private void Keep(DateTimeOffset now)
    {
        try
        {
            OpenWindowFile.Write(files, open.Count(Earlier(now, open.Window.End)));
        }
        catch (IOException fault)
        {
            log.SpoolFailed(fault, pending.Count);
        }
    }

    private void Close(DateTimeOffset now, DateTimeOffset watchedUntil, TimeSpan step)
    {
        var tallies = Cut();
        var closed = open;
        var isFollowed = now >= closed.Window.End && now < closed.Window.Next.End;
        if (isFollowed && step <= TimeSpan.Zero)
        {
            open = Begin(now, watchedFrom: closed.Window.End, closed.Counted);
        }
        else
        {
            log.Gap(watchedUntil, now);
            open = Begin(now, watchedFrom: now, closed.Counted);
        }

        Report(closed.Count(watchedUntil));
        if (pending.Count == 0)
        {
            Keep(now);
        }

        Tell(tallies, now - lastSample);
        lastSample = now;
    }

    private void Report(WindowCount count)
    {
        var made = reports.Of(count);
        var numbered = made.Select(entry => (entry.Application, (IReadOnlyList<NumberedReport>)[.. numbering.Number(entry.Reports)]));
        pending.Add(numbered);
        pending.Flush();
        log.WindowClosed(count.Window, made.Sum(entry => entry.Reports.Length), count.Tallies.Sum(tally => tally.Packets), count.Dropped, count.Covered);
        Status = Status with { Counts = Status.Counts.With(count) };
    }

    private void Tell(ImmutableArray<FrameTally> tallies, TimeSpan over) => Status = Status with
    {
        At = time.GetUtcNow(),
        Window = open.Window.Start,
        Watched = [.. points.Watched.Select(point => point.Interface).Order(StringComparer.Ordinal)],
        Faults = points.Faults,
        Vms = [.. vms.View.Vms.Select(vm => vm.Vm.ToString())],
        Pairs = over > TimeSpan.Zero ? PairRates.Of(tallies, vms.View, over, settings.Capture.Kind == CaptureKind.Taps) : [],
    };

    private ImmutableArray<CapturePoint> WantedPoints() => WatchedPoints.Of(settings.Capture, interfaces(), vms.View.Vms);

    private static T Earlier<T>(T a, T b)
        where T : IComparable<T> => a.CompareTo(b) < 0 ? a : b;

    private static T Later<T>(T a, T b)
        where T : IComparable<T> => a.CompareTo(b) > 0 ? a : b;
}
