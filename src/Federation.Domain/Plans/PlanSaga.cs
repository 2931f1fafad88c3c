using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Plans;

/// <summary>How far a site's approval of a plan is.</summary>
public enum ApprovalProgress
{
    /// <summary>The site is being asked. Stored before it is.</summary>
    Asked,

    /// <summary>The site has the request; its administrators have not decided.</summary>
    Requested,

    /// <summary>It was given.</summary>
    Given,

    /// <summary>It was taken back, or has expired: the site is asked again.</summary>
    Lost,
}

/// <summary>What is asked of an application before one of its plans begins.</summary>
public enum SlotProgress
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It is being asked. Stored before it is.</summary>
    Wanted,

    /// <summary>The plan has it.</summary>
    Held,
}

/// <summary>How far one plan is, with all that it has done and still has to give back: stored before anything is done. Compared by reference.</summary>
public sealed record PlanSaga
{
    /// <summary>The plan.</summary>
    public required PlanId Id { get; init; }

    /// <summary>What the plan says to do.</summary>
    public required PlanDecision Decision { get; init; }

    /// <summary>How far it is.</summary>
    public PlanState State { get; init; }

    /// <summary>All that it ever ordered, in the order in which it begins.</summary>
    public ImmutableArray<SagaStep> Steps { get; init; } = [];

    /// <summary>Each site that has to approve, or was asked to, with how far that is.</summary>
    public ImmutableSortedDictionary<SiteId, ApprovalProgress> Approvals { get; init; } =
        ImmutableSortedDictionary<SiteId, ApprovalProgress>.Empty;

    /// <summary>Whether some site did not approve at once, so that nobody waits for the answer to the start any more.</summary>
    public bool HasWaited { get; init; }

    /// <summary>Whether the application keeps everything else off.</summary>
    public SlotProgress Slot { get; init; }

    /// <summary>Whether what the plan relies on was found to hold.</summary>
    public bool IsChecked { get; init; }

    /// <summary>The sites that may keep places of VMs that have not started: true where they have said so.</summary>
    public ImmutableSortedDictionary<SiteId, bool> Places { get; init; } = ImmutableSortedDictionary<SiteId, bool>.Empty;

    /// <summary>Who started it; null: nobody yet.</summary>
    public string? StartedBy { get; init; }

    /// <summary>Until when it waits for approvals; null: it was not started.</summary>
    public DateTimeOffset? WaitsUntil { get; init; }

    /// <summary>Who cancelled it; null: nobody.</summary>
    public string? CancelledBy { get; init; }

    /// <summary>Why it ended other than applied, or why it did not begin yet; null otherwise.</summary>
    public Refusal? Reason { get; init; }

    /// <summary>What went wrong half-way and is not settled yet; null: nothing.</summary>
    public Refusal? Trouble { get; init; }

    /// <summary>Every comparison that was made half-way, in order.</summary>
    public ImmutableArray<HalfWayChoice> Choices { get; init; } = [];

    /// <summary>Whether what was done is being taken back.</summary>
    public bool GoesBack { get; init; }

    /// <summary>Whether the application's placement knows how the plan ended.</summary>
    public bool IsTold { get; init; }

    /// <summary>Whether it has ended and has given everything back: nothing more will happen.</summary>
    [JsonIgnore]
    public bool IsClosed => State.IsEnd() && PlanSagas.Due(this).IsEmpty;

    /// <summary>The sites whose approval is missing, while it waits for any.</summary>
    [JsonIgnore]
    public ImmutableArray<SiteId> Missing => State == PlanState.Waiting
        ? [.. Approvals.Where(approval => approval.Value != ApprovalProgress.Given).Select(approval => approval.Key)]
        : [];

    /// <summary>The VMs that have moved, there or there and back.</summary>
    [JsonIgnore]
    public ImmutableArray<VmId> Moved =>
        [.. Steps.Where(step => step is { Kind: StepKind.Move, State: StepState.Done }).Select(step => step.Vm).Distinct()];

    /// <summary>The saga of a plan that was just made.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="nowhere">The VMs that are nowhere yet.</param>
    public static PlanSaga Of(PlanId id, Plan plan, IReadOnlySet<VmId> nowhere)
    {
        var moves = plan.Steps.Select((step, index) => new SagaStep(
            index + 1, StepKind.Move, step.Vm, step.From, step.To, step.StartSeconds, step.EndSeconds, step.Estimate.DowntimeSeconds)
        {
            Bytes = step.Estimate.Bytes,
            Terms = step.Terms,
        }).ToList();
        var end = moves.Count == 0 ? 0 : moves.Max(move => move.EndSeconds);
        var starts = plan.Placement.Where(vm => nowhere.Contains(vm.Vm)).Select((vm, index) => new SagaStep(
            moves.Count + index + 1, StepKind.Start, vm.Vm, null, vm.Location, end, end));
        return new() { Id = id, Decision = plan.Decision, Steps = [.. moves, .. starts] };
    }
}
