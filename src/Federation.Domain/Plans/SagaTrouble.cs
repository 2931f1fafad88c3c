using System.Collections.Immutable;
using Federation.Domain.Refusals;

namespace Federation.Domain.Plans;

/// <summary>What becomes of a plan when a step of it fails, or when it is cancelled half-way: it finishes, goes back or stays as it is.</summary>
internal static class SagaTrouble
{
    /// <summary>The comparison that is due, with the choices that there are.</summary>
    public static SagaCommand.Weigh Weigh(PlanSaga saga) => new(saga.Choices.Length, MayFinish(saga), MayGoBack(saga));

    /// <summary>Whether there is nothing to compare: nothing runs, and nothing was done, or somebody took a move back, so that what was done stays.</summary>
    public static bool IsSettled(PlanSaga saga) => PlanSagas.HasToWeigh(saga)
        && (saga.Steps.All(step => step.State != StepState.Done) || saga.Steps.Any(step => step.Refusal is { } why && IsTakenBack(why)));

    /// <summary>Whether a step failed because somebody took its migration back.</summary>
    public static bool IsTakenBack(Refusal why) => why.Root.Code == RefusalCode.MigrationCancelled;

    /// <summary>Takes the way that was found best; one that is not open means to stay.</summary>
    public static PlanSaga Choose(PlanSaga saga, HalfWayChoice choice)
    {
        var chosen = saga with { Choices = saga.Choices.Add(choice) };
        return choice.Way switch
        {
            HalfWay.Finish when MayFinish(saga) => Again(chosen),
            HalfWay.GoBack when MayGoBack(saga) => Back(chosen),
            _ => Stay(chosen),
        };
    }

    /// <summary>Ends where it is.</summary>
    public static PlanSaga Stay(PlanSaga saga) => saga.CancelledBy is { } by
        ? PlanSagas.End(saga, PlanState.Cancelled, Refusal.PlanCancelled(saga.Id.Key, by))
        : PlanSagas.End(saga, PlanState.Failed, saga.Trouble ?? Refusal.PlanFailed(saga.Id.Key));

    /// <summary>Ends when all steps have ended: applied, or back where it began.</summary>
    public static PlanSaga Finish(PlanSaga saga) => !saga.GoesBack
        ? PlanSagas.End(saga, PlanState.Applied, null)
        : saga.CancelledBy is { } by
            ? PlanSagas.End(saga, PlanState.Cancelled, Refusal.PlanCancelled(saga.Id.Key, by))
            : PlanSagas.End(saga, PlanState.Failed, saga.Reason);

    private static bool MayFinish(PlanSaga saga) =>
        !PlanSagas.IsCancelling(saga) && saga.Choices.Count(choice => choice.Way == HalfWay.Finish) < PlanSagas.MostRetries;

    private static bool MayGoBack(PlanSaga saga) => !saga.GoesBack && saga.Steps.Any(step => step.State == StepState.Done);

    // What failed is done anew, under new numbers, and then what it held up.
    private static PlanSaga Again(PlanSaga saga)
    {
        var open = saga.Steps
            .Where(step => step.State == StepState.Pending || (step.State == StepState.Failed && step.IsBack == saga.GoesBack && !IsRepeated(saga, step)))
            .ToList();
        var next = saga.Steps.Length;
        return saga with
        {
            Trouble = null,
            // Asked for again, so that what is kept does not run out.
            Places = saga.Places.ToImmutableSortedDictionary(place => place.Key, _ => false),
            Steps = [
                .. saga.Steps.Select(Dropped),
                .. open.Select(step => step with { Number = ++next, State = StepState.Pending, Refusal = null, Of = step.Number }),
            ],
        };
    }

    private static bool IsRepeated(PlanSaga saga, SagaStep failed) => saga.Steps.Any(step => step.Of == failed.Number && step.IsBack == failed.IsBack);

    // One after the other, the last first: each place was free before its VM left it.
    private static PlanSaga Back(PlanSaga saga)
    {
        var next = saga.Steps.Length;
        var done = saga.Steps.Where(step => step.State == StepState.Done).Reverse();
        var at = 0.0;
        return saga with
        {
            GoesBack = true,
            Trouble = null,
            Reason = saga.Trouble,
            Steps = [.. saga.Steps.Select(Dropped), .. done.Select(step => Reverse(step, ++next, ref at))],
        };
    }

    private static SagaStep Reverse(SagaStep step, int number, ref double at)
    {
        var (begin, lasts) = (at, Math.Max(step.EndSeconds - step.StartSeconds, 1));
        at += lasts;
        return new(
            number, step.Kind == StepKind.Start ? StepKind.Stop : StepKind.Move, step.Vm, step.To, step.From, begin, begin + lasts, step.DowntimeSeconds)
        {
            IsBack = true,
            Of = step.Number,
            Bytes = step.Bytes,
            Terms = step.Terms,
        };
    }

    private static SagaStep Dropped(SagaStep step) => step.State == StepState.Pending ? step with { State = StepState.Dropped } : step;
}
