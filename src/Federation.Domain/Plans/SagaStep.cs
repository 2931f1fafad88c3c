using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Plans;

/// <summary>What a step of a saga does to its VM.</summary>
public enum StepKind
{
    /// <summary>It is migrated, live or cold.</summary>
    Move,

    /// <summary>It is started: it is nowhere yet.</summary>
    Start,

    /// <summary>It is stopped: the start is taken back.</summary>
    Stop,
}

/// <summary>How far a step is.</summary>
public enum StepState
{
    /// <summary>It was not begun.</summary>
    Pending,

    /// <summary>It was begun; its end is not known. Stored before anything is done.</summary>
    Running,

    /// <summary>It was done.</summary>
    Done,

    /// <summary>It was not done: the VM is as it was before.</summary>
    Failed,

    /// <summary>It is not wanted any more, and was never begun.</summary>
    Dropped,
}

/// <summary>One thing that a plan does to one VM.</summary>
/// <param name="Number">Counts all steps that the plan ever ordered, from 1.</param>
/// <param name="Kind">What is done.</param>
/// <param name="Vm">The VM.</param>
/// <param name="From">Where it runs before; null: nowhere.</param>
/// <param name="To">Where it runs after; null: nowhere.</param>
/// <param name="StartSeconds">When it begins by the plan, in seconds after the first step.</param>
/// <param name="EndSeconds">When it ends by the plan.</param>
/// <param name="DowntimeSeconds">How long the VM is expected to stand still.</param>
public sealed record SagaStep(
    int Number, StepKind Kind, VmId Vm, Location? From, Location? To, double StartSeconds, double EndSeconds, double DowntimeSeconds = 0)
{
    /// <summary>How many bytes a move is expected to send; 0: none, or of a plan that an earlier version made.</summary>
    public double Bytes { get; init; }

    /// <summary>How a hypervisor is to do a move; null: none, or of a plan that an earlier version made.</summary>
    public TransferTerms? Terms { get; init; }

    /// <summary>How far it is.</summary>
    public StepState State { get; init; }

    /// <summary>Why it was not done, or what is not known of it; null otherwise.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>Whether it takes an earlier step of the same plan back.</summary>
    public bool IsBack { get; init; }

    /// <summary>The step that it takes back or repeats; null: none.</summary>
    public int? Of { get; init; }

    /// <summary>Whether it will not change any more.</summary>
    public bool HasEnded => State >= StepState.Done;

    /// <summary>Whether it waits until another one, that stands before it, has ended.</summary>
    public bool Follows(SagaStep earlier) =>
        earlier.Vm == Vm || earlier.EndSeconds <= StartSeconds || (Kind != StepKind.Move && earlier.Kind == StepKind.Move);
}
