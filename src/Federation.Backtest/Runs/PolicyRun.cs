using System.Collections.Immutable;
using Federation.Backtest.Policies;
using Federation.Backtest.Worlds;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Plans;

namespace Federation.Backtest.Runs;

/// <summary>Lives through a world under one policy, in virtual time: from event to event, without waiting for anything.</summary>
/// <remarks>
/// The service's decisions on the domain's truth: applications are evaluated when they come, when a price, a site or their phase changes,
/// and in the next window while a gain has to persist. Moves take effect at once; the old places are paid for while they last, and
/// the application stands still for their downtimes. One thread; the same world, policy and solver give the same log.
/// </remarks>
internal sealed class PolicyRun
{
    private readonly World world;
    private readonly MovingPolicy policy;
    private readonly IPlacementSolver solver;
    private readonly SolverOptions options;
    private readonly RunRecorder recorder;
    private readonly QuotaBook quotas;
    private readonly Pace pace;
    private readonly SortedDictionary<int, RunningApplication> active = [];
    private readonly PriorityQueue<Happening, (DateTimeOffset At, int Order, int Application)> agenda = new();

    private PolicyRun(World world, MovingPolicy policy, IPlacementSolver solver, SolverOptions options)
    {
        (this.world, this.policy, this.solver) = (world, policy, solver);
        // Alternatives are left out of automatic plans: nobody looks at them. Policies are compared by what they make of each moment.
        this.options = options with { Detail = PlanDetail.Decision, LooksAhead = false };
        (recorder, quotas, pace) = (new(world), new(world), new(world));
        foreach (var (number, application) in world.Applications.Index())
        {
            agenda.Enqueue(new(number, Happening.Arrives), (application.Arrival, 1, number));
        }

        foreach (var change in world.Changes)
        {
            agenda.Enqueue(Happening.WorldChanges, (change, 2, 0));
        }
    }

    /// <summary>Runs to the end.</summary>
    /// <param name="world">The world.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="solver">Who looks for placements.</param>
    /// <param name="options">How it looks.</param>
    /// <param name="progress">Told how far it is, [0, 1], now and then.</param>
    /// <param name="cancel">Gives it up.</param>
    public static RunLog Run(
        World world, MovingPolicy policy, IPlacementSolver solver, SolverOptions options, Action<double>? progress, CancellationToken cancel)
    {
        var run = new PolicyRun(world, policy, solver, options);
        run.Live(progress, cancel);
        return run.recorder.ToLog(policy.Name);
    }

    private void Live(Action<double>? progress, CancellationToken cancel)
    {
        var waiting = world.Applications.Length;
        var (length, now) = (world.Scenario.Length, world.Scenario.Start);
        while ((waiting > 0 || active.Count > 0) && agenda.TryDequeue(out var happening, out var key) && key.At < world.End)
        {
            cancel.ThrowIfCancellationRequested();
            now = key.At;
            if (happening.Application == Happening.EveryApplication)
            {
                progress?.Invoke(Math.Min(1, (now - world.Scenario.Start) / length));
                ChangeWorld(now);
            }
            else if (happening.Version == Happening.Arrives)
            {
                waiting--;
                var application = new RunningApplication(happening.Application, world.Applications[happening.Application], recorder);
                active.Add(happening.Application, application);
                Evaluate(application, now);
            }
            else if (active.TryGetValue(happening.Application, out var running) && running.Version == happening.Version)
            {
                Go(running, now);
            }
        }

        foreach (var left in active.Values)
        {
            left.Advance(now, pace);
            left.End(now);
        }

        progress?.Invoke(1);
    }

    private void ChangeWorld(DateTimeOffset now)
    {
        foreach (var application in active.Values.ToList())
        {
            if (application.IsPaused && !application.Placement.Any(at => IsGone(at, now)))
            {
                application.Resume(now);
            }

            Go(application, now);
            if (application is { IsPlaced: true, IsPaused: false, IsDone: false } && application.Placement.Any(at => IsGone(at, now)))
            {
                application.Pause(now, at => IsGone(at, now));
                Plan(application, now);
            }
        }
    }

    private bool IsGone(Location at, DateTimeOffset now) => world.Site(at.Site).AvailableUntil(now) is null;

