using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Plans;

/// <summary>One line of a plan's record, which only grows.</summary>
/// <param name="At">When.</param>
/// <param name="Event">What happened: the event's name, as <c>apply</c> or <c>stepDone</c>.</param>
/// <param name="State">The plan's state afterwards.</param>
/// <param name="By">The person or the plan that it came from; null: neither.</param>
/// <param name="Site">The site that it is about; null: none.</param>
/// <param name="Step">The step; null: none.</param>
/// <param name="Why">The refusal; null: none.</param>
public sealed record PlanEntry(
    DateTimeOffset At, string Event, PlanState State, string? By = null, SiteId? Site = null, int? Step = null, Refusal? Why = null)
{
    /// <summary>The entry of an event.</summary>
    public static PlanEntry Of(SagaEvent happened, PlanState state, DateTimeOffset at)
    {
        var name = happened.GetType().Name;
        var entry = new PlanEntry(at, char.ToLowerInvariant(name[0]) + name[1..], state);
        return happened switch
        {
            SagaEvent.Apply apply => entry with { By = apply.By },
            SagaEvent.Cancel cancel => entry with { By = cancel.By },
            SagaEvent.Superseded superseded => entry with { By = superseded.By.Local },
            SagaEvent.Outdated outdated => entry with { Why = outdated.Why },
            SagaEvent.ApprovalWanted(var site) => entry with { Site = site },
            SagaEvent.ApprovalRequested(var site) => entry with { Site = site },
            SagaEvent.ApprovalGiven(var site) => entry with { Site = site },
            SagaEvent.ApprovalLost lost => entry with { Site = lost.Site, Why = lost.Why },
            SagaEvent.ApprovalRejected rejected => entry with { Site = rejected.Site, Why = rejected.Why },
            SagaEvent.SlotRefused refused => entry with { Why = refused.Why },
            SagaEvent.Checked check => entry with { Why = check.Verdict.Refusal },
            SagaEvent.PlacesKept(var site) => entry with { Site = site },
            SagaEvent.PlacesRefused refused => entry with { Site = refused.Site, Why = refused.Why },
            SagaEvent.StepDone(var step) => entry with { Step = step },
            SagaEvent.StepFailed failed => entry with { Step = failed.Step, Why = failed.Why },
            SagaEvent.StepUnknown unknown => entry with { Step = unknown.Step, Why = unknown.Why },
            SagaEvent.Weighed weighed => entry with { By = weighed.Choice.Way.ToString(), Why = weighed.Choice.Trouble },
            _ => entry,
        };
    }
}
