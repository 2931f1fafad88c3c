using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Sites;
using Federation.Grains.Solving;
using Federation.Planning;
using Microsoft.Extensions.Logging;

namespace Federation.Grains;

/// <summary>What an application's placement works out from the world as it is: beside its turns, when the silo's queue lets it.</summary>
/// <remarks>What was worked out is taken up in a turn: what is stored changes one step after another, and a solve of minutes holds nothing up.</remarks>
public sealed partial class PlacementGrain
{
    // What could not be stored is tried again at once, then as often as this.
    private const int MostTries = 3;
    private static readonly TimeSpan TakeUpEvery = TimeSpan.FromSeconds(10);

    private IGrainTimer? worker;
    private int tries;

    private async Task Solve(SolveRun run)
    {
        run.Outcome = await OutcomeOf(run);
        if (!run.Cancelled.IsCancellationRequested)
        {
            tries = 0;
            TakeUpIn(TimeSpan.Zero);
        }
    }

    private async Task<SolveOutcome> OutcomeOf(SolveRun run)
    {
        using var place = run.Place;
        var loop = state.State.Loop;
        try
        {
            await place.Turn.WaitAsync(run.Cancelled);
            var view = await View(run.Request.Windows ?? policy.Value.TrafficWindows, newest: run.Trigger == DecisionTrigger.Asked);
            run.Cancelled.ThrowIfCancellationRequested();
            loop = state.State.Loop;
            if (view is not null && run.Request.Move is { } move)
            {
                view = view with { Wanted = move };
                if (move.Against(view.Application, view.Sites.Select(site => site.Id)) is { } refusal)
                {
                    return new(loop, Refusal: refusal);
                }
            }

            // An advice names the hosts: what they have no room for any more is refused at the step.
            view = view is not null && run.Request.Drain is { } drain ? view with { Drain = drain.Targets is null ? await Within(view, drain) : drain } : view;
            return view is null ? new(loop) : new(loop, view, await place.Run(() => Decide(run, loop, view)));
        }
        catch (OperationCanceledException) when (run.Cancelled.IsCancellationRequested)
        {
            return new(loop);
        }
        catch (Exception fault)
        {
            LogNotSolved(fault, Id.Key, run.Trigger);
            return new(loop, Fault: fault.GetType().Name);
        }
    }

    private Decision Decide(SolveRun run, DecisionState loop, PlacementView view)
    {
        var detail = run.Trigger == DecisionTrigger.Asked ? PlanDetail.Full : PlanDetail.Nearby;
        return DecisionLoop.Decide(policy.Value, loop, view, run.Trigger, seen =>
            Planner.Plan(seen, SolverOf(run.Request), OptionsOf(run.Request) with { Detail = detail }, run.Cancelled));
    }

    private async Task<PlacementView?> View(int windows, bool newest) =>
        await WorldView.Take(GrainFactory, sites, Id, windows, newest, clock) is { } view && view.Application.Id == Id ? policy.Value.In(view) : null;

    // One after another: what the site gives to the first, the second does not get.
    private async Task<HostDrain> Within(PlacementView view, HostDrain drain)
    {
        var stay = ImmutableArray<AdmissionRequest>.Empty;
        foreach (var vm in view.Application.Vms.Where(vm => drain.Vms.Contains(vm.Id) && vm.At?.Site == drain.Site))
        {
            var step = new MigrationId(new(Id, int.MaxValue), stay.Length + 1);
            var all = stay.Add(new(ReservationId.OfStep(step), new(Id, vm.Id), vm.At!.Value.Offer, vm.Needs, CoreHours: 0));
            stay = (await GrainFactory.Site(drain.Site).WouldAdmit(all)).IsFeasible ? all : stay;
        }

        return drain with { Within = [.. stay.Select(request => request.Vm.Vm)] };
    }

    private void TakeUpIn(TimeSpan time)
    {
        if (worker is null)
        {
            worker = this.RegisterGrainTimer(TakeUp, new() { DueTime = time, Period = TakeUpEvery, KeepAlive = true });
        }
        else
        {
            worker.Change(time, TakeUpEvery);
        }
    }

    private async Task TakeUp()
    {
        try
        {
            while (asked.FirstOrDefault(run => run.Value.Outcome is not null) is { Value: not null } solved)
            {
                await TakeUp(solved.Key, solved.Value);
            }

            await TakeUpLook();
        }
        catch (Exception fault)
        {
            LogNotTakenUp(fault, Id.Key);
            TakeUpIn(++tries < MostTries ? TimeSpan.Zero : TakeUpEvery);
            return;
        }

        tries = 0;
        BeginLook();
        if (asked.Count == 0 && look is null && wanted.IsEmpty)
        {
            worker?.Dispose();
            worker = null;
        }
    }

    private static IPlacementSolver SolverOf(PlanRequest request) =>
        Solvers.Named(request.Solver ?? Solvers.Auto) ?? throw new ArgumentException($"there is no solver {request.Solver}");

    // One thread: the queue counts threads, and a solver's others would be the thread pool's.
    private static SolverOptions OptionsOf(PlanRequest request) =>
        new() { Seed = request.Seed ?? 0, TimeLimit = TimeSpan.FromSeconds(request.TimeLimitSeconds ?? 10), Threads = 1 };

    [LoggerMessage(3004, LogLevel.Error, "The placement of {Application} could not be worked out ({Trigger})")]
    private partial void LogNotSolved(Exception fault, string application, DecisionTrigger trigger);

    [LoggerMessage(3005, LogLevel.Warning, "What was worked out for {Application} could not be taken up: it tries again")]
    private partial void LogNotTakenUp(Exception fault, string application);
}
