using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Grains.Solving;

namespace Federation.Grains;

/// <summary>The service's own looks at an application's placement: one at a time, and of those that wait one for each reason.</summary>
public sealed partial class PlacementGrain
{
    private static readonly TimeSpan LookPatience = TimeSpan.FromMinutes(2);

    private ImmutableSortedSet<DecisionTrigger> wanted = [];
    private SolveRun? look;

    // Ends when no look is wanted any more.
    private TaskCompletionSource? allLooked;

    /// <inheritdoc/>
    public Task Reevaluate(DecisionTrigger trigger)
    {
        wanted = wanted.Add(trigger);
        BeginLook();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task Look(DecisionTrigger trigger)
    {
        var over = (allLooked ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        await Reevaluate(trigger);
        await WindowSignal.Wait(over, LookPatience, clock, CancellationToken.None);
    }

    private void BeginLook()
    {
        // While a plan is under way a look says nothing: no turn is taken for it.
        wanted = state.State.Loop.UnderWay is null ? wanted : wanted.Clear();
        if (look is null && wanted.IsEmpty)
        {
            allLooked?.TrySetResult();
            allLooked = null;
        }

        if (look is not null || wanted.IsEmpty)
        {
            return;
        }

        TakeUpIn(TakeUpEvery);
        var place = solvers.Ask(Id.Tenant, SolveKind.Automatic);
        if (place.Refusal is null)
        {
            look = new(place, wanted[0], new(null, null, null, null), clock.GetUtcNow());
            wanted = wanted.Remove(look.Trigger);
            Solve(look).Ignore();
        }
    }

    private async Task TakeUpLook()
    {
        if (look is { Outcome: { } outcome } run)
        {
            // Whatever stops it here: it is looked again when time has passed, from the world as it is then.
            look = null;
            run.Dispose();
            if (outcome is { View: { } view, Decision: { Plan: not null } decision } && InForce(run, outcome, view, decision) is { } now)
            {
                await CarryOut(run.Trigger, view, now);
            }
        }
    }

    // Plans were started or have ended meanwhile. Where VMs have moved or a gain was noted, the look was of a world that is gone.
    private Decision? InForce(SolveRun run, SolveOutcome outcome, PlacementView view, Decision decision)
    {
        var loop = state.State.Loop;
        if (ReferenceEquals(loop, outcome.Loop))
        {
            return decision;
        }

        if (!ReferenceEquals(loop.History, outcome.Loop.History))
        {
            wanted = wanted.Add(run.Trigger);
            return null;
        }

        return DecisionLoop.Decide(policy.Value, loop, view, run.Trigger, _ => decision.Plan!) is { Plan: not null } anew ? anew : null;
    }

    private async Task CarryOut(DecisionTrigger trigger, PlacementView view, Decision decision)
    {
        state.State.Loop = decision.Next;
        await this.Store(state);
        if (decision.NeedNotLeave)
        {
            await events.Record("plan.leaving", $"{Id} need not leave any more: {PlanReasonText.Of(decision.Plan!.Why[0])}", Id);
        }

        foreach (var order in decision.Orders)
        {
            var id = order.Known ?? (await Propose(new(Id, ++state.State.LastNumber), view, order, CauseOf(trigger, order))).Id;
            if (order.Applies && await GrainFactory.Plan(id).Apply() is { Refusal: null })
            {
                break;
            }
        }

        await LookAgain();
    }

    private static string CauseOf(DecisionTrigger trigger, PlanOrder order) => trigger switch
    {
        _ when order.Departs => "time for later moves, as planned",
        DecisionTrigger.LeaveDue => "time for later moves",
        DecisionTrigger.EventDue => "what was known to happen has happened",
        DecisionTrigger.VmsLost => "VMs were lost with their host",
        DecisionTrigger.SitesChanged => "a site changed",
        DecisionTrigger.GroupsChanged => "the communication groups changed",
        DecisionTrigger.GainSeen => "moving has paid for a while",
        _ => "time has passed",
    };
}
