using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Plans;

/// <summary>The life of a plan as a state machine. Pure: an event gives the next state, and a state says what is due.</summary>
/// <remarks>
/// The driver stores what <see cref="On"/> gives, does one of <see cref="Due"/>, and tells its answer as an event. What is intended is in
/// the state before it is done, and every command can be repeated: a crash between any two of these leaves something to go on with, and
/// what may have been taken somewhere is given back at the end. An event that answers nothing changes nothing.
/// <code>
/// proposed --apply--> waiting --all approve, slot, check--> applying --all done--> applied
///     ^-- slot refused --'  '-- rejected, too late, stale        '-- a step fails --> weigh --> finish | go back | stay --> failed
/// </code>
/// </remarks>
public static class PlanSagas
{
    /// <summary>How often a plan goes on after trouble, before it stays as it is.</summary>
    public const int MostRetries = 2;

    /// <summary>The state after an event.</summary>
    public static PlanSaga On(PlanSaga saga, SagaEvent happened, DateTimeOffset now) => SagaProgress.Advance(Take(saga, happened), now);

    /// <summary>What has to be done now, in any order; each can be repeated. Empty: the plan waits for an event, or is closed.</summary>
    public static ImmutableArray<SagaCommand> Due(PlanSaga saga) => saga.State switch
    {
        PlanState.Proposed => [.. Requests(saga)],
        PlanState.Waiting => [.. Requests(saga), .. Entry(saga)],
        PlanState.Applying => [.. Work(saga)],
        _ => [.. Closing(saga)],
    };

    /// <summary>Whether a command belongs to the entry of a plan: who starts it is told at once what came of that.</summary>
    public static bool IsEntry(SagaCommand command) => command is SagaCommand.RequestApproval or SagaCommand.ClaimSlot or SagaCommand.Check;

    /// <summary>Whether it has ended, the placement knows, and the application is free again; a site that is away may still keep something.</summary>
    public static bool IsSettled(PlanSaga saga) => saga is { IsTold: true, Slot: SlotProgress.None } && saga.State.IsEnd();

    /// <summary>Why a plan cannot be started; null: it can, or it was before, or there is nothing to do.</summary>
    public static Refusal? AgainstStart(PlanSaga saga) => (saga.State, saga.Decision) switch
    {
        (PlanState.Proposed, PlanDecision.Infeasible) => Refusal.PlanInfeasible(saga.Id.Key),
        (PlanState.Failed or PlanState.Rejected or PlanState.Superseded or PlanState.Cancelled, _) => AgainstOrder(saga),
        _ => null,
    };

    /// <summary>Why an order changes nothing any more; null: the plan was applied, or goes on.</summary>
    public static Refusal? AgainstOrder(PlanSaga saga) => saga.State switch
    {
        PlanState.Failed => Refusal.PlanFailed(saga.Id.Key),
        PlanState.Rejected or PlanState.Superseded or PlanState.Cancelled => saga.Reason,
        _ => null,
    };

    /// <summary>Whether all that failed half-way is over and a way on has to be chosen.</summary>
    internal static bool HasToWeigh(PlanSaga saga) => saga.State == PlanState.Applying && (saga.Trouble is not null || IsCancelling(saga))
        && saga.Steps.All(step => step.State != StepState.Running);

    /// <summary>Whether it was cancelled while it was being applied, and has not turned back for it yet.</summary>
    internal static bool IsCancelling(PlanSaga saga) => saga.CancelledBy is not null && !saga.GoesBack;

