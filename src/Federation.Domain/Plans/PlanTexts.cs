using System.Globalization;

namespace Federation.Domain.Plans;

/// <summary>What people read of a plan's life: events, documents, answers.</summary>
public static class PlanTexts
{
    /// <summary>How far a plan is, in one sentence; where it waits for approvals, whose are missing and how they are given.</summary>
    public static string Of(PlanSaga saga)
    {
        var plan = saga.Id.Key;
        return saga.State switch
        {
            PlanState.Proposed when saga.Reason is { } reason => $"plan {plan} was not started: {reason}",
            PlanState.Proposed => $"plan {plan} can be applied",
            PlanState.Waiting when saga.Missing is { IsEmpty: false } missing =>
                $"plan {plan} waits for the approval of {string.Join(", ", missing)}: an administrator of the site gives it with 'fedctl plan approve {plan} --site {missing[0]}'",
            PlanState.Waiting when saga.Reason is { } reason => $"plan {plan} is approved and waits: {reason}",
            PlanState.Waiting => $"plan {plan} is approved and is about to begin",
            PlanState.Applying => $"plan {plan} is being applied",
            PlanState.Applied => $"plan {plan} was applied",
            PlanState.Failed => $"plan {plan} failed{(saga.GoesBack ? " and was taken back" : "")}: {saga.Reason}",
            _ => saga.Reason is { } reason ? $"{reason}{(saga.GoesBack ? ", and was taken back" : "")}" : $"plan {plan} is {saga.State}",
        };
    }

    /// <summary>Why an order changed nothing.</summary>
    public static string OfNothingDone(PlanSaga saga) => saga.State switch
    {
        PlanState.Proposed when saga.Decision == PlanDecision.Stay => $"plan {saga.Id.Key} is to stay: there is nothing to do",
        PlanState.Applied => $"plan {saga.Id.Key} was applied before",
        PlanState.Applying => $"plan {saga.Id.Key} is being applied already",
        _ => Of(saga),
    };

    /// <summary>What was chosen half-way, between what, and why.</summary>
    public static string Of(HalfWayChoice choice)
    {
        var trouble = choice.Trouble is { } refusal ? $"{refusal}; " : "";
        return $"{trouble}{Way(choice.Way)} is best: {string.Join("; ", choice.Options.Select(Of))}";
    }

    private static string Of(HalfWayOption option) => option switch
    {
        { Refusal: { } refusal } => $"{Way(option.Way)} is not possible ({refusal})",
        { Terms: { } terms } => string.Create(CultureInfo.InvariantCulture, $"{Way(option.Way)} costs {terms.Cost:0.####} and takes {terms.TimeSeconds:0.#} s from now on"),
        _ => $"{Way(option.Way)} is possible",
    };

    private static string Way(HalfWay way) => way switch
    {
        HalfWay.Finish => "finishing",
        HalfWay.GoBack => "going back",
        _ => "staying as it is",
    };
}
