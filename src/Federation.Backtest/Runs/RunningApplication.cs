using System.Collections.Immutable;
using Federation.Backtest.Worlds;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Plans;

namespace Federation.Backtest.Runs;

/// <summary>One application on its way: where it is, how far it is. Mutable.</summary>
/// <param name="number">Its number in the world.</param>
/// <param name="simulated">What it is.</param>
/// <param name="recorder">Where work and stays are written.</param>
internal sealed class RunningApplication(int number, SimulatedApplication simulated, RunRecorder recorder)
{
    private readonly DateTimeOffset[] since = new DateTimeOffset[simulated.Spec.Vms.Length];
    private readonly List<Stretch> behind = [];
    private DateTimeOffset last;
    private DateTimeOffset standsUntil;
    private DateTimeOffset stretchFrom;
    private DateTimeOffset? pausedAt;
    private double stretchWork;
    private double done;
    private int phase;

    /// <summary>Its number in the world.</summary>
    public int Number => number;

    /// <summary>What it is.</summary>
    public SimulatedApplication Simulated => simulated;

    /// <summary>Each VM's location; empty: it is nowhere yet.</summary>
    public ImmutableArray<Location> Placement { get; private set; } = [];

    /// <summary>What the decision loop remembers of it.</summary>
    public DecisionState Memory { get; set; } = new();

    /// <summary>Counts up whenever what was to happen next may have changed.</summary>
    public int Version { get; set; }

    /// <summary>Seconds for a second's worth of work where it is.</summary>
    public double SecondsPerWork { get; private set; } = 1;

    /// <summary>Whether it runs somewhere.</summary>
    public bool IsPlaced => !Placement.IsEmpty;

    /// <summary>Whether it stands because a site is gone.</summary>
    public bool IsPaused => pausedAt is not null;

    /// <summary>Whether all of its work is done.</summary>
    public bool IsDone => done >= simulated.Work;

    /// <summary>What lies ahead of it, as one phase: the mean traffic of all the work that is left.</summary>
    public SimulatedPhase Ahead => simulated.Ahead(done);

    /// <summary>What it has said lately, as one phase: the mean traffic of what was done in that time.</summary>
    /// <param name="now">The present.</param>
    /// <param name="memory">How long; zero, or nothing done in that time: the phase that it is in.</param>
    public SimulatedPhase Seen(DateTimeOffset now, TimeSpan memory)
    {
        var work = new double[simulated.Phases.Length];
        foreach (var stretch in behind.Append(new(number, phase, Placement, stretchFrom, now, stretchWork)))
        {
            var seen = stretch.Until - Later(stretch.From, now - memory);
            work[stretch.Phase] += seen > TimeSpan.Zero ? stretch.Seconds * (seen / (stretch.Until - stretch.From)) : 0;
        }

        return work.Sum() > 0 ? simulated.Mean(work) : simulated.Phases[phase];
    }

    /// <summary>Its description as of now: where its VMs are and how long it will take there.</summary>
    public Application Spec => simulated.Spec with
    {
        Remaining = TimeSpan.FromTicks(Math.Max(1, (long)((simulated.Work - done) * SecondsPerWork * TimeSpan.TicksPerSecond))),
        Vms = IsPlaced
            ? [.. simulated.Spec.Vms.Select((vm, index) => vm with { At = Placement[index] })]
            : simulated.Spec.Vms,
    };

    /// <summary>When the phase or the work ends if nothing comes between; null if it does not run.</summary>
    public DateTimeOffset? NextChange(DateTimeOffset now)
    {
        if (!IsPlaced || IsPaused)
        {
            return null;
        }

        var work = Math.Min(simulated.PhaseAt(done).Left, simulated.Work - done);
        // One tick past, so that rounding never stops short of it.
        var ticks = (long)Math.Ceiling(work * SecondsPerWork * TimeSpan.TicksPerSecond) + 1;
        return Later(now, standsUntil).AddTicks(ticks);
    }