    private void Go(RunningApplication application, DateTimeOffset now)
    {
        application.Advance(now, pace);
        if (application.IsDone)
        {
            application.End(now);
            quotas.End(application.Simulated.Spec, application.Placement, now);
            active.Remove(application.Number);
        }
        else
        {
            Evaluate(application, now);
        }
    }

    private void Evaluate(RunningApplication application, DateTimeOffset now)
    {
        // What stands at a site that is gone cannot be moved away from it.
        var stuck = application.IsPaused || (application.IsPlaced && application.Placement.Any(at => IsGone(at, now)));
        if (!stuck && (policy.Moves || !application.IsPlaced))
        {
            recorder.Evaluations++;
            var trigger = application.IsPlaced ? DecisionTrigger.TimePassed : DecisionTrigger.Arrived;
            var decision = policy.Decide(ViewOf(application, now), application.Memory, trigger, solver, options);
            application.Memory = decision.Next;
            // The first that can be carried out.
            _ = decision.Orders.Any(order => order.Applies && TryApply(application, order.Plan, now));
        }

        Plan(application, now);
    }

    // When to look at it next.
    private void Plan(RunningApplication application, DateTimeOffset now)
    {
        application.Version++;
        var next = application.NextChange(now);
        if (!application.IsPaused && DecisionLoop.LookAgain(application.Memory, now)?.At is { } look)
        {
            next = next < look ? next : look;
        }

        if (next is { } at)
        {
            agenda.Enqueue(new(application.Number, application.Version), (at, 0, application.Number));
        }
    }

    private PlacementView ViewOf(RunningApplication application, DateTimeOffset now)
    {
        var used = quotas.UsedByOthers(application.Simulated.Spec, now);
        var phase = policy.KnowsFuture ? application.Ahead : application.Seen(now, policy.Memory);
        return new()
        {
            Application = application.Spec,
            Sites = world.SitesAt(now, policy.KnowsFuture, policy.Timing.PriceReversionSeconds),
            // The same work in more or less time is the same traffic over more or less time.
            Traffic = phase.Traffic with { Period = phase.Traffic.Period * application.SecondsPerWork },
            Groups = phase.Groups,
            Now = now,
            UsedByOthers = used.ToImmutableSortedDictionary(entry => entry.Key, entry => entry.Value.OfTenant),
            UsedByAllOthers = used.ToImmutableSortedDictionary(entry => entry.Key, entry => entry.Value.OfAll),
        };
    }

    private bool TryApply(RunningApplication application, Plan plan, DateTimeOffset now)
    {
        // Where the plan leads: where its VMs are after its last steps.
        var placement = plan.Placement.Select(vm => vm.Location).ToImmutableArray();
        var spec = application.Simulated.Spec;
        var phases = Enumerable.Range(0, application.Simulated.Phases.Length);
        if (phases.Any(phase => pace.SecondsPerWork(application.Number, application.Simulated, phase, placement) is null))
        {
            // A policy that does not see traffic may want to part VMs that have no link: that does not come about.
            return false;
        }

        if (!application.IsPlaced)
        {
            if (!quotas.TryStart(spec, plan, now))
            {
                return false;
            }

            application.Start(placement, now, pace);
        }
        else if (!plan.Steps.IsEmpty)
        {
            if (!quotas.TryMove(spec, plan, now))
            {
                return false;
            }

            Record(application, plan, now);
            application.Move(plan.Steps, now, pace);
        }

        application.Memory = DecisionLoop.Ended(
            application.Memory, default, plan, PlanState.Applied, [.. plan.Steps.Select(step => step.Vm).Distinct()], now);
        return true;
    }

    private void Record(RunningApplication application, Plan plan, DateTimeOffset now) => recorder.Add(
        new TakenPlan(application.Number, now, plan.IsForced, plan.Before?.Cost - plan.After?.Cost, plan.Steps.Length),
        plan.Steps.Select(step => new VmMove(
            application.Number, application.IndexOf(step.Vm), step.From, step.To, now, plan.IsForced, step.Estimate.Bytes,
            step.Estimate.DowntimeSeconds)));

    // Something that happens to one application, or to all.
    private readonly record struct Happening(int Application, int Version)
    {
        public const int EveryApplication = -1;
        public const int Arrives = -1;

        public static Happening WorldChanges => new(EveryApplication, 0);
    }
}