    private static PlanSaga Take(PlanSaga saga, SagaEvent happened) => happened switch
    {
        SagaEvent.Apply apply when saga.State == PlanState.Proposed && saga.Decision is PlanDecision.Place or PlanDecision.Migrate => Start(saga, apply),
        SagaEvent.Cancel { By: var by } => Cancel(saga, by),
        SagaEvent.Superseded { By: var by } => Drop(saga, PlanState.Superseded, Refusal.PlanSuperseded(saga.Id.Key, by.Key)),
        SagaEvent.Outdated { Why: var why } => Drop(saga, PlanState.Superseded, why),
        SagaEvent.ApprovalWanted { Site: var site } when saga.State == PlanState.Proposed && !saga.Approvals.ContainsKey(site) =>
            saga with { Approvals = saga.Approvals.Add(site, ApprovalProgress.Asked) },
        SagaEvent.ApprovalRequested { Site: var site } => SetApproval(saga, site, ApprovalProgress.Requested, ApprovalProgress.Asked, ApprovalProgress.Lost)
            with { HasWaited = saga.HasWaited || saga.State == PlanState.Waiting },
        SagaEvent.ApprovalGiven { Site: var site } => SetApproval(saga, site, ApprovalProgress.Given),
        SagaEvent.ApprovalLost lost => SetApproval(saga, lost.Site, ApprovalProgress.Lost, ApprovalProgress.Given, ApprovalProgress.Requested),
        SagaEvent.ApprovalRejected rejected when saga.Approvals.ContainsKey(rejected.Site) => Drop(saga, PlanState.Rejected, rejected.Why),
        SagaEvent.ApprovalDropped { Site: var site } when saga.State.IsEnd() => saga with { Approvals = saga.Approvals.Remove(site) },
        SagaEvent.SlotGiven when saga.Slot == SlotProgress.Wanted => saga with { Slot = SlotProgress.Held },
        SagaEvent.SlotRefused { Why: var why } when saga is { State: PlanState.Waiting, Slot: SlotProgress.Wanted } => Refused(saga, why),
        SagaEvent.SlotReleased when saga.State.IsEnd() => saga with { Slot = SlotProgress.None },
        SagaEvent.Checked { Verdict: var verdict } when saga is { State: PlanState.Waiting, Slot: SlotProgress.Held } => verdict.Refusal is { } stale
            ? End(saga, PlanState.Failed, stale)
            : saga with { IsChecked = true, Reason = null },
        SagaEvent.PlacesKept { Site: var site } when saga.Places.ContainsKey(site) => saga with { Places = saga.Places.SetItem(site, true) },
        SagaEvent.PlacesRefused refused when saga.State == PlanState.Applying && saga.Places.GetValueOrDefault(refused.Site, true) is false =>
            saga with { Trouble = saga.Trouble ?? Refusal.NoPlace(refused.Site, refused.Why) },
        SagaEvent.PlacesGivenBack { Site: var site } => saga with { Places = saga.Places.Remove(site) },
        SagaEvent.StepDone { Step: var step } => SetStep(saga, step, StepState.Done, null),
        SagaEvent.StepFailed failed => Fail(saga, failed),
        SagaEvent.StepUnknown unknown => SetStep(saga, unknown.Step, StepState.Running, unknown.Why),
        SagaEvent.Weighed weighed when HasToWeigh(saga) && weighed.Round == saga.Choices.Length => SagaTrouble.Choose(saga, weighed.Choice),
        SagaEvent.Told when saga.State.IsEnd() => saga with { IsTold = true },
        _ => saga,
    };

    private static PlanSaga Start(PlanSaga saga, SagaEvent.Apply apply) => saga with
    {
        State = PlanState.Waiting,
        StartedBy = apply.By,
        WaitsUntil = apply.Until,
        Reason = null,
        Approvals = saga.Approvals.AddRange(apply.Needs.Where(site => !saga.Approvals.ContainsKey(site))
            .Select(site => KeyValuePair.Create(site, ApprovalProgress.Asked))),
    };

    private static PlanSaga Cancel(PlanSaga saga, string by) => saga.State switch
    {
        PlanState.Applying => saga with { CancelledBy = saga.CancelledBy ?? by },
        _ => Drop(saga with { CancelledBy = saga.State.IsEnd() ? saga.CancelledBy : by }, PlanState.Cancelled, Refusal.PlanCancelled(saga.Id.Key, by)),
    };