    /// <summary>Works up to an instant.</summary>
    public void Advance(DateTimeOffset now, Pace pace)
    {
        if (IsPlaced && !IsPaused)
        {
            var worked = Math.Max(0, (now - Later(last, standsUntil)).TotalSeconds) / SecondsPerWork;
            worked = Math.Min(worked, simulated.Work - done);
            done += worked;
            stretchWork += worked;
        }

        last = now;
        if (simulated.PhaseAt(done).Phase != phase && !IsDone)
        {
            EndStretch(now);
            phase = simulated.PhaseAt(done).Phase;
            Measure(pace);
        }
    }

    /// <summary>Starts where it was placed.</summary>
    public void Start(ImmutableArray<Location> placement, DateTimeOffset now, Pace pace)
    {
        Placement = placement;
        Array.Fill(since, now);
        (last, standsUntil, stretchFrom) = (now, now, now);
        Measure(pace);
        recorder.Started(number, now);
    }

    /// <summary>Moves VMs: at once, but for the time in which they stand still.</summary>
    public void Move(IReadOnlyCollection<MigrationStep> steps, DateTimeOffset now, Pace pace)
    {
        EndStretch(now);
        foreach (var step in steps)
        {
            var vm = IndexOf(step.Vm);
            recorder.Add(new Stay(number, vm, step.From, since[vm], now, step.Estimate.DurationSeconds));
            since[vm] = now;
            Placement = Placement.SetItem(vm, step.To);
        }

        standsUntil = Later(now, standsUntil).AddSeconds(steps.Sum(step => step.Estimate.DelaySeconds));
        Measure(pace);
    }

    /// <summary>Stands while sites are gone: what is there stops, and is not paid for.</summary>
    public void Pause(DateTimeOffset now, Func<Location, bool> isGone)
    {
        EndStretch(now);
        pausedAt = now;
        for (var vm = 0; vm < since.Length; vm++)
        {
            if (isGone(Placement[vm]))
            {
                recorder.Add(new Stay(number, vm, Placement[vm], since[vm], now, 0));
                since[vm] = DateTimeOffset.MaxValue;
            }
        }
    }

    /// <summary>Goes on where it was.</summary>
    public void Resume(DateTimeOffset now)
    {
        recorder.Paused(number, now - pausedAt!.Value);
        (pausedAt, last, stretchFrom) = (null, now, now);
        for (var vm = 0; vm < since.Length; vm++)
        {
            since[vm] = since[vm] == DateTimeOffset.MaxValue ? now : since[vm];
        }
    }

    /// <summary>Ends, done or not; writes what is left to write.</summary>
    public void End(DateTimeOffset now)
    {
        EndStretch(now);
        for (var vm = 0; vm < since.Length && IsPlaced; vm++)
        {
            if (since[vm] <= now)
            {
                recorder.Add(new Stay(number, vm, Placement[vm], since[vm], now, 0));
            }
        }

        if (IsDone)
        {
            recorder.Finished(number, now);
        }
    }

    /// <summary>A VM's place in the application.</summary>
    public int IndexOf(VmId vm)
    {
        for (var index = 0; index < simulated.Spec.Vms.Length; index++)
        {
            if (simulated.Spec.Vms[index].Id == vm)
            {
                return index;
            }
        }

        throw new ArgumentException($"{simulated.Spec.Id} has no {vm}", nameof(vm));
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private void Measure(Pace pace) => SecondsPerWork = pace.SecondsPerWork(number, simulated, phase, Placement)
        ?? throw new InvalidOperationException($"{simulated.Spec.Id} was placed where its VMs cannot talk");

    private void EndStretch(DateTimeOffset now)
    {
        if (stretchWork > 0)
        {
            behind.Add(new(number, phase, Placement, stretchFrom, now, stretchWork));
            recorder.Add(behind[^1]);
        }

        (stretchFrom, stretchWork) = (now, 0);
    }
}
