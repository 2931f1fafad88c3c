using Federation.Domain.Refusals;

namespace Federation.Domain.Plans;

/// <summary>What follows from a saga's state by itself: intents are noted, so that they are stored before anything is done.</summary>
internal static class SagaProgress
{
    /// <summary>The state with everything noted that can be by now.</summary>
    public static PlanSaga Advance(PlanSaga saga, DateTimeOffset now) => saga.State switch
    {
        PlanState.Waiting => Enter(saga, now),
        PlanState.Applying => Work(saga),
        _ => saga,
    };

    private static PlanSaga Enter(PlanSaga saga, DateTimeOffset now)
    {
        var missing = saga.Missing;
        if (saga.WaitsUntil <= now)
        {
            return PlanSagas.End(
                saga, PlanState.Failed, missing.IsEmpty ? saga.Reason ?? Refusal.PlanFailed(saga.Id.Key) : Refusal.ApprovalMissing(saga.Id.Key, missing));
        }

        if (!missing.IsEmpty)
        {
            return saga;
        }

        return saga.IsChecked ? Work(saga with { State = PlanState.Applying })
            : saga.Slot == SlotProgress.None ? saga with { Slot = SlotProgress.Wanted }
            : saga;
    }

    private static PlanSaga Work(PlanSaga saga)
    {
        if (saga.Trouble is not null || PlanSagas.IsCancelling(saga))
        {
            return SagaTrouble.IsSettled(saga) ? SagaTrouble.Stay(saga) : saga;
        }

        var begun = Begin(WithPlaces(saga));
        return begun.Steps.All(step => step.HasEnded) ? SagaTrouble.Finish(begun) : begun;
    }

    // All VMs that start have their places before the first one does: all of them start, or none.
    private static PlanSaga WithPlaces(PlanSaga saga)
    {
        var starting = saga.Steps.Where(step => step is { Kind: StepKind.Start, State: StepState.Pending });
        if (saga.Steps.Any(step => step is { Kind: StepKind.Move, HasEnded: false }))
        {
            return saga;
        }

        var wanted = starting.Select(step => step.To!.Value.Site).Distinct().Where(site => !saga.Places.ContainsKey(site));
        return saga with { Places = saga.Places.AddRange(wanted.Select(site => KeyValuePair.Create(site, false))) };
    }

    private static PlanSaga Begin(PlanSaga saga)
    {
        var steps = saga.Steps.ToBuilder();
        var open = new List<SagaStep>();
        for (var i = 0; i < steps.Count; i++)
        {
            var step = steps[i];
            var mayBegin = step.State == StepState.Pending
                && (step.Kind != StepKind.Start || saga.Places.Values.All(isKept => isKept))
                && !open.Exists(step.Follows);
            if (!step.HasEnded)
            {
                open.Add(step);
            }

            steps[i] = mayBegin ? step with { State = StepState.Running } : step;
        }

        return saga with { Steps = steps.DrainToImmutable() };
    }
}