    // Only a plan that has done nothing yet can be dropped from outside.
    private static PlanSaga Drop(PlanSaga saga, PlanState state, Refusal why) =>
        saga.State is PlanState.Proposed or PlanState.Waiting ? End(saga, state, why) : saga;

    /// <summary>The end, with its reason; steps that were never begun are dropped.</summary>
    internal static PlanSaga End(PlanSaga saga, PlanState state, Refusal? why) => saga with
    {
        State = state,
        Reason = why,
        Trouble = null,
        Steps = [.. saga.Steps.Select(step => step.State == StepState.Pending ? step with { State = StepState.Dropped } : step)],
    };

    // Whoever ordered the start is told at once; one that has waited for approvals goes on waiting.
    private static PlanSaga Refused(PlanSaga saga, Refusal why) => why.Kind != RefusalKind.Temporary
        ? End(saga, PlanState.Failed, why)
        : saga with { State = saga.HasWaited ? PlanState.Waiting : PlanState.Proposed, Reason = why };

    private static PlanSaga SetApproval(PlanSaga saga, SiteId site, ApprovalProgress to, params ReadOnlySpan<ApprovalProgress> from) =>
        !saga.State.IsEnd() && saga.Approvals.TryGetValue(site, out var known) && (from.IsEmpty || from.Contains(known))
            ? saga with { Approvals = saga.Approvals.SetItem(site, to) }
            : saga;

    private static PlanSaga SetStep(PlanSaga saga, int number, StepState state, Refusal? refusal)
    {
        var index = number - 1;
        return index >= 0 && index < saga.Steps.Length && saga.Steps[index] is { State: StepState.Running } step
            ? saga with { Steps = saga.Steps.SetItem(index, step with { State = state, Refusal = refusal }) }
            : saga;
    }

    private static PlanSaga Fail(PlanSaga saga, SagaEvent.StepFailed failed)
    {
        var next = SetStep(saga, failed.Step, StepState.Failed, failed.Why);
        return ReferenceEquals(next, saga) ? saga : next with
        {
            Trouble = saga.Trouble ?? failed.Why,
            // Who takes a move back cancels its plan from there on.
            CancelledBy = saga.CancelledBy ?? (SagaTrouble.IsTakenBack(failed.Why) ? failed.Why.Root.Arguments.By : null),
        };
    }

    private static IEnumerable<SagaCommand> Requests(PlanSaga saga) => saga.Approvals
        .Where(approval => approval.Value is ApprovalProgress.Asked or ApprovalProgress.Lost)
        .Select(approval => new SagaCommand.RequestApproval(approval.Key));

    private static IEnumerable<SagaCommand> Entry(PlanSaga saga) => saga.Slot switch
    {
        SlotProgress.Wanted => [new SagaCommand.ClaimSlot()],
        SlotProgress.Held when !saga.IsChecked => [new SagaCommand.Check()],
        _ => [],
    };

    private static IEnumerable<SagaCommand> Work(PlanSaga saga)
    {
        foreach (var step in saga.Steps.Where(step => step.State == StepState.Running))
        {
            yield return new SagaCommand.Run(step.Number);
        }

        if (HasToWeigh(saga))
        {
            yield return SagaTrouble.Weigh(saga);
        }
        else if (saga.Trouble is null && !IsCancelling(saga))
        {
            foreach (var place in saga.Places.Where(place => !place.Value))
            {
                yield return new SagaCommand.KeepPlaces(place.Key);
            }
        }
    }

    // The slot comes last: until then nothing else changes what the placement is about to learn.
    private static IEnumerable<SagaCommand> Closing(PlanSaga saga)
    {
        foreach (var site in saga.Places.Keys)
        {
            yield return new SagaCommand.GiveBackPlaces(site);
        }

        foreach (var site in saga.Approvals.Keys)
        {
            yield return new SagaCommand.DropApproval(site);
        }

        if (!saga.IsTold)
        {
            yield return new SagaCommand.Tell();
        }
        else if (saga.Slot != SlotProgress.None)
        {
            yield return new SagaCommand.ReleaseSlot();
        }
    }
}
